/** TIFF and BigTIFF stacks: each page is a pattern, in the order of acquisition. */

import { FileSource, orClose, throughWindow } from "../../scan/byte_source.ts";
import { ShapeUnknown } from "../../scan/errors.ts";
import { type FrameLayout, plainFrame } from "../../scan/frames.ts";
import { numberBytes } from "../../scan/stored_number.ts";
import { arrangePatterns } from "../../scan/pattern_reader.ts";
import type { FramePatterns } from "../../scan/stored.ts";
import { arrangeAxes, type AxesArrangement } from "../axes.ts";
import type { Format, OpenOptions } from "../format.ts";
import { partsForThreads } from "../frames/record_format.ts";
import { RecordReader } from "../frames/record_reader.ts";
import { refuseDataset } from "../refuse_dataset.ts";
import { calibrationOf, parseDescription, type StackDescription } from "./description.ts";
import { hasTiffMagic, type TiffDirectory, TiffFile } from "./directories.ts";
import { readPage, type TiffPage } from "./pages.ts";

const descriptionTag = 270, columnResolutionTag = 282, rowResolutionTag = 283;

/** TIFF: uncompressed, whole numbers or floats; the scan shape from tifffile's description, or from the user. */
export const tiffFormat: Format = {
  name: "TIFF stack",
  endings: ["tif", "tiff", "btf"],
  recognises: ({ head }) => hasTiffMagic(head),
  async open({ path }, options) {
    refuseDataset(path, options);
    const source = FileSource.open(path);
    const stack = await orClose(source, () => readStack(new TiffFile(throughWindow(source))));
    source.close();
    const { layout, offsets, description, calibration } = stack;
    const parts = partsOf(path, layout, offsets);
    const arrangement = arrangeStack(path, stack, options);
    const reader = new RecordReader(parts);
    return await orClose(reader, () =>
      arrangePatterns({
        ...arrangement,
        numbers: layout.numbers,
        calibration,
        source: { format: "TIFF", path, bytes: source.size },
        stored: partsForThreads(parts),
        warnings: [
          ...arrangement.warnings,
          ...(description.pages === undefined ? [] : [
            `${path} describes one page; its ${description.pages} pages were taken to follow each other, as it says`,
          ]),
        ],
      }, reader));
  },
};

/** A TIFF file as a stack of equal frames. */
interface Stack {
  readonly layout: FrameLayout;
  /** Byte at which each frame begins. */
  readonly offsets: readonly number[];
  readonly description: StackDescription;
  readonly calibration: ReturnType<typeof calibrationOf>;
}

/** The pages of a file, which must be alike. */
function readStack(file: TiffFile): Stack {
  const offsets: number[] = [];
  let first: TiffPage | undefined, firstDirectory: TiffDirectory | undefined, bytes = 0;
  for (const directory of file.directories()) {
    const page = readPage(file, directory);
    first ??= page;
    firstDirectory ??= directory;
    bytes += page.rows * page.columns * numberBytes(page.numbers);
    if (bytes > file.size) throw file.damaged("pages that lie beside each other", page.offset);
    if (page.rows !== first.rows || page.columns !== first.columns || page.numbers !== first.numbers) {
      throw file.damaged(`pages of ${first.rows} x ${first.columns} ${first.numbers}`, page.offset);
    }
    offsets.push(page.offset);
  }
  if (!first || !firstDirectory) throw file.damaged("a page", 0);
  const said = parseDescription(file.text(firstDirectory, descriptionTag) ?? "");
  // What is said of pages without directories holds only where there is no more than one.
  const description = offsets.length === 1 ? said : { ...said, pages: undefined };
  for (let page = 1; page < (description.pages ?? 1); page++) {
    if (offsets[0] + page * bytes + bytes > file.size) {
      throw file.damaged(`${description.pages} pages behind each other`, offsets[0] + page * bytes);
    }
    offsets.push(offsets[0] + page * bytes);
  }
  const calibration = calibrationOf(
    said.unit,
    file.fraction(firstDirectory, columnResolutionTag),
    file.fraction(firstDirectory, rowResolutionTag),
  );
  return { layout: frameOf(file, first), offsets, description, calibration };
}

/** How the numbers of a page lie. */
export function frameOf(file: TiffFile, { rows, columns, numbers }: TiffPage): FrameLayout {
  return { ...plainFrame(rows, columns, numbers, false), bigEndian: !file.littleEndian };
}

/** Frames at equal distances, as far as they go, are one part. */
function partsOf(path: string, frame: FrameLayout, offsets: readonly number[]): FramePatterns[] {
  const frameBytes = frame.rows * frame.rowBytes, parts: FramePatterns[] = [];
  for (let first = 0; first < offsets.length;) {
    const step = offsets[first + 1] - offsets[first], together = step >= frameBytes;
    let end = first + 1;
    while (together && offsets[end] - offsets[end - 1] === step) end++;
    parts.push({
      kind: "frames",
      path,
      offset: offsets[first],
      recordBytes: together ? step : frameBytes,
      frame,
      patterns: end - first,
    });
    first = end;
  }
  return parts;
}

/** tifffile's description may say the shape of the whole scan. */
function arrangeStack(
  path: string,
  { layout: { rows, columns, numbers }, offsets, description: { lengths } }: Stack,
  options: OpenOptions,
): AxesArrangement {
  const bytes = numberBytes(numbers), place = { file: path };
  const pages = lengths?.slice(0, -2).reduce((product, length) => product * length, 1);
  const fits = pages === offsets.length && lengths!.at(-2) === rows && lengths!.at(-1) === columns;
  if (fits && lengths!.length >= 4) {
    return arrangeAxes(lengths!, bytes, options, place);
  }
  if (offsets.length === 1 && !options.scanShape) {
    throw new ShapeUnknown(`${path} holds one page, which makes no scan`, {
      file: path,
      expected: "a page for each probe position",
      found: "1 page",
      parameter: "scanShape",
      patterns: 1,
      remedy: "name the folder of all its frames, or give `scanShape` 1x1",
    });
  }
  return arrangeAxes([offsets.length, rows, columns], bytes, options, place);
}
