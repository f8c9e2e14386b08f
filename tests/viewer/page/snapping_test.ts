/** Measuring on patterns: places go to peaks, and say what is known of them. */

import assert from "node:assert/strict";
import type { SpotsAnswer } from "../../../viewer/protocol/crystals.ts";
import type { OpenedItem } from "../../../viewer/protocol/items.ts";
import { patternMeasures, Ruler } from "../../../viewer/page/looking/ruler.ts";
import { nearest, snapped, snaps } from "../../../viewer/page/looking/snapping.ts";
import * as state from "../../../viewer/page/state.ts";

const side = 40;
const values = Float32Array.from({ length: side * side }, (_, at) => {
  const far = Math.hypot(Math.floor(at / side) - 20.3, at % side - 30.6);
  return 5 + 400 * Math.exp(-far * far / 2);
});
const pattern = { of: "x", values, sum: 0, note: "" };
const spots = {
  ...{ cluster: 0, diskRadius: 2, measured: [{ row: 20.25, column: 30.5 }] },
  spots: [{ row: 20, column: 30, intensity: 1, indices: [1, -1, 0], low: true }],
  crystal: { name: "gold", zoneAxis: "[1 1 -2]", ambiguous: false, score: 0.9 },
} as unknown as SpotsAnswer;

function withPage(calibration: object, test: () => void): void {
  const shape = { rows: 1, columns: 1, patternRows: side, patternColumns: side };
  state.item.value = {
    ...{ id: "1", shape, calibration, clustering: { center: { row: 20, column: 20 } } },
  } as unknown as OpenedItem;
  try {
    test();
  } finally {
    state.item.value = null;
    snaps.value = true;
  }
}

Deno.test("a place goes to the measured peak, else to the one in the counts, else nowhere", () =>
  withPage({}, () => {
    // Places are counted from the corner of pixels, peaks from their middle.
    const at = { row: 21.5, column: 32 };
    assert.deepEqual(snapped(at, 8, pattern, spots), { row: 20.75, column: 31 });
    const found = snapped(at, 8, pattern, null);
    assert.ok(Math.hypot(found.row - 20.8, found.column - 31.1) < 0.1, JSON.stringify(found));
    assert.deepEqual(snapped({ row: 5, column: 5 }, 8, pattern, spots), { row: 5, column: 5 });
    // Where pixels are large, what is far on the screen is not near.
    assert.equal(snapped({ row: 25, column: 31 }, 30, pattern, spots).row, 25);
    snaps.value = false;
    assert.deepEqual(snapped(at, 8, pattern, spots), at);
    snaps.value = true;
    assert.deepEqual(snapped(at, 8, { ...pattern, transformed: true }, spots), at);
  }));

Deno.test("of equal places the nearest is taken, within reach", () => {
  const places = [{ row: 0, column: 0 }, { row: 3, column: 0 }];
  assert.equal(nearest(places, { row: 2, column: 0 }, 5), places[1]);
  assert.equal(nearest(places, { row: 2, column: 0 }, 0.5), null);
});

Deno.test("one place has |q|, spacing, indices and zone axis, two have their angle as well", () => {
  const half = ({ row, column }: { row: number; column: number }) => ({
    row: row + 0.5,
    column: column + 0.5,
  });
  const from = half({ row: 20, column: 30 }), to = half({ row: 10, column: 20 });
  withPage({ qPixelSize: { row: 0.02, column: 0.02, unit: "A^-1" } }, () => {
    assert.deepEqual(patternMeasures({ from, to: from, spots }), [
      ["|q|", "0.200 Å⁻¹"],
      ["", "5.00 Å"],
      ["hkl", "(1 \u22121 0)"],
      ["zone axis", "[1 1 \u22122] of gold"],
    ]);
    assert.deepEqual(patternMeasures({ from, to, spots }), [
      ["|q|", "0.200 and 0.200 Å⁻¹"],
      ["", "5.00 and 5.00 Å"],
      ["angle", "90.0°"],
      ["apart", "0.283 Å⁻¹"],
      ["hkl", "(1 \u22121 0) and no spot"],
      ["zone axis", "[1 1 \u22122] of gold"],
    ]);
  });
  withPage({}, () => {
    assert.deepEqual(patternMeasures({ from, to }), [
      ["|q|", "10.0 and 10.0 px"],
      ["angle", "90.0°"],
      ["apart", "14.1 px"],
    ]);
  });
});

Deno.test("a line keeps the spots of the pattern that it was begun on", () => {
  const ruler = new Ruler(), from = { row: 1, column: 1 }, to = { row: 2, column: 5 };
  ruler.press(from, spots);
  ruler.move(to, true);
  ruler.release();
  assert.deepEqual(ruler.ruled.value, { from, to, spots });
});
