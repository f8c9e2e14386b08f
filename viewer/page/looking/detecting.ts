/** The virtual image of the detector that is drawn on the patterns: quick drafts while it moves, the exact one after. */

import { effect, type ReadonlySignal } from "@preact/signals";
import type { Parts } from "../../protocol/parts.ts";
import type { Detector, VirtualHeader } from "../../protocol/virtual_images.ts";
import { AtRest } from "../at_rest.ts";
import { complain } from "../errors.ts";
import { call } from "../client.ts";
import { detector, item, run, virtualImage } from "../state.ts";
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
  /** The detector of the image that is shown. */
  let shown: Detector | null = null;

  const wanted = () => looked.peek() && item.peek()?.scan.readable === true && !run.peek();
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
    for (const signal of [detector, looked, item, run]) signal.value;
    rest.stop();
    if (!wanted()) return;
    draft();
    rest.begin(refine);
  });
}
