/** The virtual image of the detector that is drawn on the patterns: quick drafts while it moves, the exact one after. */

import { effect } from "@preact/signals";
import type { Parts } from "../../protocol/parts.ts";
import type { Detector, VirtualHeader } from "../../protocol/virtual_images.ts";
import { AtRest } from "../at_rest.ts";
import { complain } from "../errors.ts";
import { directBeam } from "./direct_beam.ts";
import { call } from "../client.ts";
import { detector, detectorKind, item, readable, realView, run, virtualImage } from "../state.ts";
import { rangeOf } from "../value_range.ts";

/** How long a detector must rest before the exact image is asked for, in milliseconds. */
const restFor = 250;

/** Chooses a detector: a disk on the direct beam, or a ring around it. */
export function chooseDetector(kind: "none" | "disk" | "annulus"): void {
  const opened = item.peek();
  if (!opened || !readable.peek() && kind !== "none") return;
  const half = Math.min(opened.shape.patternRows, opened.shape.patternColumns) / 2;
  const { row, column } = detector.peek(), before = detectorKind.peek();
  if (kind === "disk" && before !== "disk") detector.value = { row, column, outer: Math.max(1.5, half / 8) };
  if (kind === "annulus" && before !== "annulus") {
    detector.value = { ...directBeam(opened), inner: Math.max(1, half / 5), outer: Math.max(2, 0.9 * half) };
  }
  detectorKind.value = kind;
  if (kind !== "none") realView.value = "virtual";
}

/** Fetches images as the detector moves. Only one draft is on its way; the newest position comes next. */
export function followDetector(): () => void {
  let busy = false, stale = false;
  const rest = new AtRest(restFor);
  /** The detector of the image that is shown. */
  let shown: Detector | null = null;

  const wanted = () => realView.peek() === "virtual" && item.peek()?.scan.readable === true && !run.peek();
  const show = (of: Detector, { header, arrays }: Parts<VirtualHeader>) => {
    const values = arrays.image as Float32Array;
    shown = of;
    virtualImage.value = { values, exact: header.exact, bin: header.bin, range: rangeOf(values) };
  };

  const draft = async () => {
    stale = true;
    if (busy) return;
    busy = true;
    try {
      while (stale && wanted()) {
        stale = false;
        const { id } = item.peek()!, of = detector.peek();
        const answer = await call("POST /api/items/:id/virtual", { id }, { detector: of, draft: true });
        const late = shown === of && virtualImage.peek()?.exact === true;
        if (item.peek()?.id !== id || late) continue;
        show(of, answer);
        performance.mark("crystallite virtual image");
      }
    } catch (cause) {
      complain(cause);
    } finally {
      busy = false;
    }
  };

  const refine = async (signal: AbortSignal) => {
    const of = detector.peek();
    if (!wanted() || shown === of && virtualImage.peek()?.exact) return;
    try {
      const { id } = item.peek()!;
      const answer = await call(
        "POST /api/items/:id/virtual",
        { id },
        { detector: of, draft: false },
        signal,
      );
      // Whatever made it useless has stopped it.
      if (!signal.aborted) show(of, answer);
    } catch (cause) {
      if (!signal.aborted) complain(cause);
    }
  };

  return effect(() => {
    for (const signal of [detector, realView, item, run]) signal.value;
    rest.stop();
    if (!wanted()) return;
    draft();
    rest.begin(refine);
  });
}
