/** A result as one page that shows it by itself: the viewer with the files of the result in it. */

import { basename, join, resolve } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { encodeNpy } from "../formats/npy_encoding.ts";
import { formatBytes } from "../report/number_format.ts";
import { CorruptFile, FileUnavailable, fromSystemError, OutOfResources } from "../scan/errors.ts";
import { runRecordName } from "./directory.ts";
import { orientationFiles } from "./orientation_files.ts";
import { encodePageCrystals, pageCrystalsName } from "./page_crystals.ts";
import { type PackedFile, type PackedResult, packFile, roundAverages } from "./page_pack.ts";
import { fileOf } from "./product.ts";
import { averages } from "./products.ts";
import type { StoredResult } from "./read.ts";
import { hasOrientations, readCrystals, readOrientations } from "./read_orientations.ts";
import type { RunRecord } from "./run_record.ts";
import { readStoredArray } from "./stored_array.ts";

/** Bytes of the largest page: what can be sent to people, and what browsers open at once. */
export const mostPageBytes = 20e6;
/** Bytes of files that are tried at most: they would have to pack to a sixteenth. */
const mostRead = 16 * mostPageBytes;

/** Where a page takes its result: `tasks/shipping/page.ts` puts it there. */
export const resultPlace = "<!--result-->";

const location = new URL("../../build/page.html.br", import.meta.url);

/** How a page can hold the averages of its result. */
export type PageAverages = NonNullable<RunRecord["page"]>["averages"];

/** A page of a result. */
export interface ResultPage {
  readonly html: Uint8Array<ArrayBuffer>;
  /** How it holds the averages. */
  readonly averages: PageAverages;
}

/** The averages that the viewer shows, those about a common origin first; they are by far the largest. */
const averagesFiles = [orientationFiles.alignedAverages, fileOf(averages)];

/**
 * Makes the page of a result.
 *
 * @param wanted how it holds the averages; `auto`: all digits where they fit, else rounded
 * @param most bytes of the page
 * @throws {OutOfResources} when it would be larger
 * @throws {CorruptFile} when files of the result are none that a run writes
 * @throws {FileUnavailable} when one is missing, or the viewer was not built
 */
export async function resultPage(
  stored: StoredResult,
  wanted: PageAverages | "auto",
  most: number = mostPageBytes,
): Promise<ResultPage> {
  const template = await readTemplate(), { directory, run } = stored;
  const name = basename(resolve(directory)) || "result";
  const listed = run.files.map(({ name }) => name);
  const shown = averagesFiles.find((file) => listed.includes(file));
  const others = listed.filter((file) => file !== runRecordName && isShown(file));
  const packed: PackedFile[] = [];
  let left = mostRead;
  for (const file of others) {
    left -= await ownSize(directory, file);
    if (left < 0) throw tooLarge(directory);
    packed.push(packFile(file, await read(join(directory, file))));
  }
  if (hasOrientations(stored)) {
    const crystals = await readCrystals(stored, readOrientations(stored).record);
    packed.push(packFile(pageCrystalsName, encodePageCrystals(crystals)));
  }
  const make = (averages: PageAverages, file?: PackedFile): ResultPage => {
    const files = file ? [...packed, file] : packed, names = new Set(files.map(({ name }) => name));
    const warnings = averages === "rounded" ? [...run.warnings, roundedText] : run.warnings;
    const record = {
      ...run,
      page: { averages },
      files: run.files.filter(({ name }) => names.has(name)),
      warnings,
    };
    const text = new TextEncoder().encode(JSON.stringify(record, null, 2));
    return { html: fill(template, { name, files: [packFile(runRecordName, text), ...files] }), averages };
  };
  if (wanted === "none" || shown === undefined) return withinLimit(make("none"), most, shown);
  if (await ownSize(directory, shown) > left) throw tooLarge(directory);
  const { patternRows, patternColumns } = stored.shape;
  const shape = [stored.clusters.length, patternRows, patternColumns];
  const values = readStoredArray(join(directory, shown), "f32", shape) as Float32Array<ArrayBuffer>;
  const packAverages = (values: Float32Array) => packFile(shown, encodeNpy("f32", shape, values));
  if (wanted !== "rounded") {
    const exact = make("exact", packAverages(values));
    if (wanted === "exact" || exact.html.length <= most) return withinLimit(exact, most, shown);
  }
  return withinLimit(make("rounded", packAverages(roundAverages(values))), most, shown);
}

const roundedText =
  "The averages in this page are rounded to 8 significant bits, which changes no number by more than 0.4 %.";

/** Whether the viewer reads a file: no pictures, no copies for other programs, nothing of single probes' orientations. */
function isShown(file: string): boolean {
  return /\.(npy|csv|json)$/.test(file) && !/^probe_/.test(file) && !averagesFiles.includes(file);
}

/**
 * The size of a file of the result itself: a page is given away, so nothing comes into it that lies elsewhere.
 *
 * @throws {CorruptFile} when the record names something else, be it by a link
 */
async function ownSize(directory: string, file: string): Promise<number> {
  const path = join(directory, file);
  try {
    const { isFile, size } = await Deno.lstat(path);
    if (isFile && basename(file) === file && !/[\\/]/.test(file)) return size;
  } catch (cause) {
    throw fromSystemError(cause, path, "read");
  }
  throw new CorruptFile(`${directory} names a file that does not lie in it`, {
    file: directory,
    expected: "names of files in the result",
    found: file,
    remedy: "take a result as it was written",
  });
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    throw fromSystemError(cause, path, "read");
  }
}

function tooLarge(directory: string): OutOfResources {
  return new OutOfResources(`${directory} is too large for a page`, {
    file: directory,
    expected: `at most ${formatBytes(mostRead)} before they are packed`,
    remedy: `leave the averages out with \`page.averages: none\`, or ${otherwise}`,
  });
}

const otherwise = "show the result with crystallite serve";

function withinLimit(page: ResultPage, most: number, averages: string | undefined): ResultPage {
  const { length } = page.html;
  if (length <= most) return page;
  const less = averages === undefined || page.averages === "none"
    ? otherwise
    : page.averages === "exact"
    ? "let averages be rounded with `page.averages: rounded`, or leave them out with `page.averages: none`"
    : `leave the averages out with \`page.averages: none\`, or ${otherwise}`;
  throw new OutOfResources(`the page would have ${formatBytes(length)}`, {
    expected: `at most ${formatBytes(most)}`,
    found: `${length} bytes`,
    remedy: less,
  });
}

/** Puts the result where the page looks for it. Nothing in it can end the element that it stands in. */
function fill(template: string, result: PackedResult): Uint8Array<ArrayBuffer> {
  const at = template.indexOf(resultPlace);
  const data = JSON.stringify(result).replaceAll("<", "\\u003c");
  return new TextEncoder().encode(
    `${template.slice(0, at)}<script type="text/plain" id="result">${data}</script>${
      template.slice(at + resultPlace.length)
    }`,
  );
}

/** The page lies with the sources: in a folder, or at an address where a registry keeps packages. */
async function readTemplate(): Promise<string> {
  try {
    return new TextDecoder().decode(brotliDecompressSync(await readLocation()));
  } catch (cause) {
    throw new FileUnavailable("the page that results are put into is missing", {
      file: "build/page.html.br",
      remedy: "run `deno task build` once",
    }, { cause });
  }
}

async function readLocation(): Promise<Uint8Array> {
  if (location.protocol === "file:") return await Deno.readFile(location);
  const answer = await fetch(location);
  if (!answer.ok) throw new Error(`${location} is answered with status ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
