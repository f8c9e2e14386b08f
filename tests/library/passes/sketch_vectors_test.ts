/** Algebra of vectors by kernels: the numbers that plain loops give, to the last bit. */

import assert from "node:assert/strict";
import { combinations, innerProducts, orthonormal } from "../../../library/passes/sketch/vectors.ts";
import { seededRandom } from "../../support/random.ts";

/** In four running sums, the first of which gets what is left over. */
function plainDot(x: Float64Array, y: Float64Array): number {
  const sums = [0, 0, 0, 0], whole = x.length & ~3;
  x.forEach((value, i) => sums[i < whole ? i & 3 : 0] += value * y[i]);
  return sums[0] + sums[1] + (sums[2] + sums[3]);
}

function plainOrthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const given of vectors) {
    const vector = given.slice();
    for (const other of [...done, ...done]) {
      const part = -plainDot(vector, other);
      other.forEach((value, i) => vector[i] += part * value);
    }
    const norm = Math.sqrt(plainDot(vector, vector));
    done.push(norm > 0 ? vector.map((value) => value / norm) : vector);
  }
  return done;
}

function randomVectors(random: () => number, count: number, length: number): Float64Array[] {
  return Array.from({ length: count }, () => Float64Array.from({ length }, () => random() - 0.5));
}

Deno.test("vectors are made orthonormal, combined and multiplied as plain loops do, to the last bit", () => {
  const random = seededRandom(3);
  for (const [count, length] of [[1, 1], [2, 3], [3, 4], [4, 9], [7, 23], [8, 40], [15, 33], [31, 101]]) {
    const vectors = randomVectors(random, count, length), others = randomVectors(random, count, length);
    // One that vanishes, and one that lies in the span of those before.
    if (count > 4) vectors[2] = new Float64Array(length);
    if (count > 6) vectors[5] = vectors[3].map((value, i) => 2 * value - vectors[4][i]);
    assert.deepEqual(orthonormal(vectors), plainOrthonormal(vectors), `${count} of ${length}`);

    const products = innerProducts(vectors, others);
    assert.equal(products.length, count * count);
    vectors.forEach((x, i) =>
      others.forEach((y, j) => assert.equal(products[i * count + j], plainDot(x, y), `${i}, ${j}`))
    );

    const width = count + 2, weights = Float64Array.from({ length: count * width }, () => random() - 0.5);
    for (const [first, sums] of [[0, width], [1, count], [width - 1, 1]]) {
      const expected = Array.from({ length: sums }, (_, k) => {
        const sum = new Float64Array(length);
        vectors.forEach((vector, i) =>
          vector.forEach((value, q) => sum[q] += weights[i * width + first + k] * value)
        );
        return sum;
      });
      assert.deepEqual(combinations(vectors, weights, [first, sums]), expected, `${first}, ${sums}`);
    }
  }
});
