/** What `calibrate` measured and stored with a result. */

import { join } from "node:path";
import { custom, type InferOutput, object, optional, string } from "valibot";
import { demandSchema } from "../scan/schema.ts";
import { runRecordName } from "./directory.ts";
import type { StoredResult } from "./read.ts";
import { refusal } from "./run_schema.ts";

/** A number above 0. */
export const positive = custom<number>(
  (value) => typeof value === "number" && value > 0 && Number.isFinite(value),
  "a positive number",
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
