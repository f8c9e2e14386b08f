/** Keeps a canvas as many device pixels large as it is shown. */

import type { CanvasSize, Viewport } from "../../drawing/viewport.ts";

/** Watches one canvas. */
export class CanvasSizes {
  readonly #observer: ResizeObserver;

  /** @param changed called at once, and whenever the size changes; in CSS pixels */
  constructor(canvas: HTMLCanvasElement, changed: (size: CanvasSize) => void) {
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = canvas, ratio = devicePixelRatio || 1;
      if (width === 0 || height === 0) return;
      const columns = Math.round(width * ratio), rows = Math.round(height * ratio);
      if (canvas.width !== columns) canvas.width = columns;
      if (canvas.height !== rows) canvas.height = rows;
      changed({ width, height, ratio });
    };
    this.#observer = new ResizeObserver(measure);
    this.#observer.observe(canvas);
    measure();
  }

  disconnect(): void {
    this.#observer.disconnect();
  }
}

/** Writes down on the element where the picture lies on it, for whoever drives the page from outside. */
export function tellPlace({ dataset }: HTMLElement, { left, top, scale, rowScale }: Viewport): void {
  const place = { left, top, scale, rowScale };
  for (const [name, value] of Object.entries(place)) {
    const text = String(value);
    if (dataset[name] !== text) dataset[name] = text;
  }
}
