/** Lattices of patterns with counts enough for the likelihood to have one maximum: against plain loops, and against the truth. */

import assert from "node:assert/strict";
import { beyondAt, disksAt, latticeNumbers } from "../../../../library/passes/lattices/lattice_pass.ts";
import { informationOf } from "../../../../library/passes/lattices/lattice_tables.ts";
import * as support from "../../../support/lattice_patterns.ts";
import { disk, of, origin, patterns, pixels, size } from "../../../support/lattice_patterns.ts";
import { plainJoint } from "../../../support/plain_joint.ts";

const times = 60;
/** The disks of patterns that are so many times as bright. */
const disks = support.disks.map((one) => ({
  ...one,
  height: times * one.height,
  ground: times * one.ground,
}));

const find: typeof support.find = (data, { search, ...options } = {}) =>
  support.find(data, { ...options, search: { disks: [disks], way: "joint", ...search } });

/** The kernel's single precision against float64: far below what a pattern tells. */
function near(found: readonly number[], plain: readonly number[]) {
  [0, 1, 3, 4].forEach((i, place) => {
    const certain = Math.sqrt(plain[6 + place]);
    assert.ok(Math.abs(found[i] - plain[i]) < 0.02 * certain, `${i}: ${found[i]}, ${plain[i]}, ${certain}`);
    assert.ok(Math.abs(found[6 + place] / plain[6 + place] - 1) < 0.02, `variance ${i}`);
  });
  assert.deepEqual([found[beyondAt], found[disksAt]], [Math.fround(plain[10]), plain[11]]);
}

Deno.test("joint fits are those of plain loops, for all types of numbers", async () => {
  const { data } = patterns(4, 0.01, times), all = await find(data);
  for (let pattern = 0; pattern < 4; pattern++) {
    const one = data.subarray(pattern * pixels, (pattern + 1) * pixels);
    near(of(all, pattern), plainJoint({ pattern: one, rows: size, columns: size, origin, disks, ...disk }));
  }
  assert.deepEqual(await find(Float32Array.from(data)), all);
  const few = data.map((value) => Math.min(255, value));
  assert.deepEqual(await find(Uint8Array.from(few)), await find(few));
});

Deno.test("pixels that show nothing, and the edge of the detector, do not move joint fits", async () => {
  const { data, changes } = patterns(4, 0.01, times), masked: number[] = [];
  for (let row = 20; row < 38; row++) {
    for (let column = 40; column < 50; column++) masked.push(row * size + column);
  }
  const bad = new Uint8Array(pixels);
  for (const pixel of masked) bad[pixel] = 1;
  const all = await find(data.map((value, index) => bad[index % pixels] ? 0 : value), { masked });
  assert.deepEqual(
    await find(data.map((value, index) => bad[index % pixels] ? 999 : value), { masked }),
    all,
  );
  for (let pattern = 0; pattern < 4; pattern++) {
    const one = data.subarray(pattern * pixels, (pattern + 1) * pixels), found = of(all, pattern);
    near(found, plainJoint({ pattern: one, rows: size, columns: size, origin, disks, ...disk, masked: bad }));
    [0, 1, 3, 4].forEach((i, place) => {
      const off = Math.abs(found[i] - changes[pattern][i]);
      assert.ok(off < 4 * Math.sqrt(found[6 + place]), `${i}: off by ${off}`);
    });
  }
});

Deno.test("joint fits are as far from the truth as is told, on average nowhere, and near the limit", async () => {
  const count = 200,
    { data, changes } = patterns(count, 0.01, times),
    found = await find(data, { workers: 2 });
  // The limit of Cramér and Rao for disks whose heights and backgrounds are known; the lattice is about square.
  const information = disks.reduce((sum, one) => sum + informationOf(one, disk) * one.row ** 2, 0);
  for (const [i, place] of [[0, 6], [1, 7], [3, 8], [4, 9]]) {
    let sum = 0, squares = 0, told = 0;
    for (let pattern = 0; pattern < count; pattern++) {
      const values = of(found, pattern), off = values[i] - changes[pattern][i];
      sum += off;
      squares += off * off;
      told += values[place];
    }
    const error = Math.sqrt(squares / count);
    assert.ok(Math.abs(sum / count) < 3.5 * error / Math.sqrt(count), `mean ${sum / count} of ${error}`);
    assert.ok(Math.abs(squares / told - 1) < 0.4, `told ${Math.sqrt(told / count)}, true ${error}`);
    assert.ok(error < 1.35 / Math.sqrt(information), `${error}, limit ${1 / Math.sqrt(information)}`);
  }
});

Deno.test("a disk of another crystal hardly pulls a joint fit", async () => {
  const { data, changes } = patterns(20, 0.005, times), pulled = data.slice();
  // Half as bright as the disk that it covers a part of.
  const { row, column, height } = disks.find((one) => one.row > 10 && Math.abs(one.column) < 2)!;
  for (let pattern = 0; pattern < 20; pattern++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const down = Math.floor(pixel / size) - origin[0] - row - 3,
        across = pixel % size - origin[1] - column - 3;
      if (Math.hypot(down, across) < disk.radius) pulled[pattern * pixels + pixel] += Math.round(height / 2);
    }
  }
  const found = await find(pulled);
  const off = changes.map((change, pattern) => Math.abs(of(found, pattern)[0] - change[0])).sort((a, b) =>
    a - b
  );
  assert.ok(off[10] < 1.5e-3, `${off[10]}`);
});

Deno.test("patterns that show no disks, lines of disks, and probes without cluster or origin have no joint fit", async () => {
  const { data } = patterns(4, 0.01, times);
  data.fill(0, 0, pixels);
  const places = Float32Array.from({ length: 8 }, (_, index) => index === 4 ? NaN : origin[index % 2]);
  const labels = Int32Array.of(0, -1, 0, 1);
  const found = await find(data, { search: { labels, origin: places, disks: [disks, []] } });
  assert.ok(of(found, 0).every(Number.isFinite));
  assert.equal(of(found, 0)[disksAt], 0);
  for (const pattern of [1, 2, 3]) assert.deepEqual(of(found, pattern), new Array(latticeNumbers).fill(0));
  const line = disks.slice(0, 5).map((one, index) => ({ ...one, row: 0, column: 12 * (index - 2) }));
  assert.deepEqual(of(await find(data, { search: { disks: [line] } }), 1), new Array(latticeNumbers).fill(0));
});

Deno.test("threads and bands change no joint fit, nor do counts of several units an electron", async () => {
  const { data } = patterns(16, 0.01, times), one = await find(data);
  assert.deepEqual(await find(data, { workers: 3 }), one);
  assert.deepEqual(await find(data, { workers: 2, bandHeight: 1 }), one);
  const loud = of(await find(Float32Array.from(data, (value) => 4 * value), { search: { gain: 4 } }), 3);
  of(one, 3).forEach((value, index) => {
    const scale = index < 6 ? Math.sqrt(of(one, 3)[6]) : value;
    assert.ok(Math.abs(loud[index] - value) <= 0.01 * scale, `${index}: ${loud[index]}, ${value}`);
  });
});
