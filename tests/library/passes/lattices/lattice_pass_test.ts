/** Lattices of patterns with few counts: against plain loops, against the truth, and where there is little to see. */

import assert from "node:assert/strict";
import { latticeNumbers } from "../../../../library/passes/lattices/lattice_pass.ts";
import { disk, disks, find, of, origin, patterns, pixels, size } from "../../../support/lattice_patterns.ts";
import { plainLattice } from "../../../support/plain_lattice.ts";

/** The kernel's single precision and classes of contrast against float64: far below what a pattern tells. */
function near(found: readonly number[], plain: ReturnType<typeof plainLattice>) {
  plain.mean.forEach((value, i) => {
    const certain = Math.sqrt(plain.covariance[i][i]);
    assert.ok(Math.abs(found[i] - value) < 0.1 * certain, `${i}: ${found[i]}, ${value}, ${certain}`);
  });
  [0, 1, 3, 4].forEach((i, place) => {
    const ratio = Math.sqrt(found[6 + place] / plain.covariance[i][i]);
    assert.ok(Math.abs(ratio - 1) < 0.1, `variance ${i}: ${ratio}`);
  });
  assert.ok(Math.abs(found[10] / plain.effective - 1) < 0.25, `${found[10]}, ${plain.effective}`);
}

Deno.test("means and variances are those of plain loops, for all types of numbers", async () => {
  const { data } = patterns(4, 0.01);
  const all = await find(data);
  for (let pattern = 0; pattern < 4; pattern++) {
    const plain = plainLattice({
      ...{ pattern: data.subarray(pattern * pixels), rows: size, columns: size, origin, disks, ...disk },
    });
    near(of(all, pattern), plain);
  }
  assert.deepEqual(await find(Uint8Array.from(data)), all);
  assert.deepEqual(await find(Float32Array.from(data)), all);
});

Deno.test("pixels that show nothing do not pull disks towards or away from them", async () => {
  const { data } = patterns(4, 0.01), masked: number[] = [];
  for (let row = 20; row < 38; row++) {
    for (let column = 40; column < 50; column++) masked.push(row * size + column);
  }
  const bad = new Uint8Array(pixels);
  for (const pixel of masked) bad[pixel] = 1;
  const dead = data.map((value, index) => bad[index % pixels] ? 0 : value);
  const bright = data.map((value, index) => bad[index % pixels] ? 9 : value);
  const all = await find(dead, { masked });
  assert.deepEqual(await find(bright, { masked }), all);
  for (let pattern = 0; pattern < 4; pattern++) {
    near(
      of(all, pattern),
      plainLattice({
        ...{ pattern: data.subarray(pattern * pixels), rows: size, columns: size, origin, disks, ...disk },
        masked: bad,
      }),
    );
  }
});

Deno.test("lattices are as far from the truth as is told, on average nowhere, and near what the counts allow", async () => {
  const count = 200, { data, changes } = patterns(count, 0.01), found = await find(data, { workers: 2 });
  for (const [i, place] of [[0, 6], [1, 7], [3, 8], [4, 9]]) {
    let sum = 0, squares = 0, told = 0, slope = 0, spread = 0;
    for (let pattern = 0; pattern < count; pattern++) {
      const values = of(found, pattern), off = values[i] - changes[pattern][i];
      sum += off;
      squares += off * off;
      told += values[place];
      slope += values[i] * changes[pattern][i];
      spread += changes[pattern][i] ** 2;
    }
    const error = Math.sqrt(squares / count);
    assert.ok(Math.abs(sum / count) < 3.5 * error / Math.sqrt(count), `mean ${sum / count} of ${error}`);
    assert.ok(Math.abs(squares / told - 1) < 0.5, `told ${Math.sqrt(told / count)}, true ${error}`);
    assert.ok(Math.abs(slope / spread - 1) < 0.15, `a change of 1 is seen as ${slope / spread}`);
  }
});

Deno.test("patterns without counts tell nothing, probes without cluster or origin are left out", async () => {
  const { data } = patterns(4, 0.01);
  data.fill(0, 0, pixels);
  const places = Float32Array.from({ length: 8 }, (_, index) => index === 4 ? NaN : origin[index % 2]);
  const found = await find(data, {
    search: { labels: Int32Array.of(0, -1, 0, 1), origin: places, disks: [disks, []] },
  });
  // What disks would show where the detector ends is all that is known of an empty pattern.
  const empty = of(found, 0);
  assert.ok(empty.every(Number.isFinite), `${empty}`);
  assert.ok(Math.sqrt(empty[6]) > 0.01, `${empty[6]}`);
  for (const pattern of [1, 2, 3]) assert.deepEqual(of(found, pattern), new Array(latticeNumbers).fill(0));
});

Deno.test("disks in one line leave the lattice open, which is told", async () => {
  const { data } = patterns(4, 0.01), line = disks.filter((_, index) => index % 5 === 2);
  const straight = line.map((one, index) => ({ ...one, row: 0, column: 12 * (index - 1) }));
  const found = await find(data, { search: { disks: [straight] } });
  assert.deepEqual(of(found, 0), new Array(latticeNumbers).fill(0));
});

Deno.test("threads and bands change nothing", async () => {
  const { data } = patterns(16, 0.01), one = await find(data);
  assert.deepEqual(await find(data, { workers: 3 }), one);
  assert.deepEqual(await find(data, { workers: 2, bandHeight: 1 }), one);
});

Deno.test("values of so many counts an electron are those electrons", async () => {
  const { data } = patterns(4, 0.01);
  const loud = Float32Array.from(data, (value) => 4 * value);
  assert.deepEqual(await find(loud, { search: { gain: 4 } }), await find(Float32Array.from(data)));
});
