/// <reference lib="dom" />
/** The data canvas of a pane: WebGL2 where there is one, else 2D; it outlives a lost context. */

import { FlatMap } from "./flat_map.ts";
import type { MapScene } from "./map_scene.ts";
import type { Viewport } from "./viewport.ts";
import { WebGlMap } from "./webgl_map.ts";

export type { ColourMapName, MapScene, Picture, Theme } from "./map_scene.ts";

/** Draws scenes on a canvas element. */
export class MapCanvas {
  readonly canvas: HTMLCanvasElement;
  /** How it draws. */
  readonly renderer: "webgl2" | "2d";
  readonly #gl: WebGL2RenderingContext | null;
  #map: WebGlMap | FlatMap | null;
  #last: { readonly scene: MapScene; readonly viewport: Viewport } | undefined;
  readonly #listeners = new AbortController();

  /** @param prefer `2d` draws without WebGL2 even where there is one */
  constructor(canvas: HTMLCanvasElement, prefer: "webgl2" | "2d" = "webgl2") {
    this.canvas = canvas;
    this.#gl = prefer === "webgl2"
      ? canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, stencil: false })
      : null;
    this.renderer = this.#gl ? "webgl2" : "2d";
    this.#map = this.#gl ? new WebGlMap(this.#gl) : new FlatMap(flatContext(canvas));
    const { signal } = this.#listeners;
    canvas.addEventListener("webglcontextlost", (event) => {
      // Without this the browser would not restore it.
      event.preventDefault();
      this.#map = null;
    }, { signal });
    canvas.addEventListener("webglcontextrestored", () => {
      this.#map = new WebGlMap(this.#gl!);
      if (this.#last) this.draw(this.#last.scene, this.#last.viewport);
    }, { signal });
  }

  /** Draws a scene. Arrays that are those of the scene before are not sent again. */
  draw(scene: MapScene, viewport: Viewport): void {
    this.#last = { scene, viewport };
    const width = Math.max(1, Math.round(viewport.width * viewport.ratio));
    const height = Math.max(1, Math.round(viewport.height * viewport.ratio));
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.#map?.draw(scene, viewport);
  }

  /** Lets go of the canvas. */
  close(): void {
    this.#listeners.abort();
    this.#gl?.getExtension("WEBGL_lose_context")?.loseContext();
    this.#map = null;
  }
}

function flatContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw new Error("the browser can draw neither with WebGL2 nor on a 2D canvas");
  return context;
}
