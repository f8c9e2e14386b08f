/** The data canvas of a pane: WebGL2 where a graphics card does it, else 2D; it outlives a lost context. */

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

  /**
   * @param prefer `2d` draws without WebGL2 even where there is one, `webgl2` with it even where the processor must
   * imitate a graphics card, which is slower than a 2D canvas
   */
  constructor(canvas: HTMLCanvasElement, prefer?: "webgl2" | "2d") {
    this.canvas = canvas;
    const wanted = prefer === undefined ? hasGraphicsCard() : prefer === "webgl2";
    this.#gl = wanted ? canvas.getContext("webgl2", attributes) : null;
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

const attributes: WebGLContextAttributes = { alpha: false, antialias: false, depth: false, stencil: false };

let known: boolean | undefined;

/** Whether WebGL2 runs on a graphics card; asked once, on a canvas of its own. */
function hasGraphicsCard(): boolean {
  return known ??= looksLikeCard(new OffscreenCanvas(1, 1));
}

function looksLikeCard(canvas: OffscreenCanvas): boolean {
  const gl = canvas.getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  if (!gl) return false;
  const details = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(details ? details.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  // Browsers do not all keep their promise to fail.
  return !/swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

function flatContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw new Error("the browser can draw neither with WebGL2 nor on a 2D canvas");
  return context;
}
