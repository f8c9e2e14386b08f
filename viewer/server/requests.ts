/** Requests of the page, checked: the server trusts none. */

import { parseEditLog } from "../../library/cluster/editing/parse_log.ts";
import {
  type AveragesRequest,
  type Detector,
  type DrawnMask,
  type ExportKind,
  type LabelView,
  mostAverages,
  type OpenRequest,
  type RunRequest,
  type SaveRequest,
  type VirtualRequest,
} from "../protocol/protocol.ts";
import { malformed } from "./answers.ts";

type Plain = Readonly<Record<string, unknown>>;

const exportKinds: ReadonlySet<string> = new Set<ExportKind>([
  ...["picture", "table", "averages", "tiff"] as const,
  ...["labels", "report", "session", "result"] as const,
]);
/** More words, or longer ones, than any command line has. */
const mostWords = 200, longestWord = 4096;
/** Lengths of the remembered state of a page. */
const mostPageEntries = 100, longestPageEntry = 10_000;

/** Fails unless a condition holds. */
function demand(holds: boolean, name: string, expected: string, found: unknown): asserts holds {
  if (!holds) throw malformed(`${name}: ${expected}`, JSON.stringify(found)?.slice(0, 100) ?? "nothing");
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
const isObject = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function wordsOf(value: unknown, name: string): string[] {
  const isWord = (word: unknown) =>
    typeof word === "string" && word.length <= longestWord && !word.includes("\0");
  demand(Array.isArray(value) && value.length <= mostWords && value.every(isWord), name, "words", value);
  return value;
}

/** @throws {BadParameter} when the request is not as protocol.ts has it; so do all below */
export function openRequestOf({ path, input = [] }: Plain): Required<OpenRequest> {
  demand(typeof path === "string" && path.length <= longestWord, "path", "a path", path);
  return { path, input: wordsOf(input, "input") };
}

export function runRequestOf({ words, mask }: Plain): RunRequest {
  return { words: wordsOf(words, "words"), mask: mask === undefined ? undefined : maskOf(mask) };
}

function maskOf(value: unknown): DrawnMask {
  demand(isObject(value) && Array.isArray(value.runs), "mask", "lengths of runs", value);
  const { runs } = value;
  demand(runs.every((run: unknown) => isWhole(run) && run >= 0), "mask", "whole numbers of at least 0", runs);
  return { runs };
}

export function labelViewOf({ source, threshold, minimumSize, edits, mask }: Plain): LabelView {
  demand(source === "method" || source === "threshold", "source", "method or threshold", source);
  if (source === "threshold") {
    const fits = typeof threshold === "number" && threshold >= -1 && threshold <= 1;
    demand(fits, "threshold", "a number from -1 to 1", threshold);
  }
  demand(
    minimumSize === undefined || (isWhole(minimumSize) && minimumSize >= 1),
    "minimumSize",
    "a whole number of at least 1",
    minimumSize,
  );
  return {
    source,
    threshold: source === "threshold" ? threshold as number : undefined,
    minimumSize,
    edits: edits === undefined ? undefined : parseEditLog(edits, "the request"),
    mask: mask === undefined ? undefined : maskOf(mask),
  };
}

export function virtualRequestOf({ detector, draft = false }: Plain): Required<VirtualRequest> {
  demand(typeof draft === "boolean", "draft", "true or false", draft);
  return { detector: detectorOf(detector), draft };
}

function detectorOf(value: unknown): Detector {
  demand(isObject(value), "detector", "a disk or a ring", value);
  const { row, column, inner = 0, outer } = value;
  const numbers = [row, column, inner, outer];
  demand(numbers.every(Number.isFinite), "detector", "numbers", value);
  const disk = { row, column, inner, outer } as Required<Detector>;
  demand(disk.inner >= 0 && disk.outer >= disk.inner, "detector", "radii with 0 <= inner <= outer", value);
  return disk;
}

export function averagesRequestOf(header: unknown): Required<AveragesRequest> {
  demand(isObject(header), "header", "sizes", header);
  const { sizes, bin = 1 } = header;
  demand(
    Array.isArray(sizes) && sizes.length <= mostAverages &&
      sizes.every((size: unknown) => isWhole(size) && size >= 1),
    "sizes",
    `at most ${mostAverages} numbers of probes`,
    sizes,
  );
  demand(isWhole(bin) && bin >= 1, "bin", "a whole number of at least 1", bin);
  return { sizes, bin };
}

export function saveRequestOf(request: Plain): SaveRequest {
  const { view, kinds, folder, name, replace = false, colours, page } = request;
  demand(isObject(view), "view", "what is shown", view);
  const known = Array.isArray(kinds) && kinds.length >= 1 && kinds.length <= exportKinds.size &&
    kinds.every((kind) => exportKinds.has(kind));
  demand(known, "kinds", "kinds of files", kinds);
  demand(folder === undefined || typeof folder === "string", "folder", "a path", folder);
  demand(name === undefined || typeof name === "string", "name", "a name", name);
  demand(typeof replace === "boolean", "replace", "true or false", replace);
  const areColours = colours === undefined ||
    (Array.isArray(colours) && colours.every((colour: unknown) => isWhole(colour) && colour >= 0));
  demand(areColours, "colours", "places in the palette", colours);
  return {
    view: labelViewOf(view),
    kinds: [...new Set(kinds)],
    folder,
    name,
    replace,
    colours,
    page: page === undefined ? undefined : pageOf(page),
  };
}

/** What the page remembers: texts by name. */
export function pageOf(value: unknown): Record<string, string> {
  demand(isObject(value), "page", "texts by name", value);
  const entries = Object.entries(value);
  const fits = entries.length <= mostPageEntries &&
    entries.every(([, text]) => typeof text === "string" && text.length <= longestPageEntry);
  demand(fits, "page", "texts by name", value);
  return value as Record<string, string>;
}

/** A number of a query. */
export function wholeNumberOf(query: URLSearchParams, name: string, fallback?: number): number {
  const text = query.get(name) ?? (fallback === undefined ? "" : String(fallback));
  demand(/^\d{1,9}$/.test(text), name, "a whole number of at least 0", text);
  return Number(text);
}
