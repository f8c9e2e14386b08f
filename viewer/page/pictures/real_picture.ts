/** Draws the map of real space: the data below, what lies on top of it above, each at most once a frame. */

import { effect } from "@preact/signals";
import { MapCanvas, type Picture } from "../../drawing/map_canvas.ts";
import { fitViewport, resizeViewport, type Viewport } from "../../drawing/viewport.ts";
import { CanvasSizes, tellPlace } from "./canvas_sizes.ts";
import { realViewport } from "../looking/looking.ts";
import { stretches } from "../looking/narrow_scans.ts";
import { RealOverlay } from "./real_overlay.ts";
import { tellPicture } from "./shown_pictures.ts";
import { mark } from "../marks.ts";
import { drawnMap, item, run, theme } from "../state.ts";
import { behind } from "../series/time.ts";
import { realView } from "../views/real_views.ts";

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
      const canvas = { ...size, margin, stretched: stretches.peek() };
      realViewport.value = before
        ? resizeViewport(before, { rows, columns }, canvas)
        : fitViewport({ rows, columns }, canvas);
    });
    this.#stops = [
      tellPicture(overlay.id, {
        ...{ data, overlay },
        draw: () => this.#drawNow(),
        picture: () => this.#picture(),
        viewport: () => realViewport.peek(),
        drawOver: (ink, viewport) => this.#overlay.drawOn(ink, viewport),
      }),
      effect(() => {
        // Another scan is fitted anew.
        const shape = item.value?.shape, stretched = stretches.value, before = realViewport.peek();
        if (shape && before) realViewport.value = resizeViewport(before, shape, { ...before, stretched });
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
    for (const signal of [realViewport, realView.value.picture, theme, run, behind]) signal.value;
  }

  #draw(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#drawNow();
    });
  }

  /** What the view shows, where it is of what is open. */
  #picture(): Picture | null {
    const viewport = realViewport.peek(), view = realView.peek(), picture = view.picture.peek();
    // Of another frame than the one that is shown there is nothing to see.
    const stale = behind.peek() && view.group !== "tracks";
    const fits = !stale && picture?.rows === viewport?.rows && picture?.columns === viewport?.columns;
    return fits ? picture : null;
  }

  #drawNow(): void {
    const viewport = realViewport.peek();
    if (!viewport || !item.peek()) return;
    const growing = run.peek(), view = realView.peek();
    this.#canvas.draw({
      picture: this.#picture() ?? emptyPicture(viewport),
      theme: theme.peek(),
      ...(growing && view.grows && { rowsDone: growing.rows }),
    }, viewport);
    this.#overlay.draw(viewport);
    // A result whose clusters are still to come has no map yet.
    if (view.name === "clusters" && item.peek()!.clustering && !drawnMap.peek() && !growing) return;
    tellPlace(this.#element, viewport);
    if (drawnMap.peek()) mark("crystallite map");
  }
}

/** Shown while a view has nothing to show. */
function emptyPicture({ rows, columns }: Viewport): Picture {
  return { rows, columns, kind: "mask", mask: new Uint8Array(rows * columns) };
}
