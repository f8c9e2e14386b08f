/** Shapes drawn on a map, and masks as they travel. */

import assert from "node:assert/strict";
import { decodeMask, encodeMask } from "../../../viewer/labels/drawn_mask.ts";
import { applyShape, type Shape } from "../../../viewer/drawing/shapes.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import { seededRandom } from "../../support/random.ts";

/** Whether the middle of a probe is in a shape, by definition. */
function contains(shape: Shape, row: number, column: number): boolean {
  const y = row + 0.5, x = column + 0.5;
  switch (shape.kind) {
    case "rectangle": {
      const { from, to } = shape;
      return y >= Math.min(from.row, to.row) && y < Math.max(from.row, to.row) &&
        x >= Math.min(from.column, to.column) && x < Math.max(from.column, to.column);
    }
    case "polygon": {
      // The number of times a ray to the right crosses the border.
      let inside = false;
      shape.corners.forEach((corner, index) => {
        const next = shape.corners[(index + 1) % shape.corners.length];
        if (corner.row > y === next.row > y) return;
        const crossing = corner.column +
          (y - corner.row) / (next.row - corner.row) * (next.column - corner.column);
        if (crossing <= x) inside = !inside;
      });
      return inside;
    }
    case "brush":
      return shape.line.some((from, index) => {
        const to = shape.line[index + 1] ?? from;
        const steps = 2000;
        for (let step = 0; step <= steps; step++) {
          const share = step / steps;
          const far = Math.hypot(
            y - from.row - share * (to.row - from.row),
            x - from.column - share * (to.column - from.column),
          );
          if (far <= shape.radius) return true;
        }
        return false;
      });
  }
}

function randomShape(kind: Shape["kind"], random: () => number): Shape {
  const point = () => ({ row: random() * 20 - 4, column: random() * 20 - 4 });
  if (kind === "rectangle") return { kind, from: point(), to: point() };
  if (kind === "polygon") {
    return { kind, corners: Array.from({ length: Math.floor(random() * 7) }, () => point()) };
  }
  const line = Array.from({ length: Math.floor(random() * 3) }, () => point());
  return { kind, line, radius: random() * 4 };
}

for (const kind of ["rectangle", "polygon", "brush"] as const) {
  Deno.test(`a ${kind} holds the probes whose middles are in it`, () => {
    let filled = 0;
    for (let seed = 0; seed < 120; seed++) {
      const random = seededRandom(seed),
        rows = 1 + Math.floor(random() * 14),
        columns = 1 + Math.floor(random() * 14);
      const shape = randomShape(kind, random);
      const mask = Uint8Array.from({ length: rows * columns }, () => random() < 0.5 ? 1 : 0),
        before = mask.slice();
      for (const action of ["add", "remove"] as const) {
        const expected = before.map((inside, probe) => {
          const held = contains(shape, Math.floor(probe / columns), probe % columns);
          if (held) filled++;
          return held ? (action === "add" ? 1 : 0) : inside;
        });
        assert.deepEqual(applyShape(mask, { rows, columns }, shape, action), expected, `seed ${seed}`);
        assert.deepEqual(mask, before);
      }
    }
    assert.ok(filled > 1000, String(filled));
  });
}

Deno.test("masks come back from their runs", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = seededRandom(seed), share = random();
    const mask = Uint8Array.from({ length: Math.floor(random() * 40) }, () => random() < share ? 1 : 0);
    const drawn = encodeMask(mask);
    assert.deepEqual(decodeMask(drawn, mask.length), mask);
    assert.deepEqual(encodeMask(decodeMask(drawn, mask.length)), drawn);
  }
  assert.deepEqual(encodeMask(Uint8Array.of(1, 1, 0)), { runs: [0, 2, 1] });
});

Deno.test("runs that are no mask of the scan are refused", () => {
  for (const runs of [[3], [5], [2, 3], [-1, 5], [1.5, 2.5], [2, 0, 2], [NaN, 4], [1e300]]) {
    assert.throws(() => decodeMask({ runs }, 4), BadParameter, JSON.stringify(runs));
  }
});
