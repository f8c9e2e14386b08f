/** The virtual image of the detector that is drawn on the patterns: quick drafts while it moves, the exact one after. */

import { effect } from "@preact/signals";
import { complain } from "./errors.ts";
import { fetchVirtualImage } from "./server.ts";
import { detector, detectorKind, item, readable, realView, run, virtualImage } from "./state.ts";

/** How long a detector must rest before the exact image is asked for, in milliseconds. */
const restFor = 250;

/** Images that came, for the pace that users see and tests measure. */
export const drafts = { count: 0 };

/** Chooses a detector: a disk on the direct beam, or a ring around it. */
export function chooseDetector(kind: "none" | "disk" | "annulus"): void {
  const shape = item.peek()?.shape;
  if (!shape || !readable.peek() && kind !== "none") return;
  const half = Math.min(shape.patternRows, shape.patternColumns) / 2;
  const { row, column } = detector.peek();
  const { kind: before } = { kind: detectorKind.peek() };
  if (kind === "disk" && before !== "disk") detector.value = { row, column, outer: Math.max(1.5, half / 8) };
  if (kind === "annulus" && before !== "annulus") {
    const centre = item.peek()?.clustering?.center ??
      { row: (shape.patternRows - 1) / 2, column: (shape.patternColumns - 1) / 2 };
    detector.value = { ...centre, inner: Math.max(1, half / 5), outer: Math.max(2, 0.9 * half) };
  }
  detectorKind.value = kind;
  if (kind !== "none") realView.value = "virtual";
}

/** Fetches images as the detector moves. Only one request is on its way; the newest position comes next. */
export function followDetector(): () => void {
  let busy = false, stale = false;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let exact = new AbortController();

  const load = async (draft: boolean) => {
    if (draft && busy) {
      stale = true;
      return;
    }
    const opened = item.peek();
    if (!opened?.scan.readable || run.peek()) return;
    if (draft) busy = true;
    else exact = new AbortController();
    const { signal } = exact;
    try {
      do {
        stale = false;
        const wanted = detector.peek();
        const { header, arrays } = await fetchVirtualImage(opened.id, { detector: wanted, draft }, signal);
        if (item.peek()?.id !== opened.id) return;
        // An exact image of a place that the detector has left is of no use.
        if (!draft && wanted !== detector.peek()) return;
        const values = arrays.image as Float32Array;
        virtualImage.value = { values, exact: header.exact, bin: header.bin, range: rangeOf(values) };
        if (draft) drafts.count++;
      } while (stale);
    } catch (cause) {
      if (!signal.aborted) complain(cause);
    } finally {
      if (draft) busy = false;
    }
  };

  return effect(() => {
    detector.value;
    const wanted = realView.value === "virtual" && readable.value && run.value === null;
    item.value;
    clearTimeout(rest);
    exact.abort();
    exact = new AbortController();
    if (!wanted) return;
    load(true);
    rest = setTimeout(() => {
      if (!virtualImage.peek()?.exact) load(false);
    }, restFor);
  });
}

function rangeOf(values: Float32Array): readonly [number, number] {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
