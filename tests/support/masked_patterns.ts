/** Masks of detector pixels, and values of masked patterns by the kernels. */

import { at } from "../../library/engine/address.ts";
import type { Engine } from "../../library/engine/engine.ts";
import type { Working } from "../../library/engine/kernels.ts";
import { ArenaMemory } from "../../library/engine/memory.ts";
import type { MaskedSampling } from "../../library/passes/features/masked_sampling.ts";
import { SampledFeatures } from "../../library/passes/features/sampled_features.ts";
import { seededRandom } from "./random.ts";

const arrays = { U8: Uint8Array, U16: Uint16Array, F32: Float32Array } as const;
const types = { U8: "u8", U16: "u16", F32: "f32" } as const;

/** 1 where a pixel of a detector takes part. */
export type MaskMaker = (height: number, width: number, seed: number) => Uint8Array;

/** Pixels by their distance from a place near the middle that is no pixel's. */
function byRadius(keeps: (radius: number, side: number) => boolean): MaskMaker {
  return (height, width, seed) => {
    const random = seededRandom(seed), side = Math.min(height, width);
    const row = height / 2 + 4 * random() - 2, column = width / 2 + 4 * random() - 2;
    return Uint8Array.from(
      { length: height * width },
      (_, i) => keeps(Math.hypot(Math.floor(i / width) - row, i % width - column), side) ? 1 : 0,
    );
  };
}

/** Kinds of masks that people give. */
export const maskMakers: Readonly<Record<string, MaskMaker>> = {
  "outside a disk": byRadius((radius) => radius > 7.3),
  "a disk": byRadius((radius, side) => radius <= 0.42 * side),
  "a small disk": byRadius((radius) => radius <= 9),
  "a ring": byRadius((radius, side) => radius >= 6 && radius <= 0.45 * side),
  "without a small square": (height, width, seed) => {
    const random = seededRandom(seed);
    return withoutRegions(height, width, [[random() * (height - 6), random() * (width - 6), 6, 6]]);
  },
  "without bad regions": (height, width, seed) => {
    const random = seededRandom(seed);
    const regions = [[4, 3], [3, 5], [1, 40]].map(([tall, wide]): Region => [
      random() * (height - tall),
      random() * (width - wide),
      tall,
      wide,
    ]);
    return withoutRegions(height, width, [...regions, [height - 3, width - 4, 3, 4]]);
  },
};

type Region = readonly [top: number, left: number, tall: number, wide: number];

function withoutRegions(height: number, width: number, regions: readonly Region[]): Uint8Array {
  const keep = new Uint8Array(height * width).fill(1);
  for (const [top, left, tall, wide] of regions) {
    for (let row = Math.floor(top); row < Math.floor(top) + tall; row++) {
      keep.fill(0, row * width + Math.floor(left), row * width + Math.floor(left) + wide);
    }
  }
  return keep;
}

/** Values of each pattern and its reference, by the `masked` kernel of a working type. */
export async function valuesByKernel(
  engine: Engine,
  sampling: MaskedSampling,
  working: Working,
  patterns: readonly ArrayLike<number>[],
  centered: boolean,
): Promise<{ values: Float32Array[]; references: Float64Array }> {
  const mark = engine.mark(), count = patterns.length;
  const { rows, columns } = sampling.parts[0].sampling;
  const shape = { rows: 1, columns: count, patternRows: rows.side, patternColumns: columns.side };
  const settings = { metric: centered ? "centered" : "cosine", sampling } as const;
  const stage = new SampledFeatures({ shape, dtype: types[working] }, settings);
  const memory = new ArenaMemory(engine, 0), pixels = rows.side * columns.side;
  stage.reserve(memory);
  memory.settle();
  const source = new arrays[working](count * pixels);
  patterns.forEach((pattern, k) => source.set(Array.from(pattern), k * pixels));
  const input = engine.place(new Uint8Array(source.buffer));
  const output = engine.allocate(4 * count * stage.samples), references = engine.allocate(8 * count);
  engine.view(Float32Array, output, count * stage.samples).fill(NaN);
  await engine.run([stage.call(input, output, references, count)]);
  const values = patterns.map((_, k) =>
    engine.view(Float32Array, at(output, 4 * stage.samples * k), stage.samples).slice()
  );
  const found = { values, references: engine.view(Float64Array, references, count).slice() };
  engine.release(mark);
  return found;
}
