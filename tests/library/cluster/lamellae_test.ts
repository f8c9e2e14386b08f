/** Parts of a crystal that touch or lie beyond a lamella are one region; other grains there are not. */

import assert from "node:assert/strict";
import { LamellaStack } from "../../../library/cluster/regions/lamella_stack.ts";
import { joinAcrossLamellae, joinAlike } from "../../../library/cluster/regions/lamellae.ts";
import type { Partition } from "../../../library/cluster/regions/grid.ts";
import { seededRandom } from "../../support/random.ts";

/** A drawing whose letters are regions, with the features of each, noise-free; v is the background. */
function joined(
  map: string,
  features: Readonly<Record<string, readonly number[]>>,
  noise = 1e-6,
  join = joinAcrossLamellae,
): string {
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
  const { labels } = join(sketch, partition);
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

Deno.test("of a stack in a crystal with other neighbours lamellae are one region, if they are alike and close for their length", () => {
  // Lamellae a, b and c in a crystal m, which has much of its border with others.
  const stack = [...Array(10).fill("aammmbbmmmcc"), ...Array(14).fill("dmmmmmmmmmme")].join(" ");
  const others = { d: [0, 1, 0.5], e: [0, 0.2, 1], m: third };
  const found = joined(stack, { a: one, b: [0.9, 0.1, 0], c: [1.1, 0, 0], ...others });
  assert.equal(found, stack.replaceAll(/[bc]/g, "a"));
  // Less alike, and weaker.
  assert.equal(joined(stack, { a: one, b: [0.9, 0.35, 0], c: [0.6, 0, 0], ...others }), stack);
  // Too short for how far they are from each other.
  const short = [...Array(3).fill("aammmmmmmmcc"), ...Array(8).fill("ddmmmmmmmmee")].join(" ");
  assert.equal(joined(short, { a: one, c: one, ...others }), short);
});

Deno.test("neither the background nor noise joins", () => {
  const stack = rows("aaavvvcccddd");
  assert.equal(joined(stack, { a: one, c: one, d: third, v: [0, 0, 0] }), stack);
  const noisy = rows("aaabbbcccddd");
  assert.equal(joined(noisy, { a: one, b: other, c: one, d: third }, 10), noisy);
  const small = ["aaabbbccdddd", "aaabbbddeeee"].join(" ");
  assert.equal(joined(small, { a: one, b: other, c: one, d: third, e: [1, 1, 1] }), small);
});

Deno.test("touching parts of a crystal are one region", () => {
  const alike = (map: string, features: Readonly<Record<string, readonly number[]>>, noise?: number) =>
    joined(map, features, noise, joinAlike);
  const parts = rows("aaabbbcccddd");
  // All of a chain of parts, in whatever order they come.
  const chain = { a: one, b: [0.9, 0.1, 0], c: [0.8, 0.2, 0.1], d: other };
  assert.equal(alike(parts, chain), rows("aaaaaaaaaddd"));
  // Other patterns, and a weak grain that has the tails of a strong one beside it.
  const others = { a: one, b: [0.7, 0.6, 0.4], c: [0.1, 0.02, 0], d: third };
  assert.equal(alike(parts, others), parts);
  assert.equal(alike(parts, { a: one, b: [0.5, 0, 0], c: other, d: third }), parts);
  // What noise may have put together, the background, and too few probes.
  assert.equal(alike(parts, chain, 2), parts);
  const beside = rows("aaavvvcccddd");
  assert.equal(alike(beside, { a: one, c: third, d: other, v: one }), beside);
  const small = ["aaabbbccdddd", "aaabbbddeeee"].join(" ");
  assert.equal(alike(small, { a: one, b: one, c: other, d: third, e: [1, 1, 1] }), small);
});

Deno.test("regions are near each other where some of their probes are", () => {
  const random = seededRandom(5), rows = 14, columns = 19, count = 6;
  for (let round = 0; round < 40; round++) {
    const seeds = Array.from(
      { length: 25 },
      () => [random() * rows, random() * columns, random() * count | 0],
    );
    const labels = Int32Array.from({ length: rows * columns }, (_, probe) => {
      const row = Math.floor(probe / columns), column = probe % columns;
      const far = seeds.map(([y, x]) => (y - row) ** 2 + (x - column) ** 2);
      return seeds[far.indexOf(Math.min(...far))][2];
    });
    const places = Array.from({ length: count }, (_, region) => {
      const probes = Array.from(labels.keys()).filter((probe) => labels[probe] === region);
      return probes.map((probe) => [Math.floor(probe / columns), probe % columns]);
    });
    const border = 1 + Math.floor(40 * random()), most = border / 6;
    const borders = Array.from({ length: count }, () => new Map(places.map((_, region) => [region, border])));
    const partition = { rows, columns, labels, count, background: -1 };
    const stack = new LamellaStack(partition, new Float64Array(count).fill(1), borders);
    for (let one = 0; one < count; one++) {
      for (let other = 0; other < one; other++) {
        const near = places[one].some(([y, x]) =>
          places[other].some(([v, u]) => Math.abs(y - v) <= most && Math.abs(x - u) <= most)
        );
        assert.equal(stack.near(0, one, other), near, `round ${round}: ${one} and ${other}`);
      }
    }
  }
});
