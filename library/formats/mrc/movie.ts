/** How the frames of a Direct Electron movie form a scan, by what was written beside it. */

import { FileUnavailable } from "../../scan/errors.ts";
import type { FileContext } from "../file_context.ts";
import type { OpenOptions } from "../format.ts";
import { isFilled, refuseManyMissing } from "../frames/missing_records.ts";
import type { FrameRecords } from "../frames/records.ts";
import { besideMovie, type MovieInfo, type MovieScan } from "./direct_electron.ts";
import type { MrcHeader } from "./header.ts";
import { largestCoordinates, placeFrames } from "./scan_coordinates.ts";

const coordinatesEnding = "scan_coordinates.csv";

/** What is to be said of the frames' order. */
export type MovieArrangement = Pick<FrameRecords, "scan" | "order"> & {
  readonly warnings: readonly string[];
};

/**
 * Arranges the frames of a movie.
 *
 * @param count number of frames that are there and are read
 * @throws {FileUnavailable} when the coordinates are missing and the user says no shape
 * @throws whatever {@link placeFrames} throws
 */
export function arrangeMovie(
  file: FileContext,
  info: MovieInfo,
  header: MrcHeader,
  count: number,
  options: OpenOptions,
): MovieArrangement {
  const warnings = otherImage(info, header), { scan } = info;
  if (!scan) return { warnings };
  const { rows, columns } = scan, frames = scan.repeats * scan.framesAtPosition;
  const several = frames > 1 ? { frames } : {};
  if (scan.raster) {
    const shape = { ...several, rows, columns }, planned = header.frames;
    const arranged = count === planned || isFilled({ found: count, planned, scan: shape }, options);
    return {
      scan: shape,
      order: arranged ? orderOfRepeats(file.path, scan, count, planned) : undefined,
      warnings,
    };
  }
  const name = besideMovie(file, coordinatesEnding);
  if (name === undefined) {
    if (!options.scanShape) throw noCoordinates(file.path, scan.type);
    return { warnings: [...warnings, `${missingCoordinates(scan.type)}; they were read row by row as told`] };
  }
  const text = file.beside.text(name, largestCoordinates(header.frames))!;
  const placed = placeFrames(name, text, scan, count, header.frames, file.size);
  const { empty, order } = placed;
  const said = `${empty} of ${order.length} probe positions were not recorded; their patterns are zero`;
  return {
    scan: { ...(placed.frames && { frames: placed.frames }), rows, columns },
    order,
    warnings: empty > 0 ? [...warnings, said] : warnings,
  };
}

/** Several frames at each position lie next to each other, and make as many scans; frames from `count` on are missing. */
function orderOfRepeats(
  path: string,
  { rows, columns, repeats, framesAtPosition }: MovieScan,
  count: number,
  planned: number,
): Int32Array | undefined {
  const probes = rows * columns;
  // Where the numbers do not fit, it is for the format to say so.
  if (framesAtPosition === 1 || repeats * framesAtPosition * probes !== planned) return undefined;
  refuseManyMissing(path, count, planned);
  return Int32Array.from({ length: planned }, (_, index) => {
    const frame = Math.floor(index / probes), repeat = Math.floor(frame / framesAtPosition);
    const record = (repeat * probes + index % probes) * framesAtPosition + frame % framesAtPosition;
    return record < count ? record : -1;
  });
}

function otherImage({ name, image }: MovieInfo, { rows, columns }: MrcHeader): string[] {
  if (!image || (image.rows === rows && image.columns === columns)) return [];
  return [
    `${name} says images of ${image.rows} x ${image.columns}, but the frames of the movie are ${rows} x ${columns}`,
  ];
}

function missingCoordinates(type: string): string {
  return `the frames were recorded in another order (${type}), and the file that ends in _${coordinatesEnding} is missing`;
}

function noCoordinates(path: string, type: string): FileUnavailable {
  return new FileUnavailable(`${path}: ${missingCoordinates(type)}`, {
    file: path,
    expected: `a file that ends in _${coordinatesEnding}, beside the movie`,
    found: "no such file",
    remedy: "put it beside the movie, or give `scanShape` to read the frames row by row",
  });
}
