/** What the browser runs to test drawing: pictures of scenes as pixels, for both renderers. */

import { MapCanvas, type MapScene } from "../../viewer/drawing/map_canvas.ts";
import { outlines } from "../../viewer/drawing/outlines.ts";
import { clearOverlay, drawOutline, outlinePath, type OutlineWeight } from "../../viewer/drawing/overlay.ts";
import type { Viewport } from "../../viewer/drawing/viewport.ts";

/** RGBA of each device pixel. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: number[];
}

type Renderer = "webgl2" | "2d";

function pixelsOf(canvas: HTMLCanvasElement): Pixels {
  const { width, height } = canvas, copy = new OffscreenCanvas(width, height).getContext("2d")!;
  copy.drawImage(canvas, 0, 0);
  return { width, height, data: Array.from(copy.getImageData(0, 0, width, height).data) };
}

/** Draws scenes one after the other on one canvas, each with the arrays of the one before where they are the same. */
function drawScenes(renderer: Renderer, scenes: readonly MapScene[], viewport: Viewport): Pixels[] {
  const map = new MapCanvas(document.createElement("canvas"), renderer);
  if (map.renderer !== renderer) throw new Error(`it draws with ${map.renderer}`);
  const drawn = scenes.map((scene) => {
    map.draw(scene, viewport);
    return pixelsOf(map.canvas);
  });
  map.close();
  return drawn;
}

/** A scene before its context is lost, while it is, and after it is restored, when nothing else has been drawn. */
async function loseContext(scene: MapScene, viewport: Viewport): Promise<Pixels[]> {
  const canvas = document.createElement("canvas"), map = new MapCanvas(canvas, "webgl2");
  map.draw(scene, viewport);
  const before = pixelsOf(canvas);
  const control = canvas.getContext("webgl2")!.getExtension("WEBGL_lose_context")!;
  const happens = (name: string) =>
    new Promise((resolve) => canvas.addEventListener(name, resolve, { once: true }));
  const lost = happens("webglcontextlost");
  control.loseContext();
  await lost;
  map.draw(scene, viewport);
  const restored = new Promise<Pixels>((resolve) =>
    canvas.addEventListener("webglcontextrestored", () => resolve(pixelsOf(canvas)), { once: true })
  );
  // Restoring is allowed once the event has been handled everywhere.
  setTimeout(() => control.restoreContext());
  const after = await restored;
  map.close();
  return [before, after];
}

/** Outlines alone. */
function drawOutlines(
  labels: number[],
  columns: number,
  ids: number[],
  weight: OutlineWeight,
  viewport: Viewport,
): Pixels {
  const canvas = document.createElement("canvas"), context = clearOverlay(canvas, viewport);
  drawOutline(context, viewport, outlinePath(outlines(Int32Array.from(labels), columns, ids)), weight);
  return pixelsOf(canvas);
}

/** What the tests call, with arrays as JSON: they come as plain lists. */
const page = {
  draw(renderer: Renderer, scenes: readonly MapScene[], viewport: Viewport) {
    // Equal lists are one array, as they are on the page.
    const known = new Map<string, unknown>();
    return drawScenes(
      renderer,
      scenes.map((scene) => ({ ...scene, picture: revive(scene.picture, known) })),
      viewport,
    );
  },
  lose: (scene: MapScene, viewport: Viewport) =>
    loseContext({ ...scene, picture: revive(scene.picture, new Map()) }, viewport),
  drawOutlines,
  preferred: () => new MapCanvas(document.createElement("canvas")).renderer,
};

export type MapCanvasPage = typeof page;

const arrayTypes = {
  labels: Int32Array,
  colours: Uint8Array,
  mask: Uint8Array,
  values: Float32Array,
} as const;

function revive(picture: MapScene["picture"], known: Map<string, unknown>): MapScene["picture"] {
  const entries = Object.entries(picture).map(([name, value]) => {
    if (!Object.hasOwn(arrayTypes, name)) return [name, value];
    const key = name + JSON.stringify(value), Type = arrayTypes[name as keyof typeof arrayTypes];
    // JSON has no NaN.
    if (!known.has(key)) {
      known.set(
        key,
        Type.from((value as (number | null)[]).map((number) => number ?? NaN)),
      );
    }
    return [name, known.get(key)];
  });
  return Object.fromEntries(entries);
}

Object.assign(globalThis, { page });
