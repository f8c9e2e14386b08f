/** Nodes of the prefilter stand for all pixels: taps, transforms, means and predicted errors against plain sums over every pixel. */

import assert from "node:assert/strict";
import { type AxisNodes, chooseAxisNodes } from "../../../../library/passes/prefilter/nodes/axis_nodes.ts";
import { BlurredAxis } from "../../../../library/passes/prefilter/nodes/node_quadrature.ts";
import { choosePatternNodes } from "../../../../library/passes/prefilter/nodes/pattern_nodes.ts";
import {
  blurTaps,
  IntegerTaps,
  shiftedTaps,
} from "../../../../library/passes/prefilter/nodes/shifted_taps.ts";
import { type AxisStep, errorFunction } from "../../../../library/passes/prefilter/nodes/step_window.ts";
import { reflect } from "../../../support/oracles.ts";
import { seededRandom } from "../../../support/random.ts";

/** side, sigma, edge and the number of uniform nodes, over sides, blurs and edges of every kind. */
const axes = [
  [192, 3, 12, 72],
  [64, 3, 12, 32],
  [96, 3, 12, 40],
  [187, 3, 12, 71],
  [192, 1.5, 12, 144],
  [192, 3.7, 12, 59],
  [192, 3, 0, 96],
  [192, 3, 1, 72],
  [192, 3, 40, 80],
  [65, 3, 7, 33],
] as const;

function nodesOf(side: number, sigma: number, edge: number): AxisNodes {
  const nodes = chooseAxisNodes({ side, sigma, edge });
  assert.ok(nodes);
  return nodes;
}

/** Values at the nodes of a pattern along the axis: its taps on mirrored pixels. */
function sampled({ taps, axis }: AxisNodes, pattern: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    taps,
    ({ first, values }) =>
      values.reduce((sum, tap, k) => sum + tap * pattern[reflect(first + k, axis.side)], 0),
  );
}

/** The blurred pattern at all pixels. */
function blurred({ side, sigma }: AxisStep, pattern: ArrayLike<number>): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const taps = Array.from({ length: 2 * radius + 1 }, (_, k) => Math.exp(-0.5 * ((k - radius) / sigma) ** 2));
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  return Float64Array.from(
    { length: side },
    (_, n) => taps.reduce((sum, tap, k) => sum + tap / total * pattern[reflect(n + k - radius, side)], 0),
  );
}

/** y of values at the nodes. */
function transformed(
  { blocks, transform, kept, interior, spacing }: AxisNodes,
  values: Float64Array,
): number[] {
  const size = blocks[0].length;
  const ends = blocks.flatMap((block) =>
    Array.from({ length: kept }, (_, k) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += transform[k * size + i] * values[block[i]];
      return sum;
    })
  );
  return [...ends, ...Array.from(interior, (node) => Math.sqrt(spacing) * values[node])];
}

for (const [side, sigma, edge, uniform] of axes) {
  const what = `side ${side}, sigma ${sigma}, edge ${edge}`;

  Deno.test(`products of blurred noise over the pixels with weight are those of their features (${what})`, () => {
    const nodes = nodesOf(side, sigma, edge), random = seededRandom(side + edge);
    assert.equal(nodes.uniform, uniform);
    assert.ok(nodes.error < 8e-6);
    assert.equal(
      nodes.features,
      transformed(nodes, new Float64Array(nodes.positions.length)).length,
    );
    const draw = () => {
      const noise = Float64Array.from({ length: side }, () => random() - 0.5);
      return { exact: blurred(nodes.axis, noise), features: transformed(nodes, sampled(nodes, noise)) };
    };
    let worst = 0;
    for (let trial = 0; trial < 30; trial++) {
      const a = draw(), b = draw();
      const exact = (x: Float64Array, y: Float64Array) => {
        let sum = 0;
        for (let n = edge; n < side - edge; n++) sum += x[n] * y[n];
        return sum;
      };
      const found = a.features.reduce((sum, value, i) => sum + value * b.features[i], 0);
      const scale = Math.sqrt(exact(a.exact, a.exact) * exact(b.exact, b.exact));
      worst = Math.max(worst, Math.abs(found - exact(a.exact, b.exact)) / scale);
    }
    // Noise of one dimension is harder than patterns, whose errors of two axes average out.
    assert.ok(worst < 1e-4, `off by ${worst}`);
  });

  Deno.test(`sums and sums of squared distances over the pixels with weight come from the nodes (${what})`, () => {
    const nodes = nodesOf(side, sigma, edge), random = seededRandom(side + edge);
    const pattern = blurred(nodes.axis, Float64Array.from({ length: side }, () => 1 + random()));
    const at = sampled(nodes, Float64Array.from({ length: side }, () => 1));
    at.forEach((value) => assert.ok(Math.abs(value - 1) < 1e-12, "taps sum to 1"));
    const twice = blurred(nodes.axis, pattern), values = sampled(nodes, pattern);
    for (const [power, weights] of [[0, nodes.sums], [2, nodes.squares]] as const) {
      let exact = 0;
      for (let n = edge; n < side - edge; n++) exact += (n - (side - 1) / 2) ** power * twice[n];
      const found = values.reduce((sum, value, i) => sum + weights[i] * value, 0);
      assert.ok(Math.abs(found / exact - 1) < 1e-5, `power ${power}: off by ${found / exact - 1}`);
    }
  });
}

Deno.test("the transform's square is the form of a block, but for what is dropped", () => {
  for (const [side, sigma, edge, uniform] of axes) {
    const axis = { side, sigma, edge }, nodes = nodesOf(side, sigma, edge), size = nodes.blocks[0].length;
    const { form, blocks } = new BlurredAxis(axis, blurTaps(sigma)).quadrature(nodes.positions, uniform);
    assert.deepEqual(blocks, nodes.blocks);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let square = 0;
        for (let k = 0; k < nodes.kept; k++) {
          square += nodes.transform[k * size + i] * nodes.transform[k * size + j];
        }
        // A dropped row is shorter than 3e-3 of a uniform node's.
        assert.ok(
          Math.abs(square - form[i * size + j]) < 2e-5 * nodes.spacing,
          `${side} ${edge}: ${i}, ${j}`,
        );
      }
    }
  }
});

Deno.test("taps between pixels respond as the blur does at every frequency; on a pixel they are its own", () => {
  for (const sigma of [1.5, 3, 3.7]) {
    const blur = blurTaps(sigma), radius = (blur.length - 1) / 2;
    assert.deepEqual(shiftedTaps(blur, 40), { first: 40 - radius, values: blur });
    for (const position of [7.5, 8.125, 9 + 1 / 3, 11.98]) {
      const { first, values } = shiftedTaps(blur, position);
      for (let frequency = 0; frequency <= Math.PI; frequency += 0.02) {
        const wanted = blur.reduce((sum, tap, k) => sum + tap * Math.cos(frequency * (k - radius)), 0);
        let real = 0, imaginary = 0;
        values.forEach((tap, k) => {
          real += tap * Math.cos(frequency * (first + k - position));
          imaginary += tap * Math.sin(frequency * (first + k - position));
        });
        assert.ok(Math.hypot(real - wanted, imaginary) < 2e-4, `${sigma} ${position} ${frequency}`);
      }
    }
  }
});

Deno.test("integer taps fit their products into 32 bits and respond within 2e-6 where patterns have anything left", () => {
  for (const [sigma, position] of [[1.5, 7.5], [3, 8 + 1 / 3], [4, 6.2]] as const) {
    const { values } = shiftedTaps(blurTaps(sigma), position), integers = new IntegerTaps(sigma);
    for (const [largestCount, tolerance] of [[8191, 2e-6], [32767, 8e-6]] as const) {
      const found = integers.search(values, largestCount);
      const sum = found.reduce((total, tap) => total + tap, 0);
      assert.ok(found.reduce((total, tap) => total + Math.abs(tap), 0) * largestCount < 2 ** 31);
      for (let frequency = 0; frequency <= Math.PI; frequency += 0.05) {
        let real = 0, imaginary = 0;
        values.forEach((tap, k) => {
          real += (found[k] / sum - tap) * Math.cos(frequency * k);
          imaginary += (found[k] / sum - tap) * Math.sin(frequency * k);
        });
        const damped = Math.max(0.03, Math.exp(-((frequency * sigma) ** 2) / 2));
        assert.ok(Math.hypot(real, imaginary) * damped < tolerance, `${sigma} ${frequency}`);
      }
    }
  }
});

Deno.test("the error function is right to the last digits", () => {
  // Abramowitz and Stegun, table 7.1.
  for (const [x, value] of [[0, 0], [0.5, 0.5204998778], [1, 0.8427007929], [2, 0.9953222650]]) {
    assert.ok(Math.abs(errorFunction(x) - value) < 1e-10);
    assert.ok(Math.abs(errorFunction(-x) + value) < 1e-10);
  }
  assert.equal(errorFunction(7), 1);
});

Deno.test("all pixels are taken for small blurs, small sides, masked pixels with weight, and errors too large", () => {
  const shape = { patternRows: 64, patternColumns: 64 };
  const choose = (blur: number, edge: number, masked: readonly number[] = []) =>
    choosePatternNodes(shape, { blur, edge }, masked);
  assert.ok(choose(3, 6));
  for (const blur of [0, 1, 1.3]) assert.equal(choose(blur, 6), null);
  assert.equal(choose(3, 6, [30 * 64 + 20]), null);
  assert.ok(choose(3, 6, [2 * 64 + 20]), "what has no weight may be masked");
  assert.equal(choosePatternNodes({ patternRows: 12, patternColumns: 64 }, { blur: 3, edge: 2 }, []), null);
  assert.equal(chooseAxisNodes({ side: 96, sigma: 4, edge: 6 }), null, "predicted error above 8e-6");
  assert.equal(chooseAxisNodes({ side: 2048, sigma: 3, edge: 12 }), null);
});
