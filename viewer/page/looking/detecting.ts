/** The virtual image of the detector that is drawn on the patterns: quick drafts while it moves, the exact one after. */

import { effect, type ReadonlySignal } from "@preact/signals";
import type { Parts } from "../../protocol/parts.ts";
import type { Detector, VirtualHeader } from "../../protocol/virtual_images.ts";
import { AtRest } from "../at_rest.ts";
import { complain } from "../errors.ts";
import { call } from "../client.ts";
import { mark } from "../marks.ts";
import { repaired } from "./bad_pixels.ts";
import { detector, item, reconnections, run, virtualImage } from "../state.ts";
import { rangeOf } from "../value_range.ts";

/** How long a detector must rest before the exact image is asked for, in milliseconds. */
const restFor = 250;

/**
 * Fetches images as the detector moves. Only one draft is on its way; the newest position comes next.
 *
 * @param looked whether the image is looked at
 */
export function followDetector(looked: ReadonlySignal<boolean>): () => void {
  let busy = false, stale = false;
  const rest = new AtRest(restFor);
  /** Of what the image is that is shown: the detector, and what else it depends on. */
  let shown: { readonly detector: Detector; readonly key: string } | null = null;
  const keyOf = () => `${item.peek()?.id}:${item.peek()?.revision}:${repaired.peek()}`;
  const isShown = (of: Detector, key: string) => shown?.detector === of && shown.key === key;

  const wanted = () => looked.peek() && item.peek()?.scan.readable === true && !run.peek();
  const show = (of: Detector, key: string, { header, arrays }: Parts<VirtualHeader>) => {
    const values = arrays.image as Float32Array;
    shown = { detector: of, key };
    virtualImage.value = {
      of,
      values,
      exact: header.exact,
      bin: header.bin,
      step: header.step,
      range: rangeOf(values),
    };
  };

  const draft = async () => {
    stale = true;
    if (busy) return;
    busy = true;
    try {
      while (stale && wanted()) {
        stale = false;
        const { id, revision } = item.peek()!,
          of = detector.peek(),
          key = keyOf(),
          recorded = !repaired.peek();
        const answer = await call(
          "POST /api/items/:id/virtual",
          { id, revision },
          // The first image comes at once, as coarse as need be.
          { detector: of, draft: true, coarse: virtualImage.peek() === null, recorded },
        );
        const late = isShown(of, key) && virtualImage.peek()?.exact === true;
        if (keyOf() !== key || late) continue;
        show(of, key, answer);
        if (answer.header.step !== undefined) stale = true;
        mark("crystallite virtual image");
      }
    } catch (cause) {
      complain(cause);
    } finally {
      busy = false;
    }
  };

  const refine = async (signal: AbortSignal) => {
    const of = detector.peek(), key = keyOf(), recorded = !repaired.peek();
    if (!wanted() || isShown(of, key) && virtualImage.peek()?.exact) return;
    try {
      const { id, revision } = item.peek()!;
      const answer = await call(
        "POST /api/items/:id/virtual",
        { id, revision },
        { detector: of, draft: false, recorded },
        signal,
      );
      // Whatever made it useless has stopped it.
      if (!signal.aborted) show(of, key, answer);
    } catch (cause) {
      if (!signal.aborted) complain(cause);
    }
  };

  return effect(() => {
    for (const signal of [detector, looked, item, run, repaired, reconnections]) signal.value;
    rest.stop();
    // An image with other bad pixels, or of another scan, is none of this.
    if (shown !== null && shown.key !== keyOf()) {
      shown = null;
      virtualImage.value = null;
    }
    if (!wanted()) return;
    draft();
    rest.begin(refine);
  });
}
