/** What another frame shows at the place of a region. */

import assert from "node:assert/strict";
import { footprint } from "../../../library/series/footprint.ts";
import { RegionFrame } from "../../../library/series/region_frame.ts";

const rows = 8, columns = 10, still = { row: 0, column: 0 };

/** Probes of rows 2 to 5: which region each has, and the light that it adds to a support of 100. */
function frameOf(inner: readonly [from: number, to: number, region: number, light: number][]): RegionFrame {
  const labels = new Int32Array(rows * columns).fill(-1),
    darkField = new Float32Array(rows * columns).fill(100);
  for (const [from, to, region, light] of inner) {
    for (let row = 2; row < 6; row++) {
      labels.fill(region, row * columns + from, row * columns + to);
      darkField.fill(100 + light, row * columns + from, row * columns + to);
    }
  }
  return new RegionFrame({ rows, columns, labels, count: Math.max(0, ...labels) + 1, darkField });
}

const now = frameOf([[2, 6, 0, 50]]);

Deno.test("light tells a crystal that was missed from bare support", () => {
  assert.deepEqual(footprint(now, 0, frameOf([]), still), { seen: 1, covered: 0, light: 0 });
  assert.deepEqual(footprint(now, 0, frameOf([[2, 6, -1, 40]]), still), { seen: 1, covered: 0, light: 0.8 });
  assert.deepEqual(footprint(now, 0, frameOf([[3, 7, -1, 50]]), { row: 0, column: 1 }), {
    ...{ seen: 1, covered: 0, light: 1 },
  });
});

Deno.test("light says nothing where regions cover the place, and where support or dark field are missing", () => {
  const covered = footprint(now, 0, frameOf([[1, 5, 0, 50]]), still);
  assert.deepEqual([covered.seen, covered.covered, covered.light], [1, 0.75, NaN]);
  const half = footprint(now, 0, frameOf([[1, 4, 0, 50], [4, 6, -1, 25]]), still);
  assert.deepEqual([half.covered, half.light], [0.5, 0.5]);
  const film = frameOf([[0, columns, -1, 0]]);
  const everywhere = new RegionFrame({ ...film, labels: new Int32Array(rows * columns), count: 1 });
  assert.ok(Number.isNaN(footprint(everywhere, 0, frameOf([]), still).light));
  const dark = new RegionFrame({ ...now, labels: now.labels, darkField: undefined });
  assert.ok(Number.isNaN(footprint(dark, 0, frameOf([]), still).light));
});

Deno.test("what the other frame does not show is not counted", () => {
  const { seen, covered } = footprint(now, 0, frameOf([[0, 2, 0, 50]]), { row: 0, column: -4 });
  assert.deepEqual([seen, covered], [0.5, 1]);
  assert.equal(footprint(now, 0, frameOf([]), { row: 0, column: 9 }).seen, 0);
});
