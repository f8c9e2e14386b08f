/** Whether a damaged file was handled as it must be: refused with an error of ours, or read as what is in it. */

import { Buffer } from "node:buffer";
import { dirname } from "node:path";
import { openFile } from "../../../library/formats/open.ts";
import { workingBytes, workingType } from "../../../library/engine/loaded_scan.ts";
import { bytesOf, bytesPerElement, createPixelArray, type PixelArray } from "../../../library/scan/dtype.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import { isSeries, type Scan, type Series } from "../../../library/scan/scan.ts";
import { pixelCount, probeCount } from "../../../library/scan/shape.ts";
import { working } from "../raw_records.ts";
import { readStored } from "../stored.ts";
import { PatternFinder } from "./pattern_finder.ts";
import type { Files, Subject } from "./subject.ts";

/** A verdict, and how long opening and reading took; what the tests do with patterns does not count. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly milliseconds: number;
}

/** How a case went: what it was refused as, that it was read, or what is wrong. */
export type Verdict = { readonly refused: string } | { readonly read: true } | { readonly fault: string };

/** Larger scans are read in part only, larger rows not at all. */
const mostPixels = 2 ** 18;

/** Writes the files into a folder, in place of what was there: only those that are others than before. */
export class CaseFolder {
  readonly path: string;
  #present: Map<string, Uint8Array> = new Map();

  constructor(path: string) {
    this.path = path;
    Deno.mkdirSync(path, { recursive: true });
  }

  write(files: Files): void {
    for (const name of this.#present.keys()) if (!files.has(name)) Deno.removeSync(`${this.path}/${name}`);
    for (const [name, bytes] of files) {
      if (this.#present.get(name) === bytes) continue;
      if (name.includes("/")) Deno.mkdirSync(dirname(`${this.path}/${name}`), { recursive: true });
      Deno.writeFileSync(`${this.path}/${name}`, bytes);
    }
    this.#present = new Map(files);
  }
}

/** Sums the time of what is done by it. */
class Stopwatch {
  milliseconds = 0;

  async time<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.milliseconds += performance.now() - start;
    }
  }
}

/** Opens and reads the files of a case, which lie in `folder`. */
export async function judge(subject: Subject, files: Files, folder: string): Promise<Judgement> {
  const watch = new Stopwatch();
  const verdict = await verdictOf(subject, files, folder, watch);
  return { verdict, milliseconds: watch.milliseconds };
}

async function verdictOf(subject: Subject, files: Files, folder: string, watch: Stopwatch): Promise<Verdict> {
  const path = subject.opens === "" ? folder : `${folder}/${subject.opens}`;
  let opened: Scan | Series | undefined;
  try {
    if (subject.read) await watch.time(() => subject.read!(path));
    else {
      opened = await watch.time(() => openFile(path, subject.options));
      const fault = await readAndCompare(subject, files, opened, watch);
      if (fault !== undefined) return { fault };
    }
    return { read: true };
  } catch (cause) {
    return judgeError(cause);
  } finally {
    opened?.close();
  }
}

function judgeError(cause: unknown): Verdict {
  if (!(cause instanceof CrystalliteError)) {
    return { fault: `untagged: ${cause instanceof Error ? cause.stack ?? cause.message : String(cause)}` };
  }
  const { message, details: { remedy, file } } = cause;
  if (!remedy || !file) return { fault: `no ${remedy ? "file" : "remedy"}: ${cause.kind}: ${message}` };
  // deno-lint-ignore no-control-regex
  const control = /[\u0000-\u001f\u007f-\u009f]/.exec(`${message}${remedy}`);
  if (control) return { fault: `control character in ${JSON.stringify(message + remedy)}` };
  if (/\[object |\bundefined (x|bytes)|\bNaN (x|bytes)/.test(message)) {
    return { fault: `odd sentence: ${message}` };
  }
  return { refused: cause.kind };
}

/** What is wrong with the patterns of what was opened, if anything. */
async function readAndCompare(
  subject: Subject,
  files: Files,
  opened: Scan | Series,
  watch: Stopwatch,
): Promise<string | undefined> {
  const frames = isSeries(opened) ? opened.frames : 1;
  const { shape } = opened, lengths = [frames, ...Object.values(shape)];
  if (!lengths.every((length) => Number.isSafeInteger(length) && length >= 1)) {
    return `shape ${lengths.join()}`;
  }
  const total = lengths.reduce((product, length) => product * length, bytesPerElement(opened.dtype));
  if (!Number.isSafeInteger(total)) return `shape ${lengths.join()}`;
  const present = Array.from(files.values(), ({ length }) => length).reduce((sum, length) => sum + length, 0);
  const missing = Number(opened.source.notes?.missingPatterns ?? 0) * pixelCount(shape) *
    bytesPerElement(opened.dtype);
  if (subject.expansion !== undefined && total - missing > subject.expansion * present) {
    return `shape ${lengths.join()} of ${total} bytes in files of ${present} bytes`;
  }
  for (const frame of new Set([0, frames - 1])) {
    const scan = isSeries(opened) ? opened.frame(frame) : opened;
    const fault = await readScan(subject, files, scan, watch);
    if (fault !== undefined) return fault;
  }
}

/**
 * What is wrong with the patterns of a scan, if anything: each place is filled, rows read one by one are those read
 * together, threads read the same, and numbers that lie verbatim in files are found there.
 */
export async function readScan(
  subject: Subject,
  files: Files,
  scan: Scan,
  watch: Stopwatch = new Stopwatch(),
): Promise<string | undefined> {
  const { rows, columns } = scan.shape, pixels = pixelCount(scan.shape), rowPixels = columns * pixels;
  if (rowPixels > mostPixels) return undefined;
  const whole = rows * rowPixels <= mostPixels, count = whole ? rows : 1;
  let read: PixelArray | undefined;
  for (const row of whole ? [0] : [0, Math.floor(rows / 2), rows - 1]) {
    const [first, second] = [0xa5, 0x5a].map((canary) => {
      const into = createPixelArray(scan.dtype, count * rowPixels);
      // What is left as it was, differs.
      bytesOf(into).fill(canary);
      return into;
    });
    await watch.time(() => scan.readRows(row, count, first));
    for (let at = 0; at < count; at++) {
      const into = second.subarray(at * rowPixels, (at + 1) * rowPixels);
      await watch.time(() => scan.readRows(row + at, 1, into));
    }
    if (!equalBytes(bytesOf(first), bytesOf(second))) return `row ${row} is not filled, or read in two ways`;
    // Patterns that a file holds pixel by pixel lie nowhere in one piece.
    if (subject.patterns === "verbatim" && scan.preparation === undefined) {
      const finder = new PatternFinder(files);
      for (let at = 0; at < first.length; at += pixels) {
        if (!finder.has(first.subarray(at, at + pixels))) {
          return `pattern ${at / pixels} is nowhere in the files`;
        }
      }
    }
    read = first;
  }
  return whole && read ? compareStored(scan, read) : undefined;
}

/** Threads read what this thread reads, from where the patterns are said to lie. */
function compareStored(scan: Scan, all: PixelArray): string | undefined {
  const probes = probeCount(scan.shape), pixels = pixelCount(scan.shape);
  if (!scan.stored || probes * pixels * workingBytes(workingType(scan.dtype)) > 2 ** 21) return undefined;
  // Records are turned into what is computed, all else is read as it lies.
  const expected = scan.stored.some(({ kind }) => kind === "frames") ? working(all) : all;
  const found = readStored(scan);
  if (equalBytes(found, bytesOf(expected))) return undefined;
  // What is no number need not be the same bits.
  const numbers = new (expected.constructor as Float32ArrayConstructor)(found.buffer as ArrayBuffer);
  return numbers.every((value, index) => Object.is(value, expected[index]) || value === expected[index])
    ? undefined
    : "threads read other patterns";
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
