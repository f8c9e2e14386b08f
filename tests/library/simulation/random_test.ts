import assert from "node:assert/strict";
import { poisson } from "../../../library/simulation/poisson.ts";
import {
  arccosine,
  arctangent,
  cosine,
  exponential,
  logarithm,
  power,
  sine,
} from "../../../library/scan/portable_math.ts";
import { Random } from "../../../library/simulation/random.ts";

function closeTo(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what}: ${actual}, expected ${expected} +- ${tolerance}`,
  );
}

Deno.test("the portable functions agree with the engine's to a few units in the last place", () => {
  const random = new Random(1);
  for (let i = 0; i < 20000; i++) {
    const angle = random.between(-200, 200);
    closeTo(sine(angle), Math.sin(angle), 4e-16, `sine of ${angle}`);
    closeTo(cosine(angle), Math.cos(angle), 4e-16, `cosine of ${angle}`);
    const exponent = random.between(-700, 700);
    const e = Math.exp(exponent);
    closeTo(exponential(exponent), e, e * 1e-15, `exponential of ${exponent}`);
    closeTo(logarithm(e), Math.log(e), Math.abs(exponent) * 4e-16 + 1e-300, `logarithm of ${e}`);
    const base = random.between(0.1, 40), p = Math.pow(base, 1.6);
    closeTo(power(base, 1.6), p, p * 2e-15, `power of ${base}`);
  }
  for (let i = 0; i < 20000; i++) {
    const x = random.between(-3, 3), y = random.between(-3, 3), cosineOf = random.between(-1, 1);
    closeTo(arctangent(y, x), Math.atan2(y, x), 9e-16, `arc tangent of ${y}, ${x}`);
    closeTo(arccosine(cosineOf), Math.acos(cosineOf), 9e-16, `arc cosine of ${cosineOf}`);
  }
  for (const [y, x] of [[0, 1], [0, -1], [1, 0], [-1, 0], [1, 1], [-1, -1]]) {
    closeTo(arctangent(y, x), Math.atan2(y, x), 5e-16, `arc tangent of ${y}, ${x}`);
  }
  assert.equal(arctangent(0, 0), 0);
  assert.deepEqual([arccosine(1.1), arccosine(-1.1)], [0, Math.PI]);
  assert.equal(exponential(0), 1);
  assert.equal(exponential(-800), 0);
  assert.equal(exponential(800), Infinity);
  assert.equal(logarithm(1), 0);
});

/** Sources of a folder and the folders in it. */
function sourcesIn(folder: URL): [name: string, text: string][] {
  return Array.from(Deno.readDirSync(folder)).flatMap(({ name, isDirectory }): [string, string][] => {
    if (isDirectory) return sourcesIn(new URL(`${name}/`, folder));
    const text = Deno.readTextFileSync(new URL(name, folder));
    return [[name, text.replace(/^\s*(\*|\/\*\*|\/\/).*$/gm, "")]];
  });
}

for (const folder of ["simulation", "crystal"]) {
  Deno.test(`library/${folder} computes with nothing whose last bits an engine may choose`, () => {
    const vague =
      /Math\.(?!abs|ceil|floor|imul|max|min|round|sqrt|trunc|PI|SQRT2|SQRT1_2)\w+|\w \*\* \w|Date\.now|performance/;
    const sources = sourcesIn(new URL(`../../../library/${folder}/`, import.meta.url));
    assert.ok(sources.length > 10);
    for (const [name, text] of sources) assert.equal(vague.exec(text)?.[0], undefined, name);
  });
}

Deno.test("streams of random numbers are reproducible and differ by seed and by each key", () => {
  const first = (...keys: [number, ...number[]]) => {
    const random = new Random(...keys);
    return Array.from({ length: 4 }, () => random.bits()).join();
  };
  assert.equal(first(5, 1, 2), first(5, 1, 2));
  const streams = [
    first(5),
    first(6),
    first(5 + 2 ** 32),
    first(5, 0),
    first(5, 1),
    first(5, 0, 1),
    first(5, 1, 0),
  ];
  assert.equal(new Set(streams).size, streams.length);
  const neighbours = Array.from({ length: 5000 }, (_, probe) => first(1, 4, probe));
  assert.equal(new Set(neighbours).size, neighbours.length);
});

Deno.test("uniform and normal numbers have the moments of their distributions", () => {
  const random = new Random(3), count = 200000;
  let sum = 0, squares = 0, normalSum = 0, normalSquares = 0, normalFourths = 0;
  for (let i = 0; i < count; i++) {
    const u = random.uniform(), n = random.normal();
    assert.ok(u >= 0 && u < 1);
    sum += u;
    squares += u * u;
    normalSum += n;
    normalSquares += n * n;
    normalFourths += n * n * n * n;
  }
  closeTo(sum / count, 1 / 2, 0.004, "mean of uniform numbers");
  closeTo(squares / count, 1 / 3, 0.004, "mean square of uniform numbers");
  closeTo(normalSum / count, 0, 0.012, "mean of normal numbers");
  closeTo(normalSquares / count, 1, 0.016, "variance of normal numbers");
  closeTo(normalFourths / count, 3, 0.12, "kurtosis of normal numbers");
});

for (const mean of [0, 0.01, 0.2, 1, 2.03125, 3.3, 9.99, 15.99, 16, 47.3, 1000, 1e4]) {
  Deno.test(`Poisson counts of mean ${mean} have its mean, variance and probabilities`, () => {
    const random = new Random(11, Math.round(mean * 1e5)), count = 150000;
    const histogram = new Map<number, number>();
    let sum = 0, squares = 0;
    for (let i = 0; i < count; i++) {
      const n = poisson(mean, random);
      sum += n - mean;
      squares += (n - mean) * (n - mean);
      histogram.set(n, (histogram.get(n) ?? 0) + 1);
    }
    closeTo(sum / count, 0, 5 * Math.sqrt(mean / count), "mean less what it should be");
    closeTo(squares / count, mean, 5 * Math.sqrt((mean + 2 * mean * mean) / count), "variance");
    let logProbability = -mean;
    for (let n = 0; n < mean + 8 * Math.sqrt(mean) + 8; n++) {
      const expected = count * Math.exp(logProbability);
      const tolerance = 5 * Math.sqrt(expected) + 5;
      closeTo(histogram.get(n) ?? 0, expected, tolerance, `occurrences of ${n}`);
      logProbability += Math.log(mean / (n + 1));
    }
  });
}
