/** What Direct Electron's software writes beside a movie: `…_info.txt`, lines of `key = value`. */

import type { Calibration, PixelSize } from "../../scan/calibration.ts";
import type { FileContext } from "../file_context.ts";
import type { FrameRecords } from "../frames/records.ts";
import { positive } from "../axis_steps.ts";

/** How a movie was recorded. */
export interface MovieInfo {
  /** Name of the info file. */
  readonly name: string;
  /** Rows and columns of the image, where it says them. */
  readonly image?: { readonly rows: number; readonly columns: number };
  /** Absent when the beam was not scanned. */
  readonly scan?: MovieScan;
  readonly calibration: Calibration;
  readonly notes: FrameRecords["notes"];
}

/** How the beam was scanned. */
export interface MovieScan {
  readonly rows: number;
  readonly columns: number;
  /** How often the scan was repeated. */
  readonly repeats: number;
  /** Frames that were taken one after the other at each position. */
  readonly framesAtPosition: number;
  /** Whether positions were visited row by row; else a file of coordinates says where the beam was. */
  readonly raster: boolean;
  /** The order of positions, as the software calls it. */
  readonly type: string;
}

/** Longer names are none that we look for. */
const longestKey = 200;

const movieEnding = /_movie\.mrc$/i;

/** Reads the info file of a movie; `undefined` for files that are none or have none. */
export function readMovieInfo(file: FileContext): MovieInfo | undefined {
  const found = besideMovie(file, "info.txt");
  const text = found && file.beside.text(found);
  if (!found || text === undefined) return undefined;
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf("="), key = line.slice(0, Math.max(0, at)).trimEnd();
    if (key !== "" && key.length <= longestKey) values.set(key, line.slice(at + 1).trim());
  }
  const scan = scanOf(values), framesPerSecond = positiveAt(values, "Frames Per Second");
  const dwellTime = positiveAt(values, "Scan - Dwell Time (microseconds)");
  const rotation = Number(values.get("Scan - Rotation")) || undefined;
  const rows = size(values, "Image Size Y (pixels)"), columns = size(values, "Image Size X (pixels)");
  return {
    name: found,
    ...(rows && columns && { image: { rows, columns } }),
    scan,
    calibration: calibrationOf(values, scan !== undefined),
    notes: {
      description: found,
      ...(framesPerSecond && { framesPerSecond }),
      ...(scan && dwellTime && { dwellTimeSeconds: dwellTime / 1e6 }),
      ...(scan && rotation && { scanRotationAsStored: rotation }),
    },
  };
}

/**
 * The name of a file that belongs to a movie: `DATE_NUMBER_ending` beside `DATE_NUMBER_movie.mrc`, or beside
 * `DATE_NUMBER_SUFFIX_movie.mrc`, where the longest name goes first.
 */
export function besideMovie({ name, beside }: FileContext, ending: string): string | undefined {
  if (!movieEnding.test(name)) return undefined;
  const parts = name.replace(movieEnding, "").split("_");
  for (let kept = parts.length; kept >= Math.min(2, parts.length); kept--) {
    const candidate = `${parts.slice(0, kept).join("_")}_${ending}`;
    if (beside.file(candidate) !== undefined) return candidate;
  }
  return undefined;
}

function scanOf(values: ReadonlyMap<string, string>): MovieScan | undefined {
  if (values.get("Scan - Enable") !== "Enable") return undefined;
  const region = values.get("Scan - ROI Enable") === "Enable";
  const part = region ? "ROI Size" : "Size";
  const rows = size(values, `Scan - ${part} Y`), columns = size(values, `Scan - ${part} X`);
  if (rows === undefined || columns === undefined) return undefined;
  const types = ["Scan - Type", ...(region ? ["Scan - ROI Type"] : [])].map((key) => values.get(key));
  const other = types.find((type) => type !== undefined && type !== "Raster");
  return {
    rows,
    columns,
    repeats: size(values, "Scan - Repeats") ?? 1,
    framesAtPosition: size(values, "Scan - Camera Frames Per Point") ?? 1,
    raster: other === undefined,
    type: other ?? "Raster",
  };
}

/** What is unknown is written as -1. The specimen's pixel is the step of the beam only when it was scanned. */
function calibrationOf(values: ReadonlyMap<string, string>, scanned: boolean): Calibration {
  const pair = (key: (axis: string) => string, unit: string): PixelSize | undefined => {
    const row = positiveAt(values, key("Y")), column = positiveAt(values, key("X"));
    return row && column ? { row, column, unit } : undefined;
  };
  const pixelSize = scanned ? pair((axis) => `Specimen Pixel Size ${axis} (nanometers)`, "nm") : undefined;
  const qPixelSize = pair((axis) => `Diffraction Pixel Size ${axis}`, "nm^-1");
  const volts = positiveAt(values, "Instrument Accelerating Voltage (V)");
  const centimetres = positiveAt(values, "Instrument Project Camera Length (centimeters)");
  return {
    ...(pixelSize && { pixelSize }),
    ...(qPixelSize && { qPixelSize }),
    ...(volts && { beamEnergy: volts / 1000 }),
    ...(centimetres && { cameraLength: centimetres / 100 }),
  };
}

function positiveAt(values: ReadonlyMap<string, string>, key: string): number | undefined {
  return positive(Number(values.get(key)));
}

function size(values: ReadonlyMap<string, string>, key: string): number | undefined {
  const value = positiveAt(values, key);
  return Number.isSafeInteger(value) ? value : undefined;
}
