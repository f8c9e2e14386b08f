/** The colour bar of a map: it opens the contrast. */

import type { Legend } from "../page/views/view.ts";
import { ColourBar } from "./ColourBar.tsx";
import { ContrastPlot } from "./ContrastPlot.tsx";
import { usePopover } from "./popover.ts";

export function ContrastButton({ map, low, high, contrast }: Extract<Legend, { kind: "values" }>) {
  const { open, toggle, button, content } = usePopover('[role="slider"]');
  if (!contrast) return <ColourBar map={map} low={low} high={high} />;
  return (
    <>
      <button
        type="button"
        class="colour-button"
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={open}
        title="Contrast"
        onClick={toggle}
      >
        <span class="unseen">Contrast of the map,</span>
        <ColourBar map={map} low={low} high={high} />
      </button>
      {open && (
        <div class="popover wide-popover" role="dialog" aria-label="Contrast of the map" ref={content}>
          <h3>Contrast</h3>
          <ContrastPlot {...contrast} />
        </div>
      )}
    </>
  );
}
