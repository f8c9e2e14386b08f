/** Opening any file we read: the format is found by its content. */

import { deriveScan, withPixelSizes } from "../scan/derive.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { binPatterns } from "../scan/binning.ts";
import { BadParameter, CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import { formatRegion, type Region, selectRegion } from "../scan/region.ts";
import { isSeries, type Scan, type ScanSource, type Series } from "../scan/scan.ts";
import { FileSource, orClose, readBytes } from "../scan/byte_source.ts";
import type { Format, OpenOptions } from "./format.ts";
import { hdf5Format } from "./hdf5/format.ts";
import { npyFormat } from "./npy.ts";
import { npzFormat } from "./npz.ts";

/** Every format we read. A new one is added here and nowhere else. */
export const formats: readonly Format[] = [npyFormat, npzFormat, hdf5Format];

/** How many bytes a format sees to recognise a file. */
const headLength = 4096;

/** What is read of a file, and how it is understood. */
export interface OpenScanOptions extends OpenOptions {
  /** Which frame of a series, 0-based. */
  readonly frame?: number;
  /** Probe positions to read; default: all. */
  readonly region?: Region;
  /** Detector pixels, per side, that are summed into one; default 1. */
  readonly qBin?: number;
  /** Distance of probe positions, in place of the file's. */
  readonly pixelSize?: PixelSize;
  /** Size of a detector pixel before binning, in place of the file's. */
  readonly qPixelSize?: PixelSize;
}

/**
 * Opens a file, of whatever format.
 *
 * @throws {FileUnavailable} when it is missing, unreadable or a folder
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
export async function openFile(path: string, options: OpenOptions = {}): Promise<Scan | Series> {
  const head = readHead(path);
  const format = formats.find((format) => format.recognises(head, path));
  if (!format) {
    throw new UnsupportedFormat(`${path} is of no format that we read`, {
      file: path,
      expected: formats.map((format) => format.name).join(", "),
      found: `a file that begins with ${describeBytes(head.subarray(0, 8))}`,
      remedy: `convert it to one of: ${formats.map((format) => format.name).join(", ")}`,
    });
  }
  return await format.open(path, options);
}

function readHead(path: string): Uint8Array {
  const file = FileSource.open(path);
  try {
    if (file.size === 0) {
      throw new CorruptFile(`${path} is empty`, {
        file: path,
        expected: "a scan",
        found: "0 bytes",
        remedy: "copy or export the file again",
      });
    }
    return readBytes(file, 0, Math.min(headLength, file.size));
  } finally {
    file.close();
  }
}

function describeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/**
 * Opens one scan: a 4D file, or one frame of a series, cut and binned as asked. Pixel sizes given here are of the
 * detector before binning.
 *
 * @throws {BadParameter} when the file is a series and no frame is given, or an option does not fit the scan
 * @throws whatever {@link openFile} throws
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
export async function openScan(path: string, options: OpenScanOptions = {}): Promise<Scan> {
  const { frame, region, qBin = 1, pixelSize, qPixelSize } = options;
  const opened = await openFile(path, options);
  return await orClose(opened, () => {
    let scan = selectFrame(opened, frame);
    scan = withPixelSizes(scan, pixelSize, qPixelSize);
    if (region) scan = selectRegion(scan, region);
    scan = binPatterns(scan, qBin);
    const selection = selectionOf(options);
    return selection ? deriveScan(scan, { source: { ...scan.source, selection } }) : scan;
  });
}

/** What the options select, as results record it: scan shape `RxC`, frame, region `Y0:Y1,X0:X1`, binning. */
function selectionOf({ scanShape, frame, region, qBin }: OpenScanOptions): ScanSource["selection"] {
  const chosen = {
    ...(scanShape && { scanShape: `${scanShape.rows}x${scanShape.columns}` }),
    ...(frame !== undefined && { frame }),
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
        remedy: "choose a frame, such as `frame: 0` for the first",
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
