/** Functions of the library refuse arguments that make no sense with BadParameter, and give no number for them. */

import assert from "node:assert/strict";
import {
  alignmentOf,
  averagePatterns,
  BadParameter,
  buildForest,
  builtInCrystal,
  chooseThreshold,
  clusterScan,
  crystalAxes,
  cutForest,
  defaultParameters,
  equalPoles,
  fitStrain,
  integratedField,
  kernelAverageMisorientation,
  kinematicPattern,
  laueGroup,
  lineProfile,
  meanOrientations,
  measureDrift,
  misorientation,
  orientationDeviation,
  patternTransform,
  probeOrientations,
  radialProfile,
  readPattern,
  scanFromArray,
  simulateScan,
  structureFactors,
} from "crystallite";

const unturned = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const, broken = [NaN, 0, 0, 0, 1, 0, 0, 0, 1] as const;
const picture = { rows: 4, columns: 4 }, values = Float32Array.from({ length: 16 }, (_, i) => i);

/** Each must throw. */
function refused(calls: Readonly<Record<string, () => unknown>>): void {
  const taken = Object.entries(calls).flatMap(([name, call]) => {
    try {
      call();
    } catch (cause) {
      return cause instanceof BadParameter && cause.details.remedy ? [] : [`${name}: ${cause}`];
    }
    return [`${name}: nothing`];
  });
  assert.deepEqual(taken, []);
}

Deno.test("profiles, transforms and integrals refuse sizes that are none, other lengths, and places that are nowhere", () => {
  const from = { row: 0, column: 0 }, to = { row: 3, column: 3 };
  const radial = { values, ...picture, center: { row: 1, column: 1 } };
  refused({
    "line, short": () => lineProfile(values.subarray(3), picture, { from, to }),
    "line from NaN": () => lineProfile(values, picture, { from: { row: NaN, column: 0 }, to }),
    "line to nowhere": () => lineProfile(values, picture, { from, to: { row: Infinity, column: 0 } }),
    "line too long": () => lineProfile(values, picture, { from, to: { row: 1e12, column: 0 } }),
    "line of width NaN": () => lineProfile(values, picture, { from, to, width: NaN }),
    "line of width -3": () => lineProfile(values, picture, { from, to, width: -3 }),
    "rings, short": () => radialProfile({ ...radial, values: values.subarray(1) }),
    "rings about NaN": () => radialProfile({ ...radial, center: { row: NaN, column: 1 } }),
    "rings about nowhere": () => radialProfile({ ...radial, center: { row: 1e12, column: 1 } }),
    "rings, pixels of 0": () => radialProfile({ ...radial, pixelSize: { row: 0, column: 1 } }),
    "rings, pixels of -1": () => radialProfile({ ...radial, pixelSize: { row: 1, column: -1 } }),
    "rings, -1 rows": () => radialProfile({ ...radial, rows: -1 }),
    "transform, short": () => patternTransform(values.subarray(1), picture),
    "transform, 2.5 rows": () => patternTransform(values, { rows: 2.5, columns: 4 }),
    "transform, no rows": () => patternTransform([], { rows: 0, columns: 4 }),
    "field, short": () => integratedField({ row: values, column: values.subarray(1) }, picture),
    "field, steps of 0": () =>
      integratedField({ row: values, column: values }, picture, { row: 0, column: 1 }),
    "field, steps of NaN": () =>
      integratedField({ row: values, column: values }, picture, { row: 1, column: NaN }),
    "field, -4 rows": () => integratedField({ row: values, column: values }, { rows: -4, columns: -4 }),
  });
});

Deno.test("a pattern outside the scan is refused, also where it would be one of the next row", async () => {
  const shape = { rows: 3, columns: 2, patternRows: 2, patternColumns: 2 };
  const scan = scanFromArray(Uint8Array.from({ length: 24 }, (_, i) => i), shape);
  const single = {
    ...scan,
    readPatterns: (first: number, count: number, into: Parameters<typeof scan.readRows>[2]) =>
      into.set(Uint8Array.from({ length: 4 * count }, (_, i) => 4 * first + i)),
  };
  for (const opened of [scan, single]) {
    assert.deepEqual([...await readPattern(opened, 1, 1)], [12, 13, 14, 15]);
    for (const [row, column] of [[0, 2], [0, -1], [-1, 0], [3, 0], [0.5, 0], [NaN, 0]]) {
      await assert.rejects(readPattern(opened, row, column), BadParameter, `${row}, ${column}`);
    }
  }
});

Deno.test("scans over arrays refuse other arrays and other bad pixels", () => {
  const shape = { rows: 1, columns: 1, patternRows: 2, patternColumns: 2 };
  const other = [1, 2, 3, 4] as unknown as Uint8Array;
  refused({
    "plain array": () => scanFromArray(other, shape),
    "clamped array": () => scanFromArray(new Uint8ClampedArray(4) as unknown as Uint8Array, shape),
    "bad pixels": () => scanFromArray(new Uint8Array(4), shape, { badPixels: new Uint8Array(3) }),
  });
});

Deno.test("forests and averages refuse maps of another scan", async () => {
  const scan = simulateScan({ rows: 6, columns: 6, patternRows: 16, patternColumns: 16, grains: 2, seed: 1 });
  const clustering = await clusterScan(scan, { ...defaultParameters, threshold: 0.5 }, { workers: 1 });
  const { similarity, meanSimilarity, mask } = clustering, forest = clustering.forest!;
  const input = { rows: 6, columns: 6, similarity, mask }, cut = { meanSimilarity, mask, minimumSize: 1 };
  refused({
    "forest, similarities": () => buildForest({ ...input, similarity: similarity.subarray(8) }),
    "forest, mask": () => buildForest({ ...input, mask: mask.subarray(1) }),
    "forest, 2.5 rows": () => buildForest({ ...input, rows: 2.5 }),
    "cut at NaN": () => cutForest(forest, { ...cut, threshold: NaN }),
    "cut, size NaN": () => cutForest(forest, { ...cut, threshold: 0.5, minimumSize: NaN }),
    "cut, mask": () => cutForest(forest, { ...cut, threshold: 0.5, mask: mask.subarray(1) }),
    "cut, means": () =>
      cutForest(forest, { ...cut, threshold: 0.5, meanSimilarity: meanSimilarity.subarray(1) }),
    "cut, edges": () =>
      cutForest({ ...forest, probes: forest.probes.map(() => 36) }, { ...cut, threshold: 0.5 }),
    "threshold, mask": () => chooseThreshold(forest, mask.subarray(1)),
  });
  // A scan that grows has no row in the beginning.
  const none = { rows: 0, columns: 6, similarity: new Float32Array(0), mask: new Uint8Array(0) };
  assert.equal(buildForest(none).similarity.length, 0);
  for (const labels of [clustering.labels.subarray(1), clustering.labels.map(() => 99)]) {
    const averages = averagePatterns(scan, { ...clustering, labels }, { workers: 1 });
    await assert.rejects(averages.next(), BadParameter);
  }
});

Deno.test("crystals refuse beams, rotations and directions that are none", async () => {
  const gold = await builtInCrystal("Au"), group = laueGroup(gold), { cell } = gold;
  const reflections = structureFactors(gold), beam = { beamEnergy: 300 };
  const spots = kinematicPattern(reflections, unturned, beam);
  const cluster = (phase: number) => ({ phase, orientation: unturned });
  refused({
    "energy 0": () => kinematicPattern(reflections, unturned, { beamEnergy: 0 }),
    "energy NaN": () => kinematicPattern(reflections, unturned, { beamEnergy: NaN }),
    "width 0": () => kinematicPattern(reflections, unturned, { ...beam, excitationWidth: 0 }),
    "orientation NaN": () => kinematicPattern(reflections, broken, beam),
    "misorientation NaN": () =>
      misorientation({ group, orientation: unturned }, { group, orientation: broken }),
    "peaks of two lengths": () => fitStrain({ ...spots, qColumn: spots.qColumn.subarray(1) }, spots),
    "spots of two lengths": () => fitStrain(spots, { ...spots, qColumn: spots.qColumn.subarray(1) }),
    "radius -1": () => fitStrain(spots, spots, { radius: -1 }),
    "pairs NaN": () => fitStrain(spots, spots, { minimumPairs: NaN }),
    "plane 000": () => equalPoles(group, cell, [0, 0, 0]),
    "direction 000": () => crystalAxes([cluster(0)], [{ cell, group }], [0, 0, 0]),
    "direction NaN": () => crystalAxes([cluster(0)], [{ cell, group }], [NaN, 0, 0]),
    "phase 3": () => crystalAxes([cluster(3)], [{ cell, group }], [1, 0, 0]),
  });
});

Deno.test("maps of orientations and drifts refuse lengths and numbers that do not fit", () => {
  const labels = new Int32Array(4), rotations = [[unturned]], cluster = { phase: 0, orientation: unturned };
  const map = probeOrientations(labels, [cluster]), square = { rows: 2, columns: 2 };
  const moved = [{ ...picture, values }];
  refused({
    "rotation, short": () => probeOrientations(labels, [cluster], new Float32Array(1)),
    "label beyond": () => probeOrientations(Int32Array.of(5), [cluster]),
    "kernel, labels": () => kernelAverageMisorientation(map, labels.subarray(1), square, rotations),
    "kernel, sizes": () => kernelAverageMisorientation(map, labels, { rows: 9, columns: 9 }, rotations),
    "kernel, no phase": () => kernelAverageMisorientation(map, labels, square, []),
    "kernel, limit NaN": () => kernelAverageMisorientation(map, labels, square, rotations, { limit: NaN }),
    "kernel, 5 neighbours": () =>
      kernelAverageMisorientation(map, labels, square, rotations, { neighbours: 5 as 4 }),
    "means, none": () => meanOrientations(map, labels, rotations, 0),
    "means, labels": () => meanOrientations(map, new Int32Array(9), rotations, 1),
    "deviation, no phase": () => orientationDeviation(map, labels, [], [cluster]),
    "origins, odd": () => alignmentOf(new Float32Array(3)),
    "origins, NaN": () => alignmentOf(Float32Array.of(NaN, 1)),
    "origins, none": () => alignmentOf(new Float32Array(0)),
    "drift, NaN": () => measureDrift(moved, moved, NaN),
    "drift, -1": () => measureDrift(moved, moved, -1),
  });
});
