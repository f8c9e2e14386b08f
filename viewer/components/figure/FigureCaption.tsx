/** The caption of a figure: its own, which follows what is shown, or what is written in its place. */

import { withCaption, writeCaption, writtenCaption } from "../../page/figure/choices.ts";
import { usualCaption } from "../../page/figure/composing.ts";
import { Toggle } from "../Toggle.tsx";

export function FigureCaption() {
  const written = writtenCaption.value;
  return (
    <section aria-labelledby="figure-caption">
      <h2 id="figure-caption">Caption</h2>
      <Toggle
        name="Below the figure"
        checked={withCaption.value}
        change={(on) => withCaption.value = on}
      />
      <textarea
        aria-label="Text of the caption"
        rows={5}
        disabled={!withCaption.value}
        value={written ?? usualCaption.value}
        onInput={(event) => writeCaption(event.currentTarget.value)}
      />
      <p class="figure-links">
        <button type="button" class="link" disabled={written === null} onClick={() => writeCaption(null)}>
          Write it for me
        </button>
      </p>
    </section>
  );
}
