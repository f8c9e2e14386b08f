/** Opening any file we read, and arranging its scan as asked. */

import { deriveScan, deriveSeries, withCalibration } from "../scan/derive.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { binPatterns } from "../scan/binning.ts";
import { type DetectorOrientation, orientDetector } from "../scan/detector_orientation.ts";
import { BadParameter, CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import { formatRegion, type Region, selectRegion } from "../scan/region.ts";
import { InputFiles } from "../scan/input_files.ts";
import { isSeries, type Scan, type ScanSource, type Series } from "../scan/scan.ts";
import { followPath, type ScanPath } from "../scan/scan_path.ts";
import { orClose } from "../scan/byte_source.ts";
import { lookAt } from "./file_context.ts";
import type { Admit } from "./folder.ts";
import type { OpenOptions } from "./format.ts";
import { endingsOfFormats, formatOf, formats } from "./known_formats.ts";
import { noScanFolder } from "./no_scan_folder.ts";
import { otherFile } from "./other_files.ts";
import { sayAnnounced } from "./partial_rows.ts";
import { rawFormat, refuseLayout } from "./raw.ts";
import { rawParameter, recordedLayout } from "./raw_layout.ts";
import { checkSkip, leaveOutFrames } from "./skipped_frames.ts";

/** What is read of a file, and how it is understood. */
export interface OpenScanOptions extends OpenOptions, ScanPath, DetectorOrientation {
  /** Which frame of a series, 0-based. */
  readonly frame?: number;
  /** Probe positions to read; default: all. */
  readonly region?: Region;
  /** Detector pixels, per side, that are summed into one; default 1. */
  readonly qBin?: number;
  /** Distance of probe positions along rows and columns of the scan as it is read, in place of the file's. */
  readonly pixelSize?: PixelSize;
  /** Size of a detector pixel as it is read, but before binning, in place of the file's. */
  readonly qPixelSize?: PixelSize;
  /** Angle in degrees from the rows of the detector to those of the scan, kept as calibration; data are not turned. */
  readonly scanRotation?: number;
}

/**
 * Opens a file, of whatever format.
 *
 * @param admit asked before files beside or in it are opened; default: all are allowed
 * @throws {FileUnavailable} when it is missing, unreadable, or a folder of no format we read
 * @throws {UnsupportedFormat} when it is of no format we read, or holds no scan
 * @throws {CorruptFile} when it is empty, truncated or damaged
 * @throws {ShapeUnknown} when it does not say how its patterns form a scan and `options.scanShape` is not given
 * @throws {BadParameter} when an option does not fit the file
 *
 * @example
 * ```ts
 * import { encodeNpy, isSeries, openFile } from "crystallite";
 *
 * const path = await Deno.makeTempFile({ suffix: ".npy" });
 * await Deno.writeFile(path, encodeNpy("u16", [2, 3, 4, 8, 8], new Uint16Array(1536)));
 * const opened = await openFile(path);
 * console.assert(isSeries(opened) && opened.frames === 2);
 * opened.close();
 * ```
 */
export async function openFile(
  path: string,
  options: OpenOptions = {},
  admit?: Admit,
): Promise<Scan | Series> {
  checkSkip(path, options);
  const inputs = new InputFiles();
  inputs.note(path);
  const file = lookAt(path, noting(inputs, admit));
  if (!file.inside && file.size === 0) throw emptyFile(path);
  const format = formatOf(file);
  if (format) refuseLayout(path, format, options);
  else if (!rawParameter(options)) {
    if (file.inside) throw noScanFolder(file);
    throw otherFile(file, endingsOfFormats()) ??
      new UnsupportedFormat(`${path} is of no format that we read`, {
        file: path,
        expected: formats.map((format) => format.name).join(", "),
        found: `a file that begins with ${describeBytes(file.head.subarray(0, 8))}`,
        remedy: "convert it to one of these formats, or if it holds raw numbers, give `dtype` and `shape`",
      });
  }
  const opened = await (format ?? rawFormat).open(file, options);
  return await orClose(opened, () => watched(sayAnnounced(leaveOutFrames(opened, options)), inputs));
}

/** Remembers what each file was when it was looked at first. */
function noting(inputs: InputFiles, admit: Admit | undefined): Admit {
  return Object.assign((path: string) => admit?.(path), {
    note: (path: string, info?: Deno.FileInfo) => inputs.note(path, info),
    served: admit?.served,
  });
}

/** What was opened, and whether its files stay what they were. */
function watched(opened: Scan | Series, inputs: InputFiles): Scan | Series {
  const requireUnchanged = () => inputs.requireUnchanged();
  const watchedScan = (scan: Scan) => deriveScan(scan, { requireUnchanged });
  return isSeries(opened) ? deriveSeries(opened, watchedScan, { requireUnchanged }) : watchedScan(opened);
}

function emptyFile(path: string): CorruptFile {
  return new CorruptFile(`${path} is empty`, {
    file: path,
    expected: "a scan",
    found: "0 bytes",
    remedy: "copy or export the file again",
  });
}

function describeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/**
 * Opens one scan: a 4D file, or one frame of a series, arranged, cut and binned as asked. What the options say applies in
 * this order: first the patterns as they were recorded (`skipFrames`, `scanShape`, `flyback`, `scanOrder`,
 * `swapScanAxes`), then the pixels of each (`detectorFlip`, `detectorTranspose`), then what is read of the result
 * (`region`, `qBin`).
 *
 * @throws {BadParameter} when the file is a series and no frame is given, or an option does not fit the scan
 * @throws whatever {@link openFile} throws; `admit` is the same
 *
 * @example
 * ```ts
 * import { encodeNpy, openScan } from "crystallite";
 *
 * const path = await Deno.makeTempFile({ suffix: ".npy" });
 * await Deno.writeFile(path, encodeNpy("u16", [3, 4, 8, 8], new Uint16Array(768)));
 * const scan = await openScan(path, { qBin: 2, pixelSize: { row: 2, column: 2, unit: "nm" } });
 * console.assert(scan.shape.rows === 3 && scan.shape.patternRows === 4);
 * scan.close();
 * ```
 */
export async function openScan(
  path: string,
  options: OpenScanOptions = {},
  admit?: Admit,
): Promise<Scan> {
  const opened = await openFile(path, options, admit);
  return await orClose(opened, () => arrangeScan(selectFrame(opened, options.frame), options));
}

/**
 * Opens one scan as {@link openScan} does; without a frame, a series as a series whose scans are all arranged, cut and
 * binned as asked.
 *
 * @throws as {@link openScan}
 */
export async function openScans(
  path: string,
  options: OpenScanOptions = {},
  admit?: Admit,
): Promise<Scan | Series> {
  const opened = await openFile(path, options, admit);
  return await orClose(opened, (): Scan | Series => {
    if (!isSeries(opened) || options.frame !== undefined) {
      return arrangeScan(selectFrame(opened, options.frame), options);
    }
    const arrange = (scan: Scan) => arrangeScan(scan, options);
    const { shape, dtype, calibration, source, warnings } = arrange(opened.frame(0));
    return deriveSeries(opened, arrange, { shape, dtype, calibration, source, warnings });
  });
}

/** A scan of a file, arranged, cut and binned as asked. */
function arrangeScan(recorded: Scan, options: OpenScanOptions): Scan {
  const { region, qBin = 1 } = options;
  let scan = orientDetector(followPath(recorded, options), options);
  scan = withCalibration(scan, options);
  if (region) scan = selectRegion(scan, region);
  scan = binPatterns(scan, qBin);
  const selection = selectionOf(options);
  return selection ? deriveScan(scan, { source: { ...scan.source, selection } }) : scan;
}

/**
 * What the options select, as results record it: numbers, words and switches as they are, shapes as `RxC`, regions as
 * `Y0:Y1,X0:X1`, and how raw numbers lie; nothing of what leaves the file as it is. All but switches are words of the
 * command line, by which results open their scan again.
 */
function selectionOf(options: OpenScanOptions): ScanSource["selection"] {
  const { scanShape, skipFrames, partial, frame, flyback, scanOrder, swapScanAxes } = options;
  const { detectorFlip, detectorTranspose, scanRotation, region, qBin, followLinks } = options;
  const chosen = {
    ...(followLinks && { followLinks }),
    ...recordedLayout(options),
    ...(scanShape && { scanShape: `${scanShape.rows}x${scanShape.columns}` }),
    ...(skipFrames && { skipFrames }),
    ...(partial && { partial }),
    ...(frame !== undefined && { frame }),
    ...(flyback && { flyback }),
    ...(scanOrder === "snake" && { scanOrder }),
    ...(swapScanAxes && { swapScanAxes }),
    ...(detectorFlip && { detectorFlip }),
    ...(detectorTranspose && { detectorTranspose }),
    ...(scanRotation !== undefined && { scanRotation }),
    ...(region && { region: formatRegion(region) }),
    ...(qBin !== undefined && qBin !== 1 && { qBin }),
  };
  return Object.keys(chosen).length > 0 ? chosen : undefined;
}

function selectFrame(opened: Scan | Series, frame: number | undefined): Scan {
  const file = opened.source.path;
  if (isSeries(opened)) {
    if (frame === undefined) {
      throw new BadParameter(`${file} is a series of ${opened.frames} scans`, {
        file,
        expected: "one frame",
        found: `${opened.frames} frames`,
        parameter: "frame",
        remedy: "choose a frame, such as `frame: 0` for the first, or cluster all of them as a series",
      });
    }
    return deriveScan(opened.frame(frame), { close: () => opened.close() });
  }
  if (frame !== undefined && frame !== 0) {
    throw new BadParameter(`${file} is a single scan and has no frame ${frame}`, {
      file,
      expected: "frame 0",
      found: String(frame),
      parameter: "frame",
      remedy: "leave out `frame`",
    });
  }
  return opened;
}
