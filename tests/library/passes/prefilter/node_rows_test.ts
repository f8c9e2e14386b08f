/** Patterns weighed at nodes have the correlations of all pixels, within the errors that docs/inside/deviations.md states. */

import assert from "node:assert/strict";
import { NodeRows } from "../../../../library/passes/prefilter/node_rows.ts";
import { choosePatternNodes } from "../../../../library/passes/prefilter/nodes/pattern_nodes.ts";
import { ArenaMemory } from "../../../../library/engine/memory.ts";
import { withEngine } from "../../../../library/engine/with_engine.ts";
import { simulateScan } from "../../../../library/simulation/scan.ts";
import { blurredPattern, weightedPattern } from "../../../support/prefilter_oracle.ts";
import { innerProduct } from "../../../support/oracles.ts";

type Counts = Uint8Array | Uint16Array | Float32Array;

const dtypes = { Uint8Array: "u8", Uint16Array: "u16", Float32Array: "f32" } as const;
const patterns = 8;

/** Two rows of four probes of one grain: with noise their correlations are near the range. */
function counts(height: number, width: number, dose: number): Uint16Array {
  const scan = simulateScan({
    ...{ rows: 2, columns: patterns / 2, patternRows: height, patternColumns: width },
    ...{ grains: 1, dose, seed: 5 },
  });
  const data = new Uint16Array(patterns * height * width);
  scan.readRows(0, 2, data);
  return data;
}

/** Weighted patterns, samples and references by the kernel. */
async function weighed(
  data: Counts,
  [height, width, sigma, edge]: readonly [number, number, number, number],
  centered = false,
) {
  const nodes = choosePatternNodes({ patternRows: height, patternColumns: width }, { blur: sigma, edge }, []);
  assert.ok(nodes);
  const shape = { rows: 1, columns: patterns, patternRows: height, patternColumns: width };
  const dtype = dtypes[data.constructor.name as keyof typeof dtypes];
  return await withEngine({ workers: 1 }, async (engine) => {
    const rows = new NodeRows({ shape, dtype }, nodes), memory = new ArenaMemory(engine, 0);
    rows.reserve(memory);
    memory.settle();
    const count = data.length / (height * width);
    const source = engine.place(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    const output = engine.allocate(4 * count * rows.length);
    const samples = engine.allocate(4 * count * rows.samples), references = engine.allocate(8 * count);
    await engine.run([rows.call(source, output, count, { samples, references, centered })]);
    const split = (address: typeof output, length: number) =>
      Array.from(
        { length: count },
        (_, i) => engine.view(Float32Array, address, count * length).slice(i * length, (i + 1) * length),
      );
    return {
      weighted: split(output, rows.length),
      samples: split(samples, rows.samples),
      references: engine.view(Float64Array, references, count).slice(),
    };
  });
}

function split(data: Counts, pixels: number): Counts[] {
  return Array.from({ length: data.length / pixels }, (_, i) => data.subarray(i * pixels, (i + 1) * pixels));
}

/** Height, width, sigma, edge, electrons, and the largest error of a correlation. */
const accuracy = [
  [192, 192, 3, 12, 300, 5e-6],
  [192, 192, 3, 12, 20000, 1e-6],
  [64, 64, 3, 12, 1000, 2e-6],
  [96, 96, 3, 12, 1000, 2e-6],
  [187, 250, 3, 12, 1000, 2.5e-6],
  [192, 192, 1.5, 12, 20000, 5e-7],
  [192, 192, 4, 12, 300, 5e-6],
  [192, 192, 3, 0, 3000, 2e-6],
  [96, 96, 3, 1, 3000, 2.5e-6],
  [192, 192, 3, 40, 3000, 2e-6],
] as const;

for (const [height, width, sigma, edge, dose, most] of accuracy) {
  Deno.test(`correlations at nodes are within ${most} of those of all pixels (${height} x ${width}, blur ${sigma}, edge ${edge}, ${dose} electrons)`, async () => {
    const data = counts(height, width, dose), settings = { height, width, sigma, edge };
    const { weighted } = await weighed(data, [height, width, sigma, edge]);
    const exact = split(data, height * width).map((pattern) =>
      weightedPattern(blurredPattern(pattern, settings), settings)
    );
    let worst = 0;
    for (let i = 0; i < patterns; i++) {
      for (let j = 0; j <= i; j++) {
        const found = innerProduct(weighted[i], weighted[j]), wanted = innerProduct(exact[i], exact[j]);
        worst = Math.max(worst, Math.abs(found - wanted));
      }
    }
    assert.ok(worst <= most, `off by ${worst}`);
    assert.ok(worst > 1e-9, "they are not the same sums");
  });
}

Deno.test("counts of every type and size are weighed as accurately: u8, coarse taps, float taps, float32", async () => {
  const few = counts(64, 80, 3000), settings = { height: 64, width: 80, sigma: 3, edge: 6 };
  const kinds: readonly Counts[] = [
    Uint8Array.from(few, (count) => Math.min(255, count)),
    few.map((count) => Math.min(32767, 900 * count)),
    few.map((count) => Math.min(65535, 3000 * count)),
    Float32Array.from(few, (count) => 1.5 * count - 0.25),
  ];
  assert.ok(kinds[1].some((count) => count > 8191) && kinds[2].some((count) => count > 32767));
  for (const data of kinds) {
    const { weighted } = await weighed(data, [64, 80, 3, 6]);
    const exact = split(data, 64 * 80).map((pattern) =>
      weightedPattern(blurredPattern(pattern, settings), settings)
    );
    for (let i = 1; i < patterns; i++) {
      const error = innerProduct(weighted[i], weighted[0]) - innerProduct(exact[i], exact[0]);
      assert.ok(Math.abs(error) < 2.5e-6, `${data.constructor.name}: off by ${error}`);
    }
  }
});

Deno.test("patterns without contrast have no weight: empty ones, and constant ones of any level", async () => {
  const pixels = 64 * 64, noisy = counts(64, 64, 1000).subarray(0, pixels);
  for (const level of [0, 1, 7, 500, 20000, 65535]) {
    const data = new Uint16Array(2 * pixels).fill(level);
    data.set(noisy, pixels);
    const { weighted } = await weighed(data, [64, 64, 3, 6]);
    assert.ok(weighted[0].every((value) => value === 0), `level ${level}`);
    assert.ok(Math.abs(innerProduct(weighted[1], weighted[1]) - 1) < 1e-5);
  }
});

Deno.test("inner products of samples are those of blurred patterns, centred ones those less their means", async () => {
  const height = 96, width = 66, settings = { height, width, sigma: 3, edge: 6 };
  const data = counts(height, width, 3000);
  const blurred = split(data, height * width).map((pattern) => blurredPattern(pattern, settings));
  const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    innerProduct(a, b) / Math.sqrt(innerProduct(a, a) * innerProduct(b, b));
  for (const centered of [false, true]) {
    const { samples, references } = await weighed(data, [height, width, 3, 6], centered);
    const exact = blurred.map((pattern) => {
      const mean = centered ? pattern.reduce((sum, value) => sum + value, 0) / pattern.length : 0;
      return pattern.map((value) => value - mean);
    });
    for (let i = 1; i < patterns; i++) {
      assert.ok(Math.abs(cosine(samples[i], samples[0]) - cosine(exact[i], exact[0])) < 3e-6);
      const squares = innerProduct(samples[i], samples[i]), norm = innerProduct(exact[i], exact[i]);
      assert.ok(Math.abs(squares / norm - 1) < 1e-4, "norms are those of all pixels");
    }
    if (!centered) continue;
    split(data, height * width).forEach((pattern, i) => {
      const mean = Array.from(pattern).reduce((sum, value) => sum + value, 0) / pattern.length;
      assert.ok(Math.abs(references[i] / (mean * mean * pattern.length) - 1) < 1e-12);
    });
  }
});
