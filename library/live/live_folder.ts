/**
 * What is known of a scan while it is recorded, as files in the folder that will hold its result: they are replaced again and
 * again, each at once, and the result takes the place of them all.
 *
 *     live.json        how far it is
 *     labels.npy       int32 (row, column): the clusters of the rows so far
 *     similarity.bin   float32 (row, column, 4): what RunOptions.onSimilarity gives, row after row
 */

import { join } from "node:path";
import * as v from "valibot";
import { encodeNpy } from "../formats/npy_writer.ts";
import { liveRecordName, statIfThere } from "../results/directory.ts";
import { version } from "../results/version.ts";
import { lockFolder } from "../results/partial_folder.ts";
import { BadParameter, fromSystemError } from "../scan/errors.ts";
import { parseJson } from "../scan/parse_json.ts";
import type { LiveLabels } from "./growing_groups.ts";

const labelsName = "labels.npy", similarityName = "similarity.bin";

/** A record larger than this is not one of ours. */
const largestRecord = 2 ** 20;

/** All that may be here, so that a result may take its place. */
const files = [similarityName, labelsName, liveRecordName].flatMap((
  name,
) => [{ name }, { name: newName(name) }]);

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const words = v.array(v.string());

const recordSchema = v.object({
  program: v.literal("crystallite"),
  version: v.string(),
  /** Path of the scan, and the folder that it counts from. */
  input: v.string(),
  workingDirectory: v.string(),
  command: words,
  /** Whether rows come, none have come for a minute, or the whole scan is being clustered. */
  state: v.picklist(["recording", "stalled", "clustering"]),
  /** Rows and columns that the scan is to have, and those of its detector. */
  shape: v.object({ rows: count, columns: count, patternRows: count, patternColumns: count }),
  dtype: v.picklist(["u8", "u16", "u32", "i16", "i32", "f32", "f64"]),
  /** Rows in `labels.npy`, and those in `similarity.bin`, which have all their neighbours. */
  rows: count,
  comparedRows: count,
  /** How often `similarity.bin` began anew. */
  beginnings: count,
  clusters: count,
  threshold: v.nullable(v.number()),
  method: v.picklist(["growth", "regions"]),
  rowsPerSecond: v.number(),
  /** Seconds until all rows are there at that speed; `null` where none come. */
  secondsLeft: v.nullable(v.number()),
  files: v.array(v.object({ name: v.string() })),
});

/** What is known of a scan that is being recorded. */
export type LiveRecord = v.InferOutput<typeof recordSchema>;

/** What {@link LiveFolder.write} is told. */
export type LiveFacts = Omit<LiveRecord, "program" | "version" | "files">;

/** The record in a folder; `undefined` where there is none that we understand. */
export async function readLiveRecord(directory: string): Promise<LiveRecord | undefined> {
  const path = join(directory, liveRecordName);
  let text: string;
  try {
    if ((await Deno.stat(path)).size > largestRecord) return undefined;
    text = await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
  try {
    const parsed = v.safeParse(recordSchema, parseJson(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a folder is that of a recording which is watched. */
export async function isLiveFolder(directory: string): Promise<boolean> {
  return await readLiveRecord(directory) !== undefined;
}

/**
 * Rows first..end-1 of the similarities in a folder.
 *
 * @returns `undefined` where they are not all there: the folder has become something else
 */
export async function readLiveSimilarities(
  directory: string,
  columns: number,
  first: number,
  end: number,
): Promise<Float32Array<ArrayBuffer> | undefined> {
  const values = new Float32Array(4 * columns * (end - first)), bytes = new Uint8Array(values.buffer);
  try {
    using file = await Deno.open(join(directory, similarityName));
    await file.seek(16 * columns * first, Deno.SeekMode.Start);
    for (let filled = 0; filled < bytes.length;) {
      const read = await file.read(bytes.subarray(filled));
      if (read === null) return undefined;
      filled += read;
    }
    return values;
  } catch {
    return undefined;
  }
}

/** Writes the files. */
export class LiveFolder {
  readonly #directory: string;
  readonly #lock: Disposable;
  /** Rows in `similarity.bin`. */
  #written = 0;
  #beginnings = -1;

  private constructor(directory: string, lock: Disposable) {
    this.#directory = directory;
    this.#lock = lock;
  }

  /**
   * Makes the folder, or takes one that an earlier run has left; and keeps other runs out until it is disposed of, where the
   * system has locks.
   *
   * @throws {BadParameter} when something else is there
   * @throws {FileUnavailable} when it cannot be written, or another run writes it
   */
  static async open(directory: string): Promise<LiveFolder> {
    try {
      const there = await statIfThere(directory);
      if (there && !await mayBeTaken(directory, there)) {
        throw new BadParameter(`${directory} exists and is not a recording that crystallite watches`, {
          file: directory,
          expected: `a new folder, or one with our ${liveRecordName}`,
          remedy: "name another folder",
        });
      }
      await Deno.mkdir(directory, { recursive: true });
      return new LiveFolder(directory, lockFolder(directory));
    } catch (cause) {
      throw fromSystemError(cause, directory, "write");
    }
  }

  /** Lets others in. */
  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]();
  }

  /**
   * Writes what is known now, the record last; on this thread, because a map that waits is late.
   *
   * @param similarities gives float32 (row, column, 4) of rows first..end-1
   * @throws {FileUnavailable} when it cannot be written
   * @throws {OutOfResources} when the disk is full
   */
  write(
    facts: LiveFacts,
    labels: LiveLabels | undefined,
    similarities: (first: number, end: number) => Float32Array<ArrayBuffer>,
  ): void {
    const { columns } = facts.shape;
    try {
      this.#append(facts, similarities);
      if (labels) this.#replace(labelsName, encodeNpy("i32", [labels.rows, columns], labels.labels));
      const record: LiveRecord = { program: "crystallite", version, ...facts, files };
      this.#replace(liveRecordName, new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`));
    } catch (cause) {
      // Half of what was to be appended may be there.
      this.#beginnings = -1;
      throw fromSystemError(cause, this.#directory, "write");
    }
  }

  #append(
    { beginnings, comparedRows }: LiveFacts,
    similarities: (first: number, end: number) => Float32Array<ArrayBuffer>,
  ): void {
    const path = join(this.#directory, similarityName);
    if (beginnings !== this.#beginnings) {
      Deno.writeFileSync(path, new Uint8Array());
      this.#beginnings = beginnings;
      this.#written = 0;
    }
    if (comparedRows <= this.#written) return;
    const bytes = new Uint8Array(similarities(this.#written, comparedRows).buffer);
    Deno.writeFileSync(path, bytes, { append: true });
    this.#written = comparedRows;
  }

  #replace(name: string, bytes: Uint8Array): void {
    const path = join(this.#directory, name), temporary = join(this.#directory, newName(name));
    Deno.writeFileSync(temporary, bytes);
    Deno.renameSync(temporary, path);
  }
}

/** Name under which a file is written. */
function newName(name: string): string {
  return `.${name}.new`;
}

/** Whether a folder is empty, or one of a recording that was watched. */
async function mayBeTaken(directory: string, there: Deno.FileInfo): Promise<boolean> {
  if (!there.isDirectory) return false;
  if (await readLiveRecord(directory)) return true;
  for await (const { name } of Deno.readDir(directory)) {
    // A run that was ended before its first record.
    if (name !== similarityName && name !== labelsName && !name.startsWith(".")) return false;
  }
  return true;
}
