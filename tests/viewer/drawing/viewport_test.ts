/** Where pictures lie on the canvas. */

import assert from "node:assert/strict";
import {
  fitViewport,
  panViewport,
  pinchViewport,
  pixelAt,
  resizeViewport,
  toPicture,
  toScreen,
  type Viewport,
  wheelFactor,
  zoomAbout,
} from "../../../viewer/drawing/viewport.ts";
import { seededRandom } from "../../support/random.ts";

const picture = { rows: 144, columns: 200 }, canvas = { width: 800, height: 500, ratio: 1.5 };

function close(actual: number, expected: number, within = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);
}

/** The corner of the picture is on a device pixel. */
function demandSharp({ left, top, ratio }: Viewport): void {
  for (const edge of [left, top]) close(edge * ratio, Math.round(edge * ratio), 1e-6);
}

Deno.test("all of the picture is shown in the middle, within the margin", () => {
  for (const margin of [undefined, { x: 50, y: 8 }]) {
    const viewport = fitViewport(picture, { ...canvas, margin });
    const corner = toScreen(viewport, { row: 0, column: 0 });
    const end = toScreen(viewport, { row: picture.rows, column: picture.columns });
    assert.ok(corner.x >= (margin?.x ?? 0) - 1 && end.x <= canvas.width - (margin?.x ?? 0) + 1);
    assert.ok(corner.y >= (margin?.y ?? 0) - 1 && end.y <= canvas.height - (margin?.y ?? 0) + 1);
    close(corner.x + end.x, canvas.width, 1);
    close(corner.y + end.y, canvas.height, 1);
    // One side fits to a quarter of a device pixel for each probe.
    assert.ok(Math.max(end.x - corner.x + 2 * (margin?.x ?? 0), end.y - corner.y) > 460);
    demandSharp(viewport);
  }
});

Deno.test("screen and picture are inverse to each other, and pixels are found by what is under the pointer", () => {
  const random = seededRandom(1);
  let viewport = fitViewport(picture, canvas);
  for (let step = 0; step < 500; step++) {
    const point = { x: random() * canvas.width, y: random() * canvas.height };
    viewport = random() < 0.7
      ? zoomAbout(viewport, point, Math.exp(random() * 3 - 1.5))
      : panViewport(viewport, random() * 200 - 100, random() * 200 - 100);
    const place = toPicture(viewport, point), back = toScreen(viewport, place);
    close(back.x, point.x, 1e-6);
    close(back.y, point.y, 1e-6);
    const pixel = pixelAt(viewport, point);
    const inside = place.row >= 0 && place.column >= 0 && place.row < picture.rows &&
      place.column < picture.columns;
    assert.deepEqual(pixel, inside ? { row: Math.floor(place.row), column: Math.floor(place.column) } : null);
    assert.ok(viewport.zoom >= 1 && viewport.zoom <= 40);
    demandSharp(viewport);
  }
});

Deno.test("zooming keeps what is under the pointer there, up to the pixel that pictures are set to", () => {
  const point = { x: 500, y: 300 };
  let viewport = fitViewport(picture, canvas);
  const before = toPicture(viewport, point);
  for (const factor of [2, 1.7, 4, 0.5, 3]) {
    viewport = zoomAbout(viewport, point, factor);
    const after = toScreen(viewport, before);
    close(after.x, point.x, 3);
    close(after.y, point.y, 3);
  }
});

Deno.test("many small steps of zooming, as two fingers make, keep what is under them there too", () => {
  const canvas = { width: 731, height: 617, ratio: 1 }, point = { x: 390.25, y: 281.75 };
  let viewport = zoomAbout(fitViewport({ rows: 40, columns: 48 }, canvas), { x: 365, y: 308 }, 4);
  const before = toPicture(viewport, point);
  const away = (viewport: Viewport, x: number, y: number) => {
    const now = toScreen(viewport, before);
    return Math.hypot(now.x - x, now.y - y);
  };
  for (let step = 0; step < 60; step++) {
    viewport = pinchViewport(viewport, point, step % 2 ? 1.02 : 1 / 1.03, 0, 0);
  }
  assert.ok(away(viewport, point.x, point.y) < 1.2);
  assert.ok(away(pinchViewport(viewport, point, 1.1, 30, -20), point.x + 30, point.y - 20) < 1.5);
  assert.deepEqual(pinchViewport(viewport, point, 0.01, 30, -20), fitViewport(viewport, viewport));
});

Deno.test("zoom ends at 40, and all the way out shows all again", () => {
  const fitted = fitViewport(picture, canvas), point = { x: 100, y: 100 };
  const near = zoomAbout(fitted, point, 1000);
  assert.equal(near.zoom, 40);
  assert.deepEqual(zoomAbout(panViewport(near, 5000, 300), point, 1e-9), fitted);
  assert.equal(wheelFactor(0), 1);
  assert.ok(wheelFactor(-100) > 1 && wheelFactor(100) < 1);
});

Deno.test("the picture can't be moved out of sight", () => {
  const viewport = panViewport(fitViewport(picture, canvas), 1e6, -1e6);
  assert.ok(viewport.left < canvas.width && viewport.top + picture.rows * viewport.scale > 0);
  assert.ok(pixelAt(viewport, { x: canvas.width / 2 + 2, y: canvas.height / 2 - 2 }) !== null);
});

Deno.test("another canvas shows the same part, another picture is fitted", () => {
  const viewport = zoomAbout(fitViewport(picture, canvas), { x: 700, y: 50 }, 5);
  const wider = resizeViewport(viewport, picture, { ...canvas, width: 1000 });
  assert.equal(wider.zoom, 5);
  assert.deepEqual(wider.centre, viewport.centre);
  const other = { rows: 64, columns: 64 };
  assert.deepEqual(resizeViewport(viewport, other, canvas), fitViewport(other, canvas));
});

Deno.test("a canvas without room still has a scale", () => {
  assert.ok(fitViewport(picture, { width: 0, height: 0, ratio: 1 }).scale > 0);
});

Deno.test("a line of pixels is stretched along its shorter side alone, to a limit, and zoomed without moving", () => {
  for (const [rows, columns] of [[4, 2000], [2000, 4], [144, 200]]) {
    const plain = fitViewport({ rows, columns }, canvas);
    const viewport = fitViewport({ rows, columns }, { ...canvas, stretched: true });
    close(plain.rowScale, plain.scale);
    close(Math.min(viewport.scale, viewport.rowScale), plain.scale, 0.6);
    const longer = Math.max(viewport.scale, viewport.rowScale);
    assert.ok(longer >= plain.scale && longer <= 24);
    assert.ok(Math.max(rows, columns) < 2000 || longer === 24);
    const point = { x: 330, y: 251 }, before = toPicture(viewport, point);
    const after = toPicture(zoomAbout(viewport, point, 5), point);
    close(after.row, before.row, 0.02);
    close(after.column, before.column, 2);
    const again = toScreen(viewport, before);
    close(again.x, point.x);
    close(again.y, point.y);
  }
});
