/** The file of a plan: checked before anything in it is believed. */

import {
  array,
  boolean,
  finite,
  literal,
  nullable,
  number,
  object,
  optional,
  pipe,
  regex,
  string,
  tuple,
} from "valibot";
import { writeOutputBytes } from "../results/output_files.ts";
import { version } from "../results/version.ts";
import { beamColumn, mostColumns, sketchColumns } from "../passes/sketch/weight_blocks.ts";
import { BadParameter, CorruptFile } from "../scan/errors.ts";
import { readText } from "../scan/text_file.ts";
import { demandSchema, numberList, wholeNumber } from "../scan/schema.ts";
import { pixelCount } from "../scan/shape.ts";
import { identityOf, type ScanPlan } from "./plan.ts";

/** Name under which a part keeps the plan that it was made by. */
export const planName = "plan.json";
/** A plan is some hundred thousand characters; what is longer is none. */
const mostBytes = 64 * 2 ** 20;

const size = wholeNumber(1, 2 ** 31);
const real = pipe(number("a finite number"), finite("a finite number"));
const place = object({ row: real, column: real });
const pixels = numberList((value) => Number.isSafeInteger(value) && value >= 0, "the number of a pixel");
const digest = pipe(string(), regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits"));

const schema = object({
  program: literal("crystallite"),
  kind: literal("plan"),
  version: string(),
  id: digest,
  input: object({
    path: string(),
    checksum: nullable(string()),
    shape: object({ rows: size, columns: size, patternRows: size, patternColumns: size }),
    dtype: string(),
    reading: array(string()),
  }),
  words: array(string()),
  masks: digest,
  detector: object({
    badPixels: object({
      source: string(),
      filled: pixels,
      masked: pixels,
      largestBelieved: optional(real),
    }),
    center: place,
    beam: optional(object({ row: real, column: real, radius: real, hidden: optional(literal(true)) })),
    gain: object({ value: real, whole: boolean(), rest: real }),
    electrons: optional(real),
    warnings: array(string()),
  }),
  sketch: nullable(object({
    grid: object({ binning: size, rows: size, columns: size, center: place, beamRadius: real }),
    length: wholeNumber(1, mostColumns - beamColumn),
    degreesOfFreedom: real,
    restNoise: real,
    weights: string(),
    directions: string(),
  })),
  bands: array(tuple([wholeNumber(0), wholeNumber(1)])),
});

/** Writes a plan, whole or not at all. */
export async function writePlan(
  path: string,
  plan: ScanPlan,
  force: boolean,
  signal: AbortSignal,
): Promise<void> {
  await writeOutputBytes(path, encodePlan(plan), force, signal);
}

/** A plan as bytes. */
export function encodePlan(plan: ScanPlan): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(plan, null, 1)}\n`);
}

/**
 * Reads a plan.
 *
 * @throws {FileUnavailable} when the file is missing
 * @throws {CorruptFile} when it is no plan, or not as it was written
 * @throws {BadParameter} when another version of the program made it
 */
export async function readPlan(path: string): Promise<ScanPlan> {
  const text = await readText(path, mostBytes, () => noPlan(path, "at most 64 MiB", "a larger file"));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw noPlan(path, "a file of crystallite plan", "something that is no JSON");
  }
  // What a schema does not speak of stays, since the identity is of all.
  demandSchema(
    schema,
    value,
    ({ place, expected, found }) => noPlan(path, `${place || "plan"}: ${expected}`, found),
  );
  const plan = value as ScanPlan;
  if (identityOf(plan) !== plan.id) throw noPlan(path, "a plan as it was written", "one that was changed");
  checkSizes(path, plan);
  if (plan.version !== version) throw otherVersion(path, plan.version);
  return plan;
}

/** Sizes that memory is taken by, and places that are read. */
function checkSizes(
  path: string,
  { sketch, detector: { badPixels }, input: { shape }, bands }: ScanPlan,
): void {
  const inside = (pixel: number) => pixel < pixelCount(shape);
  if (![...badPixels.filled, ...badPixels.masked].every(inside)) {
    throw noPlan(path, "bad pixels inside the detector", "others");
  }
  if (!bands.every(([first, end]) => first < end && end <= shape.rows)) {
    throw noPlan(path, `rows within 0:${shape.rows}`, "others");
  }
  if (sketch === null) return;
  const { grid, weights, directions, length } = sketch;
  const bytes = (text: string) => Math.floor(text.replace(/=+$/, "").length * 3 / 4);
  const fits = grid.rows * grid.binning <= shape.patternRows &&
    grid.columns * grid.binning <= shape.patternColumns &&
    bytes(weights) === 4 * sketchColumns(length) * grid.rows * grid.columns &&
    bytes(directions) % (4 * length) === 0;
  if (!fits) throw noPlan(path, "a basis that fits the detector", "another");
}

/** Says that a file was made by another program than this one. */
export function otherVersion(path: string, found: string): BadParameter {
  return new BadParameter(`${path} was made by another version of crystallite`, {
    file: path,
    expected: version,
    found,
    remedy: "use one version from the plan to the result",
  });
}

function noPlan(path: string, expected: string, found: string): CorruptFile {
  return new CorruptFile(`${path} is not a plan`, {
    file: path,
    expected,
    found,
    remedy: "make the plan again with crystallite plan",
  });
}
