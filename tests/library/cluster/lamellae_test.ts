/** Parts of a crystal beyond a lamella are one region; other grains beyond a neighbour are not. */

import assert from "node:assert/strict";
import { joinAcrossLamellae } from "../../../library/cluster/regions/lamellae.ts";
import type { Partition } from "../../../library/cluster/regions/grid.ts";

/** A drawing whose letters are regions, with the features of each, noise-free; v is the background. */
function joined(map: string, features: Readonly<Record<string, readonly number[]>>, noise = 1e-6): string {
  const lines = map.split(" "), letters = Object.keys(features).sort(), probes = lines.join("").split("");
  const length = features[letters[0]].length;
  const sketch = {
    ...{ rows: lines.length, columns: lines[0].length, length, degreesOfFreedom: length },
    features: Float32Array.from(probes.flatMap((letter) => features[letter])),
    noise: new Float32Array(probes.length).fill(noise),
  };
  const partition: Partition = {
    ...{ rows: sketch.rows, columns: sketch.columns, count: letters.length },
    labels: Int32Array.from(probes, (letter) => letters.indexOf(letter)),
    background: letters.indexOf("v"),
  };
  const { labels } = joinAcrossLamellae(sketch, partition);
  return Array.from(labels, (region) => letters[region]).join("").replaceAll(/.{12}(?!$)/g, "$& ");
}

const rows = (line: string, count = 6) => Array.from({ length: count }, () => line).join(" ");
const one = [1, 0, 0], other = [0, 1, 0], third = [0, 0, 1];

Deno.test("a stack of lamellae is two regions, whatever thickness does to their signal", () => {
  const stack = rows("aaabbbcccddd");
  assert.equal(joined(stack, { a: one, b: other, c: [0.8, 0.1, 0], d: [0, 1.3, 0.2] }), rows("aaabbbaaabbb"));
});

Deno.test("grains with other patterns, and such as lie far from each other, stay", () => {
  const stack = rows("aaabbbcccddd");
  const grains = { a: one, b: other, c: [0.7, 0.7, 0.4], d: third };
  assert.equal(joined(stack, grains), stack);
  // Two crystals in a matrix that has most of its borders with others.
  const matrix = [...Array(3).fill("aaammmmmmccc"), ...Array(6).fill("ddmmmmmmmmee")].join(" ");
  const held = { a: one, c: one, d: [0, 1, 0.5], e: [0, 0.2, 1], m: third };
  assert.equal(joined(matrix, held), matrix);
});

Deno.test("neither the background nor noise joins", () => {
  const stack = rows("aaavvvcccddd");
  assert.equal(joined(stack, { a: one, c: one, d: third, v: [0, 0, 0] }), stack);
  const noisy = rows("aaabbbcccddd");
  assert.equal(joined(noisy, { a: one, b: other, c: one, d: third }, 10), noisy);
  const small = ["aaabbbccdddd", "aaabbbddeeee"].join(" ");
  assert.equal(joined(small, { a: one, b: other, c: one, d: third, e: [1, 1, 1] }), small);
});
