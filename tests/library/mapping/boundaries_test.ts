/** Misorientations, their names, and the lengths of boundaries, against published values and plain geometry. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { identity, type Matrix3, multiply, type Vector3 } from "../../../library/crystal/matrix.ts";
import { misorientation, rotationBy } from "../../../library/crystal/misorientation.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { reciprocalVector, unitCell } from "../../../library/crystal/unit_cell.ts";
import { boundaryLengths, clusterBoundaries } from "../../../library/mapping/boundaries.ts";
import { directionInWords, directionName } from "../../../library/mapping/euler.ts";
import { grainShapes } from "../../../library/mapping/grain_shapes.ts";
import { BoundaryNames } from "../../../library/mapping/special_boundaries.ts";
import { Random } from "../../../library/simulation/random.ts";
import { toMatrix, uniformRotation } from "../../../library/simulation/rotation.ts";

const gold = await builtInCrystal("Au"), cubic = laueGroup(gold);
const about = (degrees: number, axis: Vector3) =>
  rotationBy(Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180), axis);
const anyRotation = (random: Random) => toMatrix(uniformRotation(random)) as unknown as Matrix3;
const between = (turn: Matrix3, orientation: Matrix3 = identity) =>
  misorientation(
    { group: cubic, orientation: multiply(turn, orientation) },
    { group: cubic, orientation },
  );

Deno.test("turns of coincidence lattices have their published angle, axis and name, in any equal form", () => {
  const published: [string, number, Vector3, string][] = [
    ["Sigma3", 60, [1, 1, 1], "[1 1 1]"],
    ["Sigma3", 180, [1, 1, 2], "[1 1 1]"],
    ["Sigma3", 70.5288, [1, 1, 0], "[1 1 1]"],
    ["Sigma5", 36.870, [0, 0, 1], "[0 0 1]"],
    ["Sigma7", 38.213, [1, 1, 1], "[1 1 1]"],
    ["Sigma9", 38.942, [1, 1, 0], "[0 1 1]"],
    ["Sigma11", 50.479, [1, 1, 0], "[0 1 1]"],
    ["Sigma29b", 46.397, [2, 2, 1], "[1 2 2]"],
  ];
  const names = new BoundaryNames(cubic, gold.cell), random = new Random(3);
  for (const [name, degrees, axis, reduced] of published) {
    const exact = between(about(degrees, axis));
    const smallest = name === "Sigma3" ? 60 : degrees;
    assert.ok(Math.abs(exact.angle - smallest) < 1e-3, `${name}: ${exact.angle}`);
    assert.equal(directionName(gold.cell, exact.axis), reduced, name);
    for (let round = 0; round < 20; round++) {
      const one = anyRotation(random);
      const [s, t] = [0, 1].map(() => cubic.rotations[random.below(24)]);
      const turn = multiply(multiply(s, about(round % 2 ? degrees : -degrees, axis)), t);
      const found = between(turn, one);
      assert.ok(Math.abs(found.angle - exact.angle) < 1e-3, `${name}: ${found.angle}`);
      const { name: given, deviation } = names.of(found);
      assert.equal(given, name);
      assert.ok(deviation! < 0.01, `${name}: ${deviation}`);
    }
  }
});

Deno.test("Brandon's limit is 15 degrees over the root of Sigma", () => {
  const names = new BoundaryNames(cubic, gold.cell);
  // Away from the coincidence along its axis, where no other coincidence lies nearer.
  const named = (off: number) => names.of(between(about(60 - off, [1, 1, 1]))).name;
  assert.equal(named(8), "Sigma3");
  assert.notEqual(named(8.7), "Sigma3");
  assert.equal(names.of(between(about(14.9, [1, 2, 3]))).name, "low angle");
  assert.equal(names.of(between(about(15.5, [3, 8, 11]))).name, "general");
});

Deno.test("random cubic pairs: no angle above 62.8 degrees, mean 40.8, and both ways round alike", () => {
  const random = new Random(8);
  let sum = 0, most = 0;
  for (let pair = 0; pair < 3000; pair++) {
    const one = { group: cubic, orientation: anyRotation(random) };
    const other = { group: cubic, orientation: anyRotation(random) };
    const { angle, axis } = misorientation(one, other), back = misorientation(other, one);
    assert.ok(Math.abs(angle - back.angle) < 1e-6);
    assert.ok(axis.every((value, index) => Math.abs(value - back.axis[index]) < 1e-4), "axis");
    sum += angle;
    most = Math.max(most, angle);
  }
  assert.ok(most < 62.81 && most > 60, String(most));
  assert.ok(Math.abs(sum / 3000 - 40.8) < 0.6, String(sum / 3000));
});

Deno.test("twins have their names in cells whose angle a file writes as 119.99999", async () => {
  const titanium = await builtInCrystal("Ti");
  const crystal = { ...titanium, cell: unitCell({ ...titanium.cell, gamma: 119.99999 }) };
  const group = laueGroup(crystal), names = new BoundaryNames(group, crystal.cell);
  assert.equal(group.laueClass, "6/mmm");
  const twin = rotationBy(-1, 0, reciprocalVector(crystal.cell, [1, 0, 2]));
  const found = misorientation({ group, orientation: twin }, { group, orientation: identity });
  assert.equal(names.of(found).name, "{10-12} twin");
});

Deno.test("twins of titanium are named by their plane; two phases take both groups", async () => {
  const titanium = await builtInCrystal("Ti"), group = laueGroup(titanium);
  const names = new BoundaryNames(group, titanium.cell);
  const twin = rotationBy(-1, 0, reciprocalVector(titanium.cell, [1, 0, 2]));
  const found = misorientation({ group, orientation: twin }, { group, orientation: identity });
  assert.ok(Math.abs(found.angle - 85) < 0.5, String(found.angle));
  assert.equal(names.of(found).name, "{10-12} twin");
  const mixed = (s: Matrix3, t: Matrix3) =>
    misorientation(
      { group, orientation: multiply(s, twin) },
      { group: cubic, orientation: multiply(t, about(20, [1, 2, 5])) },
    ).angle;
  const expected = mixed(identity, identity);
  assert.ok(Math.abs(mixed(group.rotations[7], cubic.rotations[13]) - expected) < 1e-9);
});

Deno.test("straight boundaries are as long as they are, whichever way they run", () => {
  const rows = 200, columns = 200;
  for (const degrees of [0, 15, 30, 45, 60, 75, 90, 130]) {
    const [down, across] = [Math.sin(degrees * Math.PI / 180), Math.cos(degrees * Math.PI / 180)];
    const labels = Int32Array.from({ length: rows * columns }, (_, probe) => {
      const y = Math.floor(probe / columns) - 99.6, x = probe % columns - 99.7;
      if (y * y + x * x > 80 * 80) return -1;
      return y * across - x * down > 0 ? 1 : 0;
    });
    const [{ clusters, length }] = boundaryLengths(labels, { rows, columns }, { row: 2, column: 2 });
    assert.deepEqual(clusters, [0, 1]);
    assert.ok(Math.abs(length / 320 - 1) < 0.07, `${degrees} degrees: ${length}`);
  }
});

Deno.test("grains: area, diameter, aspect ratio and neighbours of rectangles", () => {
  // Two rectangles beside each other, one apart; a corner is no boundary.
  const map = ["00001111", "00001111", "........", "22......", "..3....."];
  const labels = Int32Array.from(map.join(""), (mark) => mark === "." ? -1 : Number(mark));
  const shape = { rows: 5, columns: 8 }, group = cubic;
  const orientations = [identity, about(60, [1, 1, 1]), undefined, identity]
    .map((orientation) => orientation && { phase: 0, orientation });
  const boundaries = clusterBoundaries(labels, shape, orientations, [{ crystal: gold, group }]);
  assert.deepEqual(boundaries.map(({ clusters, name }) => [...clusters, name]), [[0, 1, "Sigma3"]]);
  const [first, second, third] = grainShapes(labels, 8, 4, boundaries, { row: 3, column: 3 });
  assert.equal(first.area, 72);
  assert.ok(Math.abs(first.equivalentDiameter - 2 * Math.sqrt(72 / Math.PI)) < 1e-12);
  assert.ok(Math.abs(first.aspectRatio - 2) < 1e-9, String(first.aspectRatio));
  assert.deepEqual([first.neighbours, second.neighbours, third.neighbours], [1, 1, 0]);
});

Deno.test("directions without small indices are told by the nearest one that has them", () => {
  assert.equal(directionInWords(gold.cell, [0, 0, 1]), "[0 0 1]");
  const tilted: Vector3 = [Math.sin(3 * Math.PI / 180), 0, Math.cos(3 * Math.PI / 180)];
  assert.equal(directionInWords(gold.cell, tilted), "3.0° from [0 0 1]");
});
