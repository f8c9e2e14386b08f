/** Draws the map of real space: the data below, what lies on top of it above, each at most once a frame. */

import { effect } from "@preact/signals";
import { MapCanvas, type Picture } from "../../drawing/map_canvas.ts";
import { fitViewport, resizeViewport, type Viewport } from "../../drawing/viewport.ts";
import { CanvasSizes, tellPlace } from "./canvas_sizes.ts";
import { currentMask } from "../editing/editing.ts";
import { realViewport } from "../looking/looking.ts";
import { RealOverlay } from "./real_overlay.ts";
import { drawnMap, drawnMask, item, labelled, map, realView, run, theme, virtualImage } from "../state.ts";

/** Left free around the map in CSS pixels: the tools stand at its left. */
const margin = { x: 52, y: 8 };

/** One pair of canvases. Dispose it with the element. */
export class RealPicture {
  readonly #element: HTMLCanvasElement;
  readonly #canvas: MapCanvas;
  readonly #overlay: RealOverlay;
  readonly #sizes: CanvasSizes;
  readonly #stops: (() => void)[];
  #frame = 0;

  constructor(data: HTMLCanvasElement, overlay: HTMLCanvasElement) {
    this.#element = overlay;
    this.#canvas = new MapCanvas(data);
    this.#overlay = new RealOverlay(overlay);
    this.#sizes = new CanvasSizes(overlay, (size) => {
      const { rows, columns } = item.peek()!.shape, before = realViewport.peek();
      const canvas = { ...size, margin };
      realViewport.value = before
        ? resizeViewport(before, { rows, columns }, canvas)
        : fitViewport({ rows, columns }, canvas);
    });
    this.#stops = [
      effect(() => {
        // Another scan is fitted anew.
        const shape = item.value?.shape, before = realViewport.peek();
        if (shape && before) realViewport.value = resizeViewport(before, shape, before);
      }),
      effect(() => {
        this.#depends();
        this.#draw();
      }),
      effect(() => {
        this.#overlay.depends();
        this.#draw();
      }),
    ];
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    cancelAnimationFrame(this.#frame);
    this.#sizes.disconnect();
    this.#canvas.close();
    realViewport.value = null;
  }

  /** Reads every signal that the data depend on. */
  #depends(): void {
    for (const signal of [realViewport, realView, theme, drawnMap, map, drawnMask, virtualImage, run]) {
      signal.value;
    }
  }

  #draw(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const viewport = realViewport.peek(), opened = item.peek();
      if (!viewport || !opened) return;
      const growing = run.peek();
      this.#canvas.draw({
        picture: this.#picture(viewport),
        theme: theme.peek(),
        ...(growing && realView.peek() === "clusters" && { rowsDone: growing.rows }),
      }, viewport);
      this.#overlay.draw(viewport);
      tellPlace(this.#element, viewport);
      if (drawnMap.peek()) performance.mark("crystallite map");
    });
  }

  /** What the chosen view shows, or an empty mask where it has nothing to show yet. */
  #picture({ rows, columns }: Viewport): Picture {
    const size = { rows, columns };
    const loaded = map.peek();
    switch (realView.peek()) {
      case "clusters": {
        const shown = drawnMap.peek() ?? labelled.peek();
        if (!shown || shown.labels.length !== rows * columns) break;
        return {
          ...size,
          kind: "clusters",
          labels: shown.labels,
          colours: shown.colours,
          mask: this.#mask(),
        };
      }
      case "similarity": {
        if (!loaded) break;
        const [low, high] = loaded.meanRange;
        return {
          ...size,
          kind: "scalar",
          values: loaded.mean,
          range: { low, high },
          scale: "linear",
          map: "viridis",
        };
      }
      case "virtual": {
        const image = virtualImage.peek();
        if (!image || image.values.length !== rows * columns) break;
        const [low, high] = image.range;
        return {
          ...size,
          kind: "scalar",
          values: image.values,
          range: { low, high },
          scale: "linear",
          map: "grey",
        };
      }
      case "mask":
        return { ...size, kind: "mask", mask: this.#mask() };
    }
    return { ...size, kind: "mask", mask: new Uint8Array(rows * columns) };
  }

  #known: { readonly drawn: unknown; readonly loaded: unknown; readonly mask: Uint8Array } | null = null;

  /** The mask that holds; the same array while it is the same mask, so that it is not sent to the card again. */
  #mask(): Uint8Array {
    const drawn = drawnMask.peek(), loaded = run.peek() ? null : map.peek();
    if (this.#known?.drawn !== drawn || this.#known?.loaded !== loaded) {
      const { rows, columns } = item.peek()!.shape;
      const mask = loaded || drawn ? currentMask() : new Uint8Array(rows * columns).fill(1);
      this.#known = { drawn, loaded, mask };
    }
    return this.#known!.mask;
  }
}
