/** What the sketch kernels make of patterns, and the plain sums that they start from. */

import { type Address, nowhere } from "../../library/engine/address.ts";
import type { Engine } from "../../library/engine/engine.ts";
import { threadScratch, type Working } from "../../library/engine/kernels.ts";
import { counts } from "../../library/passes/detector/gain.ts";
import { scaling } from "../../library/passes/sketch/binned_sample.ts";
import { fixedWeights } from "../../library/passes/sketch/fixed_weights.ts";
import { blockColumns, mostColumns, sketchScratchBytes } from "../../library/passes/sketch/weight_blocks.ts";
import { seededRandom } from "./random.ts";

/** Columns of the sketches of these tests, and their blocks. */
export const sketchColumns = mostColumns;
export const blocks = sketchColumns / blockColumns;
const arrays = { U8: Uint8Array, U16: Uint16Array, F32: Float32Array };
/** Size of a pattern, and how it is binned. */
export interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly binning: number;
}

/** Plain sums of binning x binning pixels. */
export function plainBinned(pattern: ArrayLike<number>, { rows, columns, binning }: Case): number[] {
  const height = Math.floor(rows / binning), width = Math.floor(columns / binning);
  return Array.from({ length: height * width }, (_, pixel) => {
    const top = Math.floor(pixel / width) * binning, left = (pixel % width) * binning;
    let sum = 0;
    for (let y = top; y < top + binning; y++) {
      for (let x = left; x < left + binning; x++) sum += pattern[y * columns + x];
    }
    return sum;
  });
}

/** Features of `data` by the kernel, and the same of thinned patterns. */
export async function sketchOf(
  engine: Engine,
  working: Working,
  data: ArrayLike<number>,
  shape: Case,
  seed = 5,
  scale = scaling(counts),
  fixed = true,
) {
  const { rows, columns, binning } = shape;
  const pixels = Math.floor(rows / binning) * Math.floor(columns / binning);
  const count = data.length / (rows * columns);
  const random = seededRandom(2);
  // Whole parts of the largest, so that weights in fixed point are the same but for the rounding of their scale.
  const weights = Float32Array.from(
    { length: sketchColumns * pixels },
    (_, i) =>
      0.5 * (i % (pixels * blockColumns) < blockColumns ? 1 : Math.round(65534 * random()) / 32767 - 1),
  );
  const source = engine.place(new Uint8Array(arrays[working].from(data).buffer));
  const table = engine.place(weights);
  const integers = fixed ? engine.place(fixedWeights(weights, sketchColumns)) : nowhere;
  const whole = engine.allocate(4 * sketchColumns * count),
    thinned = engine.allocate(4 * sketchColumns * count);
  engine.allocateScratch(sketchScratchBytes(columns, pixels));
  await engine.run([[
    `sketch${working}`,
    source,
    count,
    rows,
    columns,
    binning,
    table,
    integers,
    blocks,
    whole,
    thinned,
    seed,
    100,
    ...scale,
    threadScratch,
  ]]);
  const view = (address: Address) => engine.view(Float32Array, address, sketchColumns * count).slice();
  const weight = (column: number, pixel: number) =>
    weights[
      Math.floor(column / blockColumns) * pixels * blockColumns + pixel * blockColumns + column % blockColumns
    ];
  return { whole: view(whole), thinned: view(thinned), weight, pixels };
}
