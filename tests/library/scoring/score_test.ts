import assert from "node:assert/strict";
import { BadParameter, scoreLabels, simulateScan } from "../../../mod.ts";
import { boundaryF1 } from "../../../library/scoring/boundaries.ts";
import { grainErrors } from "../../../library/scoring/grains.ts";
import { partitionInformation } from "../../../library/scoring/information.ts";
import { Random } from "../../../library/simulation/random.ts";

/** Random maps of a few blocky classes, -1 among them, and a copy of which some probes are drawn anew. */
function* randomMaps(count: number) {
  for (let seed = 1; seed <= count; seed++) {
    const random = new Random(seed, 1);
    const whole = (least: number, most: number) => least + Math.floor(random.uniform() * (most - least + 1));
    const rows = whole(1, 9), columns = whole(1, 9), classes = whole(1, 5), side = whole(1, 4);
    const blocks = Array.from({ length: 100 }, () => whole(-1, classes - 1));
    const truth = Int32Array.from(
      { length: rows * columns },
      (_, probe) => blocks[10 * Math.floor(probe / columns / side) + Math.floor(probe % columns / side)],
    );
    const labels = truth.map((label) => random.uniform() < 0.3 ? whole(-1, classes) : label);
    const purity = Float32Array.from(truth, () => 0.6 + 0.4 * random.uniform());
    yield { rows, columns, truth, labels, purity };
  }
}

/** Information measures from their definition: sums over all pairs of classes. */
function plainInformation(first: Int32Array, second: Int32Array) {
  const n = first.length, classes = Array.from({ length: 12 }, (_, index) => index - 1);
  const share = (holds: (probe: number) => boolean) =>
    Array.from(first.keys()).filter((probe) => holds(probe)).length / n;
  let mutual = 0, inFirst = 0, inSecond = 0;
  for (const a of classes) {
    const p = share((probe) => first[probe] === a), q = share((probe) => second[probe] === a);
    if (p > 0) inFirst -= p * Math.log(p);
    if (q > 0) inSecond -= q * Math.log(q);
    for (const b of classes) {
      const both = share((probe) => first[probe] === a && second[probe] === b);
      if (both > 0) mutual += both * Math.log(both / p / share((probe) => second[probe] === b));
    }
  }
  const most = inFirst + inSecond;
  return { normalised: most === 0 ? 1 : 2 * mutual / most, variation: most - 2 * mutual };
}

Deno.test("information measures are those of their definitions", () => {
  for (const { truth, labels } of randomMaps(200)) {
    const { normalisedMutualInformation, variationOfInformation } = partitionInformation(labels, truth);
    const { normalised, variation } = plainInformation(labels, truth);
    assert(Math.abs(normalisedMutualInformation - normalised) < 1e-9);
    assert(Math.abs(variationOfInformation - variation) < 1e-9);
  }
});

/** F1 from the distances of all pairs of boundary probes. */
function plainBoundaryF1(a: Int32Array, b: Int32Array, rows: number, columns: number, tolerance: number) {
  const boundary = (labels: Int32Array) =>
    Array.from(labels.keys()).filter((probe) => {
      const row = Math.floor(probe / columns), column = probe % columns;
      return [[-1, 0], [1, 0], [0, -1], [0, 1]].some(([down, right]) => {
        const y = row + down, x = column + right;
        return y >= 0 && y < rows && x >= 0 && x < columns && labels[y * columns + x] !== labels[probe];
      });
    });
  const near = (probe: number, others: number[]) =>
    others.some((other) => {
      const down = Math.abs(Math.floor(probe / columns) - Math.floor(other / columns));
      return Math.max(down, Math.abs(probe % columns - other % columns)) <= tolerance;
    });
  const first = boundary(a), second = boundary(b);
  if (first.length + second.length === 0) return 1;
  const precision = first.filter((probe) => near(probe, second)).length / Math.max(1, first.length);
  const recall = second.filter((probe) => near(probe, first)).length / Math.max(1, second.length);
  return precision + recall === 0 ? 0 : 2 * precision * recall / (precision + recall);
}

Deno.test("boundary F1 is what the distances of all pairs of boundary probes give", () => {
  for (const { rows, columns, truth, labels } of randomMaps(200)) {
    for (const tolerance of [0, 1, 2]) {
      const expected = plainBoundaryF1(labels, truth, rows, columns, tolerance);
      assert(Math.abs(boundaryF1(labels, truth, rows, columns, tolerance) - expected) < 1e-12);
    }
  }
});

/** Splits and merges from shares of every label in every grain. */
function plainGrainErrors(labels: Int32Array, truth: Int32Array) {
  const hosts: number[] = [];
  let grains = 0, split = 0;
  for (const grain of new Set(truth)) {
    const probes = Array.from(truth.keys()).filter((probe) => truth[probe] === grain);
    if (grain < 0 || probes.length < 9) continue;
    grains++;
    const shares = Array.from(new Set(labels), (label) => ({
      label,
      share: probes.filter((probe) => labels[probe] === label).length / probes.length,
    }));
    if (shares.every(({ share }) => share < 0.75)) split++;
    hosts.push(...shares.filter(({ share }) => share > 0.5).map(({ label }) => label));
  }
  return { grains, split, merged: hosts.length - new Set(hosts).size };
}

Deno.test("splits and merges are those of their definition", () => {
  let splits = 0, merges = 0;
  for (const { truth, labels } of randomMaps(400)) {
    const errors = grainErrors(labels, truth);
    assert.deepEqual(errors, plainGrainErrors(labels, truth));
    splits += errors.split;
    merges += errors.merged;
  }
  const { merged } = grainErrors(new Int32Array(30), Int32Array.from({ length: 30 }, (_, i) => i % 3));
  assert.equal(merged, 2);
  assert(splits > 0, `${splits} splits, ${merges} merges`);
});

Deno.test("a score does not depend on the numbers of clusters and grains", () => {
  for (const map of randomMaps(100)) {
    const rename = (label: number) => label < 0 ? -4 : 1000 - 37 * label;
    const renamed = {
      ...map,
      labels: map.labels.map(rename),
      truth: map.truth.map((g) => g < 0 ? -5 : 3 * g + 2),
    };
    const before = scoreLabels(map), after = scoreLabels(renamed);
    assert.equal(JSON.stringify(rounded(after)), JSON.stringify(rounded(before)));
  }
});

/** Sums in another order may differ in the last digit. */
function rounded(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toFixed(9)) + 0;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, rounded(inner)]));
}

Deno.test("the truth itself is perfect, and perfect over the interiors", () => {
  const { truth: { labels, purity } } = simulateScan({
    rows: 24,
    columns: 20,
    grains: 6,
    layout: "particles",
  });
  const score = scoreLabels({ rows: 24, columns: 20, labels, truth: labels, purity });
  const perfect = { adjustedRandIndex: 1, normalisedMutualInformation: 1, variationOfInformation: 0 };
  assert.deepEqual(score.all, { probes: 480, ...perfect });
  assert.deepEqual(score.interiors, { probes: score.interiors!.probes, ...perfect });
  assert.deepEqual(score.boundaryF1, { onePixel: 1, twoPixels: 1 });
  assert.deepEqual([score.split, score.merged], [0, 0]);
  assert.deepEqual([score.grainCoverage, score.backgroundCoverage], [1, 0]);
});

Deno.test("interiors leave rims and background out", () => {
  const truth = [0, 0, 0, 1, 1, 1, -1, -1], purity = [1, 1, 0.5, 0.8, 1, 1, 1, 1];
  const labels = [4, 4, 9, 4, 7, 7, 7, 4];
  const score = scoreLabels({ rows: 1, columns: 8, labels, truth, purity });
  assert.equal(score.interiors!.probes, 4);
  assert.equal(score.interiors!.adjustedRandIndex, 1);
  assert(score.all.adjustedRandIndex < 0.5);
});

Deno.test("degenerate maps have finite scores", () => {
  const one = scoreLabels({ rows: 1, columns: 1, labels: [-1], truth: [3], purity: [0] });
  assert.equal(one.all.adjustedRandIndex, 1);
  assert.deepEqual([one.grains, one.clusters, one.coverage, one.backgroundCoverage], [0, 0, 0, null]);
  assert.equal(one.interiors!.probes, 0);
  assert.equal(one.interiors!.normalisedMutualInformation, 1);
  // Everything in one cluster, and every probe its own: no better than chance against two halves.
  const truth = Array.from({ length: 24 }, (_, probe) => probe < 12 ? 0 : 1);
  const merged = scoreLabels({ rows: 4, columns: 6, labels: truth.map(() => 0), truth });
  assert.deepEqual([merged.all.adjustedRandIndex, merged.boundaryF1.twoPixels], [0, 0]);
  assert.deepEqual([merged.split, merged.merged, merged.interiors], [0, 1, undefined]);
  const dust = scoreLabels({ rows: 4, columns: 6, labels: truth.map((_, probe) => probe), truth });
  assert.deepEqual([dust.all.adjustedRandIndex, dust.split, dust.merged], [0, 2, 0]);
});

Deno.test("maps that are not rows x columns are refused", () => {
  const good = { rows: 2, columns: 2, labels: [0, 0, 1, 1], truth: [0, 0, 1, 1], purity: [1, 1, 1, 1] };
  scoreLabels(good);
  for (const name of ["labels", "truth", "purity"] as const) {
    assert.throws(() => scoreLabels({ ...good, [name]: [0, 0, 1] }), BadParameter, name);
  }
  assert.throws(() => scoreLabels({ rows: 0, columns: 2, labels: [], truth: [] }), BadParameter);
});
