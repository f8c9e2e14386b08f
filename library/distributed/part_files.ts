/**
 * Folders that one machine leaves for another: arrays as `.npy`, and a record of what they are and of whose plan. They
 * appear whole or not at all; what was damaged later is noticed by checksums.
 */

import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { array, literal, number, object, optional, picklist, record, string, tuple } from "valibot";
import { NpyWriter } from "../formats/npy_writer.ts";
import { statIfThere } from "../results/directory.ts";
import { writeOutputs } from "../results/output_files.ts";
import { readStoredArray } from "../results/stored_array.ts";
import { version } from "../results/version.ts";
import type { DType, PixelArray } from "../scan/dtype.ts";
import {
  BadParameter,
  CrystalliteError,
  FileUnavailable,
  fromSystemError,
  throwIfAborted,
} from "../scan/errors.ts";
import { parseSchema, wholeNumber } from "../scan/schema.ts";
import type { Rows } from "./bands.ts";
import type { ScanPlan } from "./plan.ts";
import { encodePlan, planName } from "./plan_file.ts";

const recordName = "part.json";

/** What a part holds. */
export type PartKind = "similarities" | "labels" | "averages";

const schema = object({
  program: literal("crystallite"),
  kind: literal("part"),
  holds: picklist(["similarities", "labels", "averages"]),
  version: string(),
  /** Identity of the plan. */
  plan: string(),
  /** Scan rows: the first, and the one after the last. */
  rows: tuple([wholeNumber(0), wholeNumber(1)]),
  /** SHA-256 of the labels that averages are of. */
  labels: optional(string()),
  /** By name. */
  arrays: record(
    string(),
    object({
      dtype: picklist(["u8", "i32", "f32"]),
      shape: array(wholeNumber(0)),
      sha256: string(),
    }),
  ),
  /** Seconds that it took, and bytes of the scan that were read. */
  seconds: number(),
  bytesRead: number(),
});

/** The record of a part. */
export interface PartRecord {
  readonly program: "crystallite";
  readonly kind: "part";
  readonly holds: PartKind;
  readonly version: string;
  readonly plan: string;
  readonly rows: Rows;
  readonly labels?: string;
  readonly arrays: Readonly<
    Record<string, { readonly dtype: DType; readonly shape: readonly number[]; readonly sha256: string }>
  >;
  readonly seconds: number;
  readonly bytesRead: number;
}

/** A part that is there. */
export interface Part extends PartRecord {
  readonly path: string;
}

/** A piece of an array, with the index of its first element. */
export interface PlacedPiece {
  readonly first: number;
  readonly data: ArrayBufferView;
}

/** An array on its way into a part: at once, in pieces that follow each other, or in pieces with their places. */
export interface PartArray {
  readonly name: string;
  readonly dtype: "u8" | "i32" | "f32";
  readonly shape: readonly number[];
  readonly pieces: Iterable<ArrayBufferView> | AsyncIterable<PlacedPiece>;
}

/** What a part is made from. */
export interface PartContent {
  readonly plan: ScanPlan;
  readonly holds: PartKind;
  readonly rows: Rows;
  readonly labels?: string;
  readonly arrays: readonly PartArray[];
  /** Bytes of the scan that were read. */
  readonly bytesRead: number;
  /** `performance.now()` when work on it began. */
  readonly started: number;
}

/** Writes a part, whole or not at all; a broken one of ours gives way to it. */
export async function writePart(path: string, content: PartContent, signal?: AbortSignal): Promise<void> {
  const { plan, holds, rows, labels, bytesRead } = content;
  const write = async (folder: string) => {
    await Deno.mkdir(folder);
    const arrays: Record<string, PartRecord["arrays"][string]> = {};
    for (const { name, dtype, shape, pieces } of content.arrays) {
      const file = join(folder, `${name}.npy`), writer = NpyWriter.create(file, dtype, shape);
      try {
        for await (const piece of pieces) {
          throwIfAborted(signal);
          if ("data" in piece) writer.write(piece.data, piece.first);
          else writer.write(piece);
        }
        writer.close();
      } catch (cause) {
        writer.abort();
        throw cause;
      }
      arrays[name] = { dtype, shape, sha256: await digestOf(file) };
    }
    const part: PartRecord = {
      ...{ program: "crystallite", kind: "part", holds, version, plan: plan.id, rows },
      ...labels !== undefined && { labels },
      ...{ arrays, seconds: (performance.now() - content.started) / 1000, bytesRead },
    };
    await Deno.writeFile(join(folder, planName), encodePlan(plan));
    await Deno.writeTextFile(join(folder, recordName), `${JSON.stringify(part, null, 2)}\n`);
  };
  await removeBroken(path);
  await makeFolder(dirname(path));
  await writeOutputs([{ path, folder: true, write }], false, signal);
}

/**
 * Checks that a part can go to a place.
 *
 * @throws {FileUnavailable} when something stands there that is no part
 */
export async function checkPartPlace(path: string): Promise<void> {
  if (await statIfThere(path) === null || await isPart(path)) return;
  throw new FileUnavailable(`${path} is there already and is no part of a scan`, {
    file: path,
    remedy: "name another place with --part",
  });
}

async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    throw fromSystemError(cause, path, "write");
  }
}

async function removeBroken(path: string): Promise<void> {
  await checkPartPlace(path);
  if (await isPart(path)) await Deno.remove(path, { recursive: true });
}

/** Whether a folder was written as a part, whole or not. */
async function isPart(path: string): Promise<boolean> {
  return await statIfThere(join(path, recordName)) !== null ||
    await statIfThere(join(path, planName)) !== null;
}

/** A part, or why it is none: missing, incomplete or damaged. */
export type FoundPart =
  | { readonly path: string; readonly part: Part }
  | { readonly path: string; readonly part?: undefined; readonly flaw: string };

/** Looks at a part, all bytes of its arrays included. */
export async function findPart(path: string): Promise<FoundPart> {
  const broken = (flaw: string) => ({ path, flaw });
  if (await statIfThere(path) === null) return broken("it is not there");
  let value: unknown;
  try {
    value = JSON.parse(await Deno.readTextFile(join(path, recordName)));
  } catch {
    return broken(`it has no ${recordName} that can be read`);
  }
  class Misfitting extends Error {}
  try {
    const record = parseSchema(
      schema,
      value,
      ({ place, expected, found }) => new Misfitting(`${place}: expected ${expected}, found ${found}`),
    ) as PartRecord;
    for (const [name, { sha256 }] of Object.entries(record.arrays)) {
      if (!/^[a-z0-9_]+$/.test(name)) return broken(`${name} is no name of an array`);
      const file = join(path, `${name}.npy`);
      if (await statIfThere(file) === null) return broken(`${name}.npy is missing`);
      if (await digestOf(file) !== sha256) return broken(`${name}.npy is not as it was written`);
    }
    return { path, part: { ...record, path } };
  } catch (cause) {
    if (cause instanceof Misfitting || cause instanceof CrystalliteError) return broken(cause.message);
    throw cause;
  }
}

/**
 * An array of a part.
 *
 * @throws {CorruptFile} when it is of another type or shape
 */
export function readPartArray(part: Part, name: string, dtype: DType, shape: readonly number[]): PixelArray {
  return readStoredArray(join(part.path, `${name}.npy`), dtype, shape);
}

/** Whether a whole part of this plan stands at a place already. */
export async function isMade(path: string, plan: ScanPlan, holds: PartKind, rows: Rows, labels?: string) {
  const { part } = await findPart(path);
  return part !== undefined && part.plan === plan.id && part.version === version && part.holds === holds &&
    part.rows.join() === rows.join() && part.labels === labels;
}

/** SHA-256 of a file, hexadecimal. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256"), buffer = new Uint8Array(2 ** 20);
  using file = await Deno.open(path);
  for (;;) {
    const count = await file.read(buffer);
    if (count === null) return hash.digest("hex");
    hash.update(buffer.subarray(0, count));
  }
}

/** SHA-256 of labels, hexadecimal. */
export function digestOfLabels(labels: Int32Array): string {
  return createHash("sha256").update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength))
    .digest("hex");
}

/** Checks rows that a user gives. */
export function checkRows(rows: Rows, { input: { shape } }: ScanPlan): void {
  const [first, end] = rows;
  if (first < end && end <= shape.rows) return;
  throw new BadParameter(`rows ${first}:${end} are not inside the scan`, {
    expected: `rows within 0:${shape.rows}`,
    found: `${first}:${end}`,
    remedy: `give --rows within 0:${shape.rows}`,
  });
}
