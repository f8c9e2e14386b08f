/** The composer of a figure: what is on it at the left as it will be, what it is made of at the right. */

import { useEffect, useRef, useState } from "preact/hooks";
import { formatFixed } from "../../drawing/format.ts";
import { drawing, figure, followFigure, lacking, trouble } from "../../page/figure/composing.ts";
import { resolution, resolutions } from "../../page/figure/choices.ts";
import { dotsOf, downloadFigure, svgBlob } from "../../page/figure/leaving_figure.ts";
import { formatCount } from "../../../library/report/number_format.ts";
import { Icon } from "../Icon.tsx";
import { FigureCaption } from "./FigureCaption.tsx";
import { FigureClusters } from "./FigureClusters.tsx";
import { FigureLook } from "./FigureLook.tsx";

export function FigureDialog({ close }: { readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current!.showModal();
    return followFigure();
  }, []);
  return (
    <dialog ref={dialog} class="figure-dialog" aria-labelledby="figure-heading" onClose={close}>
      <header>
        <h1 id="figure-heading" tabIndex={-1}>Figure</h1>
        <button
          type="button"
          class="icon-button"
          aria-label="Close"
          onClick={() => dialog.current!.close()}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="figure-parts">
        <Preview />
        <div class="figure-choices">
          <FigureLook />
          <FigureClusters />
          <FigureCaption />
        </div>
      </div>
      <Leave />
    </dialog>
  );
}

/** The figure itself, as large as there is room. */
function Preview() {
  const shown = figure.value, [address, setAddress] = useState("");
  useEffect(() => {
    if (!shown) return setAddress("");
    const own = URL.createObjectURL(svgBlob(shown.svg));
    setAddress(own);
    return () => URL.revokeObjectURL(own);
  }, [shown]);
  return (
    <div class="figure-preview" aria-busy={drawing.value}>
      {address && <img src={address} alt="The figure as it will be" />}
      <p role="status">
        {trouble.value || lacking.value || (drawing.value
          ? "Drawing…"
          : shown
          ? `${formatFixed(shown.width, 0)} × ${formatFixed(shown.height, 0)} mm`
          : "")}
      </p>
    </div>
  );
}

function Leave() {
  const shown = figure.value, ready = shown !== null && !drawing.value;
  const dots = shown && dotsOf(shown, resolution.value);
  return (
    <div class="figure-footer">
      <label>
        Dots per inch{" "}
        <select
          value={resolution.value}
          onChange={(event) =>
            resolution.value = Number(event.currentTarget.value) as typeof resolutions[number]}
        >
          {resolutions.map((dots) => <option key={dots} value={dots}>{dots}</option>)}
        </select>
      </label>
      <span>{dots && `PNG of ${formatCount(dots.width)} × ${formatCount(dots.height)}`}</span>
      <button
        type="button"
        class="button"
        disabled={!ready}
        onClick={() => downloadFigure(shown!, "png", resolution.value)}
      >
        Download PNG
      </button>
      <button
        type="button"
        class="button primary"
        disabled={!ready}
        onClick={() => downloadFigure(shown!, "svg", resolution.value)}
      >
        Download SVG
      </button>
    </div>
  );
}
