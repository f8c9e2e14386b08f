/**
 * What is decided once for a scan that several machines cluster in parts: parameters, bad pixels, direct beam, the basis of
 * the sketches. A plan is one file of JSON, and has an identity that everything made by it carries.
 */

import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import type { Engine } from "../engine/engine.ts";
import type { RunOptions } from "../engine/options.ts";
import {
  type DetectorGround,
  groundDetector,
  groundSketch,
  type SketchGround,
  standOn,
} from "../cluster/groundwork.ts";
import { readMasks } from "../cluster/mask_files.ts";
import type { ClusterParameters } from "../cluster/parameters.ts";
import { checkParameters, chooseParameters, clusterFlags } from "../cluster/presets.ts";
import { flagsOf } from "../parameters/flags.ts";
import { openOptions, type ReadingFlags, readingSchema } from "../parameters/reading.ts";
import { parseWords } from "../parameters/words.ts";
import { cleaningOf } from "../passes/detector/bad_pixels_and_beam.ts";
import type { Preparation } from "../passes/detector/preparation.ts";
import { sampledChecksum } from "../results/checksum.ts";
import { version } from "../results/version.ts";
import { dtypeName } from "../scan/dtype.ts";
import { BadParameter, throwIfAborted } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { formatShape, type ScanShape } from "../scan/shape.ts";
import type { OpenScanOptions } from "../formats/open.ts";
import { equalBands, type Rows } from "./bands.ts";

/** A plan as its file holds it. */
export interface ScanPlan {
  readonly program: "crystallite";
  readonly kind: "plan";
  /** Of the program that made it: parts of another one may differ. */
  readonly version: string;
  /** SHA-256 of all else, hexadecimal. */
  readonly id: string;
  readonly input: {
    /** Absolute. */
    readonly path: string;
    /** Of the file, as run records have it; `null` for data that were never in a file. */
    readonly checksum: string | null;
    readonly shape: ScanShape;
    readonly dtype: string;
    /** Words that say how it is read. */
    readonly reading: readonly string[];
  };
  /** Words of the parameters; masks may lie in files. */
  readonly words: readonly string[];
  /** SHA-256 of what those files hold. */
  readonly masks: string;
  /** What was found of the detector. */
  readonly detector: Omit<Preparation, "fill">;
  /** What is sketched; `null` where nothing is. Arrays of float32, little-endian, in base64. */
  readonly sketch:
    | (Pick<SketchGround["basis"], "length" | "degreesOfFreedom" | "restNoise"> & {
      readonly grid: SketchGround["grid"];
      readonly weights: string;
      readonly directions: string;
    })
    | null;
  /** Scan rows of each part: the first, and the one after the last. */
  readonly bands: readonly Rows[];
}

/** What a plan is made for. */
export interface PlanRequest {
  /** Words that say how the scan was opened. */
  readonly reading: readonly string[];
  /** Words of the parameters. */
  readonly words: readonly string[];
  readonly parameters: ClusterParameters;
  /** Number of parts. */
  readonly parts: number;
}

/** What a plan gives to those who work by it. */
export interface Ground extends DetectorGround {
  readonly sketch: SketchGround | null;
}

/**
 * Looks at the scan and decides what its parts have in common.
 *
 * @throws as `clusterScan`
 */
export async function makePlan(
  engine: Engine,
  scan: Scan,
  { reading, words, parameters, parts }: PlanRequest,
  options: RunOptions,
): Promise<ScanPlan> {
  checkParameters(parameters);
  throwIfAborted(options.signal);
  const ground = await groundDetector(scan, parameters, false, undefined, { ...options, engine });
  const sketch = await groundSketch(engine, scan, ground, options);
  const path = await Deno.realPath(scan.source.path);
  const { fill: _, ...detector } = ground.preparation;
  scan.requireUnchanged?.();
  const plan = {
    ...{ program: "crystallite", kind: "plan", version } as const,
    input: {
      path,
      checksum: (await sampledChecksum(path, options.signal)).value,
      shape: scan.shape,
      dtype: dtypeName(scan.dtype),
      reading,
    },
    words,
    masks: digestOfMasks(parameters),
    detector,
    sketch: sketch && {
      grid: sketch.grid,
      length: sketch.basis.length,
      degreesOfFreedom: sketch.basis.degreesOfFreedom,
      restNoise: sketch.basis.restNoise,
      weights: encode(sketch.basis.weights),
      directions: encode(sketch.basis.directions),
    },
    bands: equalBands(scan.shape.rows, parts),
  };
  return { ...plan, id: identityOf(plan) };
}

/** The identity of a plan: of everything in it but the identity itself. */
export function identityOf(plan: Omit<ScanPlan, "id">): string {
  const { id: _, ...all } = plan as ScanPlan;
  // In an order of its own, so that a plan is the same however its file was written.
  return createHash("sha256").update(canonical(all)).digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  return `{${
    entries.sort(([a], [b]) => a < b ? -1 : 1).map(([name, held]) =>
      `${JSON.stringify(name)}:${canonical(held)}`
    ).join()
  }}`;
}

/** How the scan of a plan is opened. */
export function readingOf(plan: ScanPlan): OpenScanOptions {
  return openOptions(parseWords(flagsOf(readingSchema), plan.input.reading) as ReadingFlags);
}

/**
 * The parameters of a plan, with its masks.
 *
 * @throws {BadParameter} when a mask is no longer what it was
 */
export async function parametersOf(plan: ScanPlan): Promise<ClusterParameters> {
  const unread = chooseParameters(parseWords(clusterFlags, plan.words));
  const parameters = await readMasks(unread, plan.input.shape, readingOf(plan).qBin);
  checkParameters(parameters);
  if (digestOfMasks(parameters) === plan.masks) return parameters;
  throw new BadParameter("a mask has changed since the plan was made", {
    remedy: "put the file back as it was, or make the plan again",
  });
}

/** What is known before any pattern is read. */
export function groundOf(plan: ScanPlan, parameters: ClusterParameters): Ground {
  const { detector, sketch, input: { shape } } = plan;
  const found = { ...detector, fill: cleaningOf(detector.badPixels, shape) };
  return {
    ...standOn(shape, parameters, found),
    sketch: sketch && {
      grid: sketch.grid,
      basis: {
        length: sketch.length,
        degreesOfFreedom: sketch.degreesOfFreedom,
        restNoise: sketch.restNoise,
        weights: decode(sketch.weights),
        directions: decode(sketch.directions),
      },
    },
  };
}

/**
 * Checks that an open scan is the one that a plan was made for.
 *
 * @throws {BadParameter} when it is another one, or has changed
 */
export async function checkInput(plan: ScanPlan, scan: Scan, signal?: AbortSignal): Promise<void> {
  const { checksum, shape, dtype } = plan.input;
  const expected = `${formatShape(shape)}, ${dtype}`,
    found = `${formatShape(scan.shape)}, ${dtypeName(scan.dtype)}`;
  const same = expected === found &&
    (checksum === null || (await sampledChecksum(scan.source.path, signal)).value === checksum);
  if (same) return;
  throw new BadParameter(`${scan.source.path} is not the scan that the plan was made for`, {
    file: scan.source.path,
    ...expected !== found && { expected, found },
    remedy: "name the file that the plan was made for, or make the plan again if that has changed",
  });
}

/** SHA-256 of all maps that parameters hold. */
function digestOfMasks(parameters: ClusterParameters): string {
  const hash = createHash("sha256");
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value !== "object" || value === null) continue;
    for (const map of Object.values(value)) if (map instanceof Uint8Array) hash.update(name).update(map);
  }
  return hash.digest("hex");
}

function encode(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

function decode(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
}
