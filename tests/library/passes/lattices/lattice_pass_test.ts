/** Lattices of patterns with few counts: against plain loops, against the truth, and where there is little to see. */

import assert from "node:assert/strict";
import { runPasses } from "../../../../library/engine/run_passes.ts";
import { withEngine } from "../../../../library/engine/with_engine.ts";
import { fillTable } from "../../../../library/passes/detector/bad_pixels_and_beam.ts";
import {
  latticeNumbers,
  LatticePass,
  type LatticeSearch,
} from "../../../../library/passes/lattices/lattice_pass.ts";
import { diskAt, type ExpectedDisk } from "../../../../library/passes/lattices/lattice_tables.ts";
import type { PixelArray } from "../../../../library/scan/dtype.ts";
import { scanFromArray } from "../../../../library/scan/scan_from_array.ts";
import { poisson } from "../../../support/disk_patterns.ts";
import { plainLattice } from "../../../support/plain_lattice.ts";
import { seededRandom } from "../../../support/random.ts";

const size = 64, pixels = size * size, disk = { radius: 4, edge: 1 };

/** A square lattice of disks that fade away from the beam, by the electrons of their pixels; one lies across the edge. */
const disks: readonly ExpectedDisk[] = [-2, -1, 0, 1, 2].flatMap((i) =>
  [-2, -1, 0, 1, 2].map((j) => ({
    row: 13.2 * i + 0.4 * j,
    column: 13.4 * j - 0.3 * i,
    height: 1.5 * 0.6 ** (i * i + j * j),
    ground: 0.03,
  }))
).filter(({ row, column }) => Math.max(Math.abs(row), Math.abs(column)) < 30);
const origin = [31.3, 32.1] as const;

type Change = readonly [d11: number, d12: number, o1: number, d21: number, d22: number, o2: number];

/** Expected counts of disks that are moved. */
function expected(d: Change): Float64Array {
  const places = disks.map(({ row, column, height }) => ({
    row: origin[0] + row + d[0] * row + d[1] * column + d[2],
    column: origin[1] + column + d[3] * row + d[4] * column + d[5],
    height,
  }));
  return Float64Array.from({ length: pixels }, (_, pixel) =>
    places.reduce(
      (sum, { row, column, height }) =>
        sum + height * diskAt(Math.hypot(Math.floor(pixel / size) - row, pixel % size - column), disk),
      0.03,
    ));
}

/** Patterns with changes that are drawn within `spread`. */
function patterns(count: number, spread: number, seed = 5) {
  const random = seededRandom(seed), data = new Uint16Array(count * pixels), changes: Change[] = [];
  for (let pattern = 0; pattern < count; pattern++) {
    const change = [1, 1, 30, 1, 1, 30].map((times) =>
      spread * times * (2 * random() - 1)
    ) as unknown as Change;
    changes.push(change);
    const means = expected(change);
    for (let pixel = 0; pixel < pixels; pixel++) {
      data[pattern * pixels + pixel] = poisson(means[pixel], random);
    }
  }
  return { data, changes };
}

async function find(
  data: PixelArray,
  { workers = 1, masked = [], search = {}, bandHeight }: {
    workers?: number;
    masked?: readonly number[];
    search?: Partial<LatticeSearch>;
    bandHeight?: number;
  } = {},
) {
  const count = data.length / pixels, columns = count % 4 === 0 ? 4 : 1, rows = count / columns;
  const scan = scanFromArray(data, { rows, columns, patternRows: size, patternColumns: size });
  const whole = {
    ...{ ...disk, disks: [disks], labels: new Int32Array(count), gain: 1 },
    origin: Float32Array.from({ length: 2 * count }, (_, index) => origin[index % 2]),
    ...search,
  };
  return await withEngine({ workers }, async (engine) => {
    const pass = new LatticePass(scan, whole, masked);
    const [{ values }] = await runPasses(engine, scan, { fill: fillTable([], masked, scan.shape) }, [pass], {
      workers,
      bandHeight,
    });
    return values;
  });
}

const of = (values: Float32Array, pattern: number) =>
  Array.from(values.subarray(latticeNumbers * pattern, latticeNumbers * (pattern + 1)));

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
