/** What `calibrate` measured and stored with a result. */

import { join } from "node:path";
import { custom, type InferOutput, object, optional, picklist, string } from "valibot";
import { encodeNpy } from "../formats/npy_writer.ts";
import { type OriginMap, originModels } from "../mapping/origin.ts";
import { diskTemplate, type ProbeTemplate } from "../passes/bragg_peaks/probe_template.ts";
import { CorruptFile } from "../scan/errors.ts";
import { demandSchema } from "../scan/schema.ts";
import { runRecordName } from "./directory.ts";
import type { StoredResult } from "./read.ts";
import { refusal } from "./run_schema.ts";
import { readStoredArray, storedShape } from "./stored_array.ts";

/** Files of the calibration; that of strain and orientation has its own name. */
export const calibrationFiles = {
  measured: "measured_origin.npy",
  fitted: "fitted_origin.npy",
  template: "probe_template.npy",
} as const;

/** A number above 0. */
export const positive = custom<number>(
  (value) => typeof value === "number" && value > 0 && Number.isFinite(value),
  "a positive number",
);

/** A finite number from 0 on. */
const amount = custom<number>(
  (value) => typeof value === "number" && value >= 0 && Number.isFinite(value),
  "a number from 0 on",
);

/** How patterns are stretched. */
export const ellipseSchema = object({
  ratio: custom<number>(
    (value) => typeof value === "number" && value >= 1 && value < 10,
    "a ratio from 1 to 10",
  ),
  angle: custom<number>(
    (value) => typeof value === "number" && Number.isFinite(value),
    "an angle in radians",
  ),
});

/** How the direct beam moves, and how certain that is. */
export const originSchema = object({
  model: picklist(originModels),
  residual: amount,
  error: amount,
  used: amount,
  descan: amount,
});

const schema = object({
  /** Name of the crystal whose rings were fitted. */
  crystal: string(),
  /** keV. */
  beamEnergy: positive,
  /** Radius of the disks in detector pixels. */
  diskRadius: positive,
  /** Left out where none is certain. */
  ellipse: optional(ellipseSchema),
  /** Å^-1 per detector pixel. */
  qPixelSize: positive,
  /** Where the template comes from: `disk`, or in words where that of a measured probe was. */
  template: string(),
  /** How the direct beam moves, and how certain that is; see `OriginMap`. */
  origin: originSchema,
});

/** What `run.json` says of the calibration of patterns. */
export type CalibrationRecord = InferOutput<typeof schema>;

/**
 * Reads the calibration of a result; `undefined` where it has none.
 *
 * @throws {CorruptFile} when the record is no calibration
 */
export function readCalibration(run: StoredResult["run"], directory: string): CalibrationRecord | undefined {
  const diffraction: unknown = "diffraction" in run ? run.diffraction : undefined;
  if (diffraction === undefined) return undefined;
  const path = join(directory, runRecordName);
  demandSchema(
    schema,
    diffraction,
    (misfit) => refusal(path, { ...misfit, place: `diffraction.${misfit.place}` }),
  );
  return diffraction;
}

/**
 * The direct beam of each probe as `calibrate` measured and fitted it; `undefined` where the result is not calibrated.
 *
 * @throws {CorruptFile | FileUnavailable} when the record and its files do not belong together
 */
export function readCalibratedOrigin({ run, directory, shape }: StoredResult): OriginMap | undefined {
  const calibration = readCalibration(run, directory);
  if (calibration === undefined) return undefined;
  const sizes = [shape.rows, shape.columns, 2];
  const read = (name: string) => readStoredArray(join(directory, name), "f32", sizes) as Float32Array;
  return {
    ...calibration.origin,
    fitted: read(calibrationFiles.fitted),
    measured: read(calibrationFiles.measured),
  };
}

/** The file of a template: its weights, float64 (side, side). */
export function encodeTemplate({ pixels, side }: ProbeTemplate): Uint8Array {
  return encodeNpy("f64", [side, side], pixels);
}

/**
 * The template of disks of a radius in detector pixels: that of the measured probe where the result has one of this radius, else
 * one that is drawn.
 *
 * @throws {CorruptFile | FileUnavailable} when the record and its file do not belong together
 */
export function readTemplate({ run, directory }: StoredResult, radius: number): ProbeTemplate {
  const calibration = readCalibration(run, directory);
  if (calibration === undefined || calibration.template === "disk" || calibration.diskRadius !== radius) {
    return diskTemplate(radius, Math.min(1, radius));
  }
  const path = join(directory, calibrationFiles.template), [side, other] = storedShape(path);
  if (side % 2 !== 1 || side !== other) {
    throw new CorruptFile(`${path} is no template`, {
      file: path,
      expected: "as many rows as columns, an odd number",
      found: `${side} x ${other}`,
      remedy: "calibrate again",
    });
  }
  return { side, radius, pixels: readStoredArray(path, "f64", [side, side]) as Float64Array };
}
