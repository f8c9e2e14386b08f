/** Taking and dragging what lies over a picture. */

import assert from "node:assert/strict";
import { cornerAt, detectorGrip, dragDetector } from "../display/drawing/grips.ts";
import { fitViewport, toScreen } from "../display/drawing/viewport.ts";

const viewport = fitViewport({ rows: 64, columns: 64 }, { width: 640, height: 640, ratio: 1 });
const ring = { row: 31.5, column: 31.5, inner: 8, outer: 20 };

/** A point so many detector pixels right of the middle of the ring. */
const right = (distance: number) => toScreen(viewport, { row: 32, column: 32 + distance });

Deno.test("circles are taken within nine pixels, the inside elsewhere, nothing outside", () => {
  assert.equal(detectorGrip(viewport, ring, right(20)), "outer");
  assert.equal(detectorGrip(viewport, ring, right(20.8)), "outer");
  assert.equal(detectorGrip(viewport, ring, right(8.5)), "inner");
  assert.equal(detectorGrip(viewport, ring, right(14)), "inside");
  assert.equal(detectorGrip(viewport, ring, right(2)), "inside");
  assert.equal(detectorGrip(viewport, ring, right(22)), null);
  assert.equal(detectorGrip(viewport, { row: 31.5, column: 31.5, outer: 20 }, right(0)), "inside");
  // Where both circles are near, the nearer one.
  const thin = { ...ring, inner: 19.2 };
  assert.equal(detectorGrip(viewport, thin, right(19.3)), "inner");
  assert.equal(detectorGrip(viewport, thin, right(19.9)), "outer");
});

Deno.test("dragging moves or resizes, and rings stay rings on the detector", () => {
  const moved = dragDetector(viewport, ring, "inside", right(0), right(3.25));
  assert.deepEqual(moved, { ...ring, column: 34.75 });
  assert.equal(dragDetector(viewport, ring, "inside", right(0), right(500)).column, 63);
  assert.equal(dragDetector(viewport, ring, "outer", right(20), right(25)).outer, 25);
  assert.equal(dragDetector(viewport, ring, "outer", right(20), right(2)).outer, 8.7);
  assert.equal(dragDetector(viewport, ring, "inner", right(8), right(40)).inner, 19.3);
  assert.equal(dragDetector(viewport, ring, "inner", right(8), right(0)).inner, 0.7);
});

Deno.test("the nearest corner is taken", () => {
  const corners = [{ row: 10, column: 10 }, { row: 10, column: 11 }, { row: 40, column: 40 }];
  const at = (row: number, column: number) =>
    cornerAt(viewport, corners, toScreen(viewport, { row, column }));
  assert.equal(at(10, 10.4), 0);
  assert.equal(at(10, 10.6), 1);
  assert.equal(at(40.5, 40.5), 2);
  assert.equal(at(30, 30), -1);
});
