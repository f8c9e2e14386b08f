/** Orientations of a result read back, for what is measured against them. */

import { join } from "node:path";
import { array, boolean, type InferOutput, object, optional, safeParse, string } from "valibot";
import { builtInCrystal } from "../crystal/built_in.ts";
import { readCif } from "../crystal/cif/read.ts";
import type { Crystal } from "../crystal/crystal.ts";
import { matrixAt } from "../crystal/matrix.ts";
import type { OriginMap } from "../mapping/origin.ts";
import type { ClusterOrientation } from "../mapping/strain_spots.ts";
import { BadParameter } from "../scan/errors.ts";
import { demandSchema, wholeNumber } from "../scan/schema.ts";
import { runRecordName } from "./directory.ts";
import { ellipseSchema, originSchema, positive } from "./read_calibration.ts";
import { orientationFiles } from "./orientation_files.ts";
import type { StoredResult } from "./read.ts";
import { refusal } from "./run_schema.ts";
import { readStoredArray } from "./stored_array.ts";

const schema = object({
  /** The phases. */
  crystals: array(object({ name: string(), builtIn: boolean() })),
  /** Phase of each cluster, -1 for none. */
  phases: array(wholeNumber(-1)),
  beamEnergy: positive,
  ellipse: optional(ellipseSchema),
  qPixelSize: positive,
  diskRadius: positive,
  excitationWidth: positive,
  maximumLength: positive,
  /** Whether atoms vibrate as the crystals' Debye-Waller parameters say; absent in older results: they were at rest. */
  debyeWaller: optional(boolean()),
});

/** What is said of how the direct beam moves, by `orient` and by `strain`, which may have measured it anew. */
const moving = object({ origin: originSchema });

/** What `run.json` says of the orientations of a result. */
export type OrientationRecord = InferOutput<typeof schema>;

/** Whether orientations were found in a result, by its record. */
export function hasOrientations({ run }: Pick<StoredResult, "run">): boolean {
  return "orientation" in run && run.orientation !== undefined;
}

/**
 * Reads the orientations of a result.
 *
 * @throws {BadParameter} when it has none
 * @throws {CorruptFile} when they do not belong to the result
 * @throws {FileUnavailable} when their file is missing
 */
export function readOrientations(
  { directory, run }: StoredResult,
): { record: OrientationRecord; orientations: (ClusterOrientation | undefined)[] } {
  const path = join(directory, runRecordName);
  const orientation: unknown = "orientation" in run ? run.orientation : undefined;
  if (orientation === undefined) {
    throw new BadParameter(`${directory} has no orientations`, {
      file: directory,
      expected: "a result with orientations",
      remedy: "find them first, with crystallite orient",
    });
  }
  demandSchema(
    schema,
    orientation,
    (misfit) => refusal(path, { ...misfit, place: `orientation.${misfit.place}` }),
  );
  const { phases, crystals } = orientation;
  if (phases.length !== run.clusters || phases.some((phase) => phase >= crystals.length)) {
    throw refusal(path, {
      place: "orientation.phases",
      expected: `${run.clusters} phases from -1 to ${crystals.length - 1}`,
      found: `${phases.length} phases`,
    });
  }
  const file = join(directory, orientationFiles.matrices);
  const matrices = readStoredArray(file, "f64", [run.clusters, 3, 3]);
  const orientations = phases.map((phase, cluster) =>
    phase < 0 ? undefined : {
      phase,
      orientation: matrixAt(matrices, 9 * cluster),
    }
  );
  return { record: orientation, orientations };
}

/**
 * The direct beam of each probe as `orient` found it; `undefined` where it did not, or `strain` measured another since.
 *
 * @throws {CorruptFile | FileUnavailable} when its file does not belong to the result
 */
export function readAlignedOrigin({ directory, run, shape }: StoredResult): OriginMap | undefined {
  const { orientation, strain } = run as { orientation?: { alignment?: unknown }; strain?: unknown };
  const found = safeParse(moving, orientation?.alignment), since = safeParse(moving, strain);
  if (!found.success || !run.files.some(({ name }) => name === orientationFiles.origin)) return undefined;
  const { origin } = found.output, keys = ["model", "residual", "used", "descan"] as const;
  if (
    strain !== undefined && !(since.success && keys.every((key) => since.output.origin[key] === origin[key]))
  ) {
    return undefined;
  }
  const sizes = [shape.rows, shape.columns, 2];
  const fitted = readStoredArray(join(directory, orientationFiles.origin), "f32", sizes) as Float32Array;
  return { ...origin, fitted, measured: new Float32Array(fitted.length).fill(NaN) };
}

/**
 * The crystals of a result, in the order of its phases.
 *
 * @throws {FileUnavailable | CorruptFile} when a CIF file of the result is missing or none
 * @throws {BadParameter} when a built-in crystal is none of ours
 */
export async function readCrystals(
  { directory }: Pick<StoredResult, "directory">,
  { crystals }: Pick<OrientationRecord, "crystals">,
): Promise<Crystal[]> {
  return await Promise.all(
    crystals.map(({ name, builtIn }, phase) =>
      builtIn ? builtInCrystal(name) : readCif(join(directory, orientationFiles.crystal(phase)))
    ),
  );
}
