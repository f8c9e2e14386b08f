/** What stands in the address of the page: enough to come back to the same view, never the token of the session. */

import { effect, untracked } from "@preact/signals";
import { isAlone } from "../answering.ts";
import { contrastWords, isContrastName, takeContrast } from "../looking/contrast.ts";
import { colourings } from "../looking/cluster_colouring.ts";
import {
  colouring,
  detector,
  detectorKind,
  item,
  labelled,
  minimumSize,
  outlines,
  patternColours,
  patternScale,
  probe,
  source,
  tab,
  threshold,
} from "../state.ts";
import { spotsWanted } from "../crystal/cluster_spots.ts";
import { frame, series, wholeOf } from "../series/time.ts";
import { followed } from "../series/tracks.ts";
import { stretched } from "../looking/narrow_scans.ts";
import { select, selection } from "../looking/selection.ts";
import { canShow, lookAt, realView, viewNamed } from "../views/real_views.ts";

/** How long the state must rest before it is written, in milliseconds. */
const restFor = 150;

/** The state as the words of an address; also what a session file keeps of the page. */
export function pageWords(): Record<string, string> {
  const { row, column } = probe.value;
  const words: Record<string, string> = { source: source.value };
  if (source.value === "threshold") {
    words.T = String(threshold.value);
    words.min = String(minimumSize.value);
  }
  if (series.value) {
    words.frame = String(frame.value);
    if (followed.value >= 0) words.track = String(followed.value);
  }
  words.view = realView.value.name;
  words.probe = `${row},${column}`;
  if (selection.value.length > 0) words.selected = selection.value.join(".");
  if (outlines.value) words.outlines = "1";
  if (stretched.value) words.stretch = "1";
  if (colouring.value !== "own") words.by = colouring.value;
  if (!spotsWanted.value) words.spots = "0";
  const contrast = contrastWords();
  if (contrast) words.contrast = contrast;
  if (patternScale.value !== "log") words.scale = patternScale.value;
  if (patternColours.value !== "inferno") words.colours = patternColours.value;
  if (tab.value !== "clusters") words.tab = tab.value;
  if (detectorKind.value !== "none") {
    const { row, column, inner = 0, outer } = detector.value;
    const numbers = [row, column, inner, outer].map((number) => Number(number.toFixed(2)));
    words.detector = `${detectorKind.value}:${numbers.join(",")}`;
  }
  return words;
}

/** Puts words of an address or a session into the state; what makes no sense is left as it is. */
export function applyPageWords(words: Readonly<Record<string, string | undefined>>): void {
  const shape = item.value?.shape;
  const [row, column] = (words.probe ?? "").split(",").map(Number);
  if (shape && isIndex(row, shape.rows) && isIndex(column, shape.columns)) probe.value = { row, column };
  if (words.source === "threshold" || words.source === "method") source.value = words.source;
  const wanted = Number(words.T);
  if (words.T && wanted >= -1 && wanted <= 1) threshold.value = wanted;
  const size = Number(words.min);
  if (words.min && Number.isInteger(size) && size >= 1) minimumSize.value = size;
  const view = viewNamed(words.view);
  // What a result does not have cannot be looked at, whatever its address says.
  if (view && (view.group === "clusters" || canShow(view))) lookAt(view);
  outlines.value = words.outlines === "1";
  stretched.value = words.stretch === "1";
  colouring.value = colourings.map(([name]) => name).find((name) => name === words.by) ?? "own";
  spotsWanted.value = words.spots !== "0";
  takeContrast(words.contrast ?? "", (name) => isContrastName(name) || viewNamed(name) !== undefined);
  const names = (words.selected ?? "").split(".").filter(Boolean).map(Number);
  if (shape) select(...names.filter((name) => isIndex(name, shape.rows * shape.columns)));
  const scale = (["log", "sqrt", "linear"] as const).find((name) => name === words.scale);
  if (scale) patternScale.value = scale;
  const colours = (["viridis", "cividis", "grey"] as const).find((name) => name === words.colours);
  if (colours) patternColours.value = colours;
  const wantedTab = (["parameters", "crystal", "export"] as const).find((name) => name === words.tab);
  if (wantedTab) tab.value = wantedTab;
  const [, kind, numbers] = /^(disk|annulus):(.*)$/.exec(words.detector ?? "") ?? [];
  const [y, x, inner, outer] = (numbers ?? "").split(",").map(Number);
  if (kind && [y, x, inner, outer].every(Number.isFinite) && outer > 0) {
    detector.value = { row: y, column: x, outer, ...(kind === "annulus" && { inner }) };
    detectorKind.value = kind as "disk" | "annulus";
  }
}

function isIndex(value: number, end: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < end;
}

/** Words that change with every step of a drag. */
const dragged = ["source", "T", "min", "probe", "selected", "detector", "contrast", "frame", "track"];

/** Writes the address now: after something has come to its end. */
export function writeAddress(): void {
  const opened = item.peek();
  // A page by itself has nothing any more when it is loaded again.
  if (!opened || isAlone()) return;
  const { path, asked: { input, scan } } = wholeOf(opened);
  const query = new URLSearchParams({ open: path, ...untracked(pageWords) });
  if (input.length > 0) query.set("input", JSON.stringify(input));
  if (scan !== undefined) query.set("scan", scan);
  history.replaceState(null, "", `?${query}`);
}

/** Keeps the address up to date: at once, but what is dragged only once it rests. */
export function followAddress(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let before: Record<string, string> = {};
  return effect(() => {
    const opened = item.value;
    const words = pageWords();
    if (!opened || !labelled.value && opened.clustering) return;
    const moves = dragged.some((name) => words[name] !== before[name]);
    before = words;
    clearTimeout(timer);
    if (moves) timer = setTimeout(writeAddress, restFor);
    else writeAddress();
  });
}
