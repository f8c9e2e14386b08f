/** Patterns of one lattice of disks that is moved and stretched, and what passes find in them. */

import { runPasses } from "../../library/engine/run_passes.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { fillTable } from "../../library/passes/detector/bad_pixels_and_beam.ts";
import {
  latticeNumbers,
  LatticePass,
  type LatticeSearch,
} from "../../library/passes/lattices/lattice_pass.ts";
import { diskAt, type ExpectedDisk } from "../../library/passes/lattices/lattice_tables.ts";
import type { PixelArray } from "../../library/scan/dtype.ts";
import { scanFromArray } from "../../library/scan/scan_from_array.ts";
import { poisson } from "./disk_patterns.ts";
import { seededRandom } from "./random.ts";

/** Detector pixels along each side, and all; what disks look like. */
export const size = 64, pixels = size * size, disk = { radius: 4, edge: 1 };

/** A square lattice of disks that fade away from the beam, by the electrons of their pixels; one lies across the edge. */
export const disks: readonly ExpectedDisk[] = [-2, -1, 0, 1, 2].flatMap((i) =>
  [-2, -1, 0, 1, 2].map((j) => ({
    row: 13.2 * i + 0.4 * j,
    column: 13.4 * j - 0.3 * i,
    height: 1.5 * 0.6 ** (i * i + j * j),
    ground: 0.03,
  }))
).filter(({ row, column }) => Math.max(Math.abs(row), Math.abs(column)) < 30);
/** The direct beam, in pixels. */
export const origin = [31.3, 32.1] as const;

/** What is added to the places of the disks. */
export type Change = readonly [d11: number, d12: number, o1: number, d21: number, d22: number, o2: number];

/** Expected counts of disks that are moved, so many times as bright. */
export function expected(d: Change, times = 1): Float64Array {
  const places = disks.map(({ row, column, height }) => ({
    row: origin[0] + row + d[0] * row + d[1] * column + d[2],
    column: origin[1] + column + d[3] * row + d[4] * column + d[5],
    height: times * height,
  }));
  return Float64Array.from({ length: pixels }, (_, pixel) =>
    places.reduce(
      (sum, { row, column, height }) =>
        sum + height * diskAt(Math.hypot(Math.floor(pixel / size) - row, pixel % size - column), disk),
      0.03 * times,
    ));
}

/** Patterns with changes that are drawn within `spread`, so many times as bright. */
export function patterns(count: number, spread: number, times = 1, seed = 5) {
  const random = seededRandom(seed), data = new Uint16Array(count * pixels), changes: Change[] = [];
  for (let pattern = 0; pattern < count; pattern++) {
    const change = [1, 1, 30, 1, 1, 30].map((reach) =>
      spread * reach * (2 * random() - 1)
    ) as unknown as Change;
    changes.push(change);
    const means = expected(change, times);
    for (let pixel = 0; pixel < pixels; pixel++) {
      data[pattern * pixels + pixel] = poisson(means[pixel], random);
    }
  }
  return { data, changes };
}

/** The numbers that a pass gives for patterns of `disks`. */
export async function find(
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
    ...{ ...disk, disks: [disks], labels: new Int32Array(count), gain: 1, way: "sampled" } as const,
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

/** Those of one pattern. */
export const of = (values: Float32Array, pattern: number) =>
  Array.from(values.subarray(latticeNumbers * pattern, latticeNumbers * (pattern + 1)));
