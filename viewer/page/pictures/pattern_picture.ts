/** Draws one pattern, with the detector on it. */

import { effect, type ReadonlySignal, untracked } from "@preact/signals";
import { MapCanvas, type Picture } from "../../drawing/map_canvas.ts";
import { resizeViewport, type Viewport } from "../../drawing/viewport.ts";
import type { SpotsAnswer } from "../../protocol/crystals.ts";
import { CanvasSizes, tellPlace } from "./canvas_sizes.ts";
import { patternViewport } from "../looking/looking.ts";
import { PatternOverlay } from "./pattern_overlay.ts";
import { ownContrast } from "../looking/own_contrast.ts";
import { patternRange } from "../looking/pattern_range.ts";
import { tellPicture } from "./shown_pictures.ts";
import { mark } from "../marks.ts";
import { brightest, item, patternColours, patternScale, type ShownPattern, theme } from "../state.ts";

const margin = { x: 8, y: 8 };

/** One pair of canvases. Dispose it with the element. */
export class PatternPicture {
  readonly #element: HTMLCanvasElement;
  readonly #canvas: MapCanvas;
  readonly #overlay: PatternOverlay;
  readonly #sizes: CanvasSizes;
  readonly #stops: (() => void)[];
  readonly #pattern: ReadonlySignal<ShownPattern | null>;
  #size: Viewport | null = null;
  #frame = 0;

  /** @param marks peaks and spots of the pattern */
  constructor(
    data: HTMLCanvasElement,
    overlay: HTMLCanvasElement,
    pattern: ReadonlySignal<ShownPattern | null>,
    marks?: ReadonlySignal<SpotsAnswer | null>,
  ) {
    this.#pattern = pattern;
    this.#element = overlay;
    this.#canvas = new MapCanvas(data);
    this.#overlay = new PatternOverlay(overlay, pattern, marks);
    this.#sizes = new CanvasSizes(overlay, (size) => {
      const { patternRows: rows, patternColumns: columns } = item.peek()!.shape;
      this.#size = { ...emptyViewport, rows, columns, ...size, margin };
      patternViewport.value ??= resizeViewport(emptyViewport, { rows, columns }, this.#size);
      this.#draw();
    });
    this.#stops = [
      tellPicture(overlay.id, {
        ...{ data, overlay },
        draw: () => this.#drawNow(),
        picture: () => this.#picture(),
        viewport: () => this.viewport,
        drawOver: (ink, viewport) => this.#overlay.drawOn(ink, viewport),
      }),
      effect(() => {
        for (
          const signal of [
            pattern,
            patternViewport,
            patternRange,
            patternColours,
            patternScale,
            brightest,
            theme,
          ]
        ) {
          signal.value;
        }
        if (pattern.value) ownContrast(pattern.value);
        this.#overlay.depends();
        this.#draw();
      }),
    ];
  }

  /** How the pattern lies on this canvas: zoom and middle are those of both. */
  get viewport(): Viewport | null {
    const shared = patternViewport.peek(), shape = item.peek()?.shape;
    if (!this.#size || !shared || !shape) return null;
    return resizeViewport(shared, { rows: shape.patternRows, columns: shape.patternColumns }, this.#size);
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    cancelAnimationFrame(this.#frame);
    this.#sizes.disconnect();
    this.#canvas.close();
  }

  #draw(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#drawNow();
    });
  }

  /** The pattern in its colours; `null` while there is none that fits. */
  #picture(): Picture | null {
    const shape = item.peek()?.shape, pattern = this.#pattern.peek();
    if (!shape || pattern?.values.length !== shape.patternRows * shape.patternColumns) return null;
    const { patternRows: rows, patternColumns: columns } = shape, { values } = pattern;
    const own = untracked(() => ownContrast(pattern));
    if (own) {
      const { range, scale, map } = own;
      return { ...{ rows, columns }, kind: "scalar", values, range, scale, map };
    }
    const range = patternRange.peek() ?? { low: 0, high: 1 };
    const colours = { scale: patternScale.peek(), map: patternColours.peek() };
    return { ...{ rows, columns }, kind: "scalar", values, range, ...colours };
  }

  #drawNow(): void {
    const viewport = this.viewport;
    if (!viewport) return;
    const { rows, columns } = viewport, picture = this.#picture();
    const empty = { range: { low: 0, high: 1 }, scale: "linear", map: patternColours.peek() } as const;
    this.#canvas.draw({
      picture: picture ??
        { ...{ rows, columns }, kind: "scalar", values: new Float32Array(rows * columns), ...empty },
      theme: theme.peek(),
    }, viewport);
    this.#overlay.draw(viewport);
    tellPlace(this.#element, viewport);
    if (picture) mark("crystallite pattern");
  }
}

/** Shares no picture with any, so that the first one is fitted. */
const emptyViewport: Viewport = {
  ...{ rows: 0, columns: 0, width: 1, height: 1, ratio: 1, zoom: 1, scale: 1, rowScale: 1, left: 0, top: 0 },
  centre: { row: 0, column: 0 },
};
