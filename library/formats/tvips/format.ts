/** TVIPS recordings `.tvips`: frames with headers, in one file or several, maybe with the position of the scan in each. */

import { endsEarly, FileSource, readBytes } from "../../scan/byte_source.ts";
import type { Calibration } from "../../scan/calibration.ts";
import { electronWavelength } from "../../scan/electron.ts";
import { numberBytes } from "../../scan/stored_number.ts";
import { FileUnavailable } from "../../scan/errors.ts";
import type { FileContext } from "../file_context.ts";
import type { Format, OpenOptions } from "../format.ts";
import { recordFormat } from "../frames/record_format.ts";
import type { FrameRecords } from "../frames/records.ts";
import { isContinuation, locateFrames, type TvipsFile, tvipsFileNames } from "./files.ts";
import { hasTvipsHeader, readTvipsHeader, type TvipsHeader } from "./header.ts";
import { indexedHeaderBytes, positionsOf, readRotationIndex, type ScanPositions } from "./rotation_index.ts";

/** Recordings of both versions; any of their files stands for all. */
export const tvipsFormat: Format = recordFormat({
  name: "TVIPS .tvips",
  label: "TVIPS",
  endings: ["tvips"],
  recognises: ({ name, head }) => /\.tvips$/i.test(name) && (isContinuation(name) || hasTvipsHeader(head)),
  records(file, options): FrameRecords {
    const paths = pathsOf(file), [path] = paths, header = readTvipsHeader(path, headOf(path));
    const { frameHeaderBytes, rows, columns, numbers } = header;
    const recordBytes = frameHeaderBytes + rows * columns * numberBytes(numbers);
    const { files, warnings } = locateFrames(paths, header.bytes, recordBytes);
    if (files.length === 0) throw endsEarly(path, header.bytes, recordBytes, 0);
    const scan = arrange(positionsIn(files, header, recordBytes), options);
    const mode = modeOf(files[0], frameHeaderBytes), calibrated = calibrate(header, mode);
    return {
      files: files.map(({ path, start }) => ({ path, start })),
      header: frameHeaderBytes,
      rows,
      columns,
      numbers,
      ...scan,
      ...calibrated,
      notes: notesOf(header, mode, paths.length),
      warnings: [...warnings, ...scan.warnings, ...calibrated.warnings],
    };
  },
});

function pathsOf(file: FileContext): readonly string[] {
  return tvipsFileNames(file).map((name) => {
    const path = name === file.name ? file.path : file.beside.file(name);
    if (path !== undefined) return path;
    throw new FileUnavailable(`${name}, a part of the recording that ${file.path} belongs to, is no file`, {
      file: file.path,
      expected: name,
      found: "something else of that name",
      remedy: "put all files of the recording into one folder",
    });
  });
}

function headOf(path: string): Uint8Array {
  const file = FileSource.open(path);
  try {
    return readBytes(file, 0, Math.min(256, file.size));
  } finally {
    file.close();
  }
}

function positionsIn(
  files: readonly TvipsFile[],
  { version, frameHeaderBytes }: TvipsHeader,
  recordBytes: number,
): ScanPositions | undefined {
  if (version === 1 || frameHeaderBytes < indexedHeaderBytes) return undefined;
  const indices = readRotationIndex(files, recordBytes);
  return indices && positionsOf(indices);
}

/**
 * The user's scan shape takes the frames that the rotation index counts if there are as many, else all frames. Without
 * one, the positions that the index counts are taken for a square where they fill one.
 */
function arrange(
  positions: ScanPositions | undefined,
  { scanShape }: OpenOptions,
): Pick<FrameRecords, "order" | "scan" | "scanHint"> & { readonly warnings: readonly string[] } {
  if (!positions) return { warnings: [] };
  const { order, repeated, doubtful } = positions, counted = order.length, side = Math.sqrt(counted);
  const scanHint = `its rotation index counts ${counted} positions`;
  const warnings = repeated > 0
    ? [`${repeated} positions have no frame of their own and repeat that of the one before`]
    : [];
  if (scanShape) {
    return scanShape.rows * scanShape.columns === counted ? { order, warnings } : { warnings: [] };
  }
  if (doubtful) return { scanHint, warnings: [] };
  if (!Number.isInteger(side)) return { order, scanHint, warnings };
  const square =
    `${scanHint}, which were taken for a square scan, ${side}x${side}; if that is wrong, give --scan-shape`;
  return { order, scan: { rows: side, columns: side }, warnings: [square, ...warnings] };
}

/** How the microscope was set. */
type Mode = "image" | "diffraction";

/** What the first frame says. */
function modeOf({ path, start }: TvipsFile, frameHeaderBytes: number): Mode | undefined {
  if (frameHeaderBytes < 28) return undefined;
  const file = FileSource.open(path);
  try {
    const mode = new DataView(readBytes(file, start + 24, 4).buffer).getUint32(0, true);
    return mode === 1 ? "image" : mode === 2 ? "diffraction" : undefined;
  } finally {
    file.close();
  }
}

/** Larger angles of a pixel, in mrad, are met on no detector. */
const largestAngle = 100;

/** A size in nm of the camera's pixels, which some recordings have in place of 1/nm, gives an angle that cannot be. */
function calibrate(
  { pixelSize, beamEnergy }: TvipsHeader,
  mode: Mode | undefined,
): { readonly calibration: Calibration; readonly warnings: readonly string[] } {
  const beam = beamEnergy > 0 ? { beamEnergy } : {};
  if (mode !== "diffraction" || pixelSize === 0) return { calibration: beam, warnings: [] };
  if (beamEnergy > 0 && pixelSize * electronWavelength(beamEnergy) / 10 * 1000 > largestAngle) {
    return {
      calibration: beam,
      warnings: [
        `its pixel size ${pixelSize} is no reciprocal size in nm^-1 and was left out`,
      ],
    };
  }
  return {
    calibration: { qPixelSize: { row: pixelSize, column: pixelSize, unit: "nm^-1" }, ...beam },
    warnings: [],
  };
}

/** The file does not state the units of what is called as written. */
function notesOf(
  { version, pixelSize, magnification, rowBinning, columnBinning }: TvipsHeader,
  mode: Mode | undefined,
  files: number,
): FrameRecords["notes"] {
  return {
    version,
    ...(mode && { mode }),
    ...(files > 1 && { files }),
    binning: `${rowBinning} x ${columnBinning}`,
    ...(pixelSize > 0 && { pixelSizeAsWritten: pixelSize }),
    ...(magnification > 0 && {
      [mode === "diffraction" ? "cameraLengthAsWritten" : "magnification"]: magnification,
    }),
  };
}
