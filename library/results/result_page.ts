/** A result as one page that shows it by itself: the viewer with the files of the result in it. */

import { basename, join, resolve } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { encodeNpy } from "../formats/npy_encoding.ts";
import { formatBytes } from "../report/number_format.ts";
import { CorruptFile, FileUnavailable, fromSystemError, OutOfResources } from "../scan/errors.ts";
import { runRecordName } from "./directory.ts";
import { orientationFiles } from "./orientation_files.ts";
import {
  binnedShape,
  lossText,
  type PageAverages,
  type PageRecord,
  readHeld,
  waysToHold,
} from "./page_averages.ts";
import { encodePageCrystals, pageCrystalsName } from "./page_crystals.ts";
import { type PackedFile, type PackedResult, packFile } from "./page_pack.ts";
import { fileOf } from "./product.ts";
import { averages } from "./products.ts";
import type { StoredResult } from "./read.ts";
import { hasOrientations, readCrystals, readOrientations } from "./read_orientations.ts";

/** Bytes of the largest page: what can be sent to people, and what browsers open at once. */
export const mostPageBytes = 20e6;
/** Bytes of files that are tried at most: they would have to pack to an eighth. */
const mostRead = 8 * mostPageBytes;

/** Where a page takes its result: `tasks/shipping/page.ts` puts it there. */
export const resultPlace = "<!--result-->";

const location = new URL("../../build/page.html.br", import.meta.url);

/** A page of a result. */
export interface ResultPage {
  readonly html: Uint8Array<ArrayBuffer>;
  /** What it says of itself: how it holds the averages. */
  readonly page: PageRecord;
}

/** The averages that the viewer shows, those about a common origin first; they are by far the largest. */
const averagesFiles = [orientationFiles.alignedAverages, fileOf(averages)];

/**
 * Makes the page of a result.
 *
 * @param wanted how it holds the averages; `auto`: all digits where they fit, else rounded, else binned too
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
    if (left < 0) throw tooLarge(directory, otherwise);
    packed.push(packFile(file, await read(join(directory, file))));
  }
  if (hasOrientations(stored)) {
    const crystals = await readCrystals(stored, readOrientations(stored).record);
    packed.push(packFile(pageCrystalsName, encodePageCrystals(crystals)));
  }
  const make = (page: PageRecord, file?: PackedFile): ResultPage => {
    const files = file ? [...packed, file] : packed, names = new Set(files.map(({ name }) => name));
    const record = {
      ...run,
      page,
      files: run.files.filter(({ name }) => names.has(name)),
      warnings: [...run.warnings, lossText(page) ?? []].flat(),
    };
    const text = new TextEncoder().encode(JSON.stringify(record, null, 2));
    return { html: fill(template, { name, files: [packFile(runRecordName, text), ...files] }), page };
  };
  if (wanted === "none" || shown === undefined) return withinLimit(make({ averages: "none" }), most);
  await ownSize(directory, shown);
  const count = stored.clusters.length, path = join(directory, shown);
  let smallest: ResultPage | undefined;
  for (const way of waysToHold(wanted, stored.shape)) {
    const { patternRows, patternColumns } = binnedShape(stored.shape, way.bin ?? 1);
    if (4 * count * patternRows * patternColumns > left) continue;
    const values = readHeld(path, count, stored.shape, way);
    const npy = encodeNpy("f32", [count, patternRows, patternColumns], values);
    smallest = make(way, packFile(shown, npy));
    if (smallest.html.length <= most) break;
  }
  if (!smallest) throw tooLarge(directory, remedies[wanted === "auto" ? "binned" : wanted]);
  return withinLimit(smallest, most);
}

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

function tooLarge(directory: string, remedy: string): OutOfResources {
  return new OutOfResources(`${directory} is too large for a page`, {
    file: directory,
    expected: `at most ${formatBytes(mostRead)} before they are packed`,
    remedy,
  });
}

const otherwise = "show the result with crystallite serve";

/** What to do where averages make a page too large. */
const remedies: Readonly<Record<PageAverages, string>> = {
  exact: "let averages be rounded or binned with `page.averages: auto`",
  rounded: "let averages be binned with `page.averages: auto`",
  binned: `leave the averages out with \`page.averages: none\`, or ${otherwise}`,
  none: otherwise,
};

function withinLimit(made: ResultPage, most: number): ResultPage {
  const { html: { length }, page: { averages } } = made;
  if (length <= most) return made;
  throw new OutOfResources(`the page would have ${formatBytes(length)}`, {
    expected: `at most ${formatBytes(most)}`,
    found: `${length} bytes`,
    remedy: remedies[averages],
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
