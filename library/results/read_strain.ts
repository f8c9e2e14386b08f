/** Strain of a result read back. */

import { join } from "node:path";
import {
  array,
  custom,
  type InferOutput,
  literal,
  object,
  optional,
  picklist,
  string,
  tuple,
  union,
  variant,
} from "valibot";
import { BadParameter } from "../scan/errors.ts";
import { demandSchema, wholeNumber } from "../scan/schema.ts";
import { runRecordName } from "./directory.ts";
import type { StoredResult } from "./read.ts";
import { refusal } from "./run_schema.ts";
import { readStoredArray } from "./stored_array.ts";
import { strainFiles } from "./strain_files.ts";

/** What can count as no strain, as `strain` names it. */
export const strainReferences = ["median", "cluster", "cif", "roi"] as const;

/** What counts as no strain, in words. */
export const referenceWords: Readonly<Record<typeof strainReferences[number], string>> = {
  median: "the median of all probes",
  cluster: "the median of each cluster",
  cif: "the crystal itself",
  roi: "the median of the probes of a region",
};

const angle = custom<number>(
  (value) => typeof value === "number" && Number.isFinite(value),
  "an angle in degrees",
);

const schema = object({
  reference: picklist(strainReferences, `one of ${strainReferences.join(", ")}`),
  /** Where x lies: an angle in degrees from down the detector, down the scan, or along a direction of the crystals. */
  axes: union([
    angle,
    variant("frame", [
      object({ frame: literal("detector"), angle }),
      object({ frame: literal("scan") }),
      object({ frame: literal("crystal"), direction: tuple([wholeNumber(), wholeNumber(), wholeNumber()]) }),
    ]),
  ], "the axes of strain"),
  /** File of a mask, and clusters: what was to be measured at all, where that was not all probes in clusters. */
  mask: optional(string()),
  exclude: optional(array(wholeNumber(0))),
  /** Probes whose lattice was fitted to the whole pattern, and those of them with few counts; older results do not say. */
  atOnce: optional(wholeNumber(0)),
  fewCounts: optional(wholeNumber(0)),
});

/** What `run.json` says of the strain of a result. */
export type StrainRecord = InferOutput<typeof schema>;

/** Which probes were to be measured, in words behind their number; empty for all in clusters. */
export function chosenProbes(
  { mask, exclude = [] }: { readonly mask?: string; readonly exclude?: readonly number[] },
): string {
  const inside = mask === undefined ? "" : ` inside ${mask}`;
  if (exclude.length === 0) return inside;
  return `${inside}${inside && ","} without ${exclude.length === 1 ? "cluster" : "clusters"} ${
    exclude.join(", ")
  }`;
}

/** Where the axes of strain lie, in words; empty for x down the detector. */
export function turnedAxes({ axes }: StrainRecord): string {
  if (typeof axes === "number") return turnedBy(axes);
  switch (axes.frame) {
    case "detector":
      return turnedBy(axes.angle);
    case "scan":
      return "x down the scan";
    case "crystal":
      return `x along [${axes.direction.join(" ")}] of each crystal`;
  }
}

function turnedBy(angle: number): string {
  return angle === 0 ? "" : `axes turned by ${angle}°`;
}

/** Strain as it lies on disk, row-major over probe positions, NaN where it was not measured. */
export interface StoredStrain {
  readonly record: StrainRecord;
  /** float32 (rows, columns, 4): e_xx, e_yy, e_xy, and the rotation in radians. */
  readonly strain: Float32Array;
  /** float32 (rows, columns, 4): their standard errors. */
  readonly error: Float32Array;
  /** float32 (rows, columns). */
  readonly dilation: Float32Array;
}

/** Whether strain was measured in a result, by its record. */
export function hasStrain({ run }: Pick<StoredResult, "run">): boolean {
  return "strain" in run && run.strain !== undefined;
}

/**
 * Reads the strain of a result.
 *
 * @throws {BadParameter} when it has none
 * @throws {FileUnavailable} when a file is missing
 * @throws {CorruptFile} when a file holds something else
 */
export function readStrain({ directory, run, shape: { rows, columns } }: StoredResult): StoredStrain {
  const record: unknown = "strain" in run ? run.strain : undefined;
  if (record === undefined) {
    throw new BadParameter(`${directory} has no strain`, {
      file: directory,
      expected: "a result with strain",
      remedy: "measure it first, with crystallite strain",
    });
  }
  const path = join(directory, runRecordName);
  demandSchema(schema, record, (misfit) => refusal(path, { ...misfit, place: `strain.${misfit.place}` }));
  const read = (name: string, ...more: number[]) =>
    readStoredArray(join(directory, name), "f32", [rows, columns, ...more]) as Float32Array;
  return {
    record,
    strain: read(strainFiles.strain, 4),
    error: read(strainFiles.error, 4),
    dilation: read(strainFiles.dilation),
  };
}
