/** Pole figures against orientations whose poles are known, and against no order at all. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { apply, type Matrix3, normalise, transpose, type Vector3 } from "../../../library/crystal/matrix.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { DirectionDensity } from "../../../library/mapping/direction_density.ts";
import { equalPoles, inversePoleDensity, poleDensity } from "../../../library/mapping/pole_figure.ts";
import { project, projections, unproject } from "../../../library/mapping/projection.ts";
import { orthogonalFrame, randomDirections, randomOrientations } from "../../support/orientations.ts";

const gold = await builtInCrystal("Au"), titanium = await builtInCrystal("Ti");
const cubic = laueGroup(gold), hexagonal = laueGroup(titanium);

Deno.test("places of the disk are directions and back; equal areas stay equal", () => {
  for (const projection of projections) {
    for (const direction of randomDirections(50, 1)) {
      const up: Vector3 = [direction[0], direction[1], Math.abs(direction[2])];
      const back = unproject(...project(up, projection), projection)!;
      back.forEach((value, axis) => assert.ok(Math.abs(value - up[axis]) < 1e-12));
    }
    assert.equal(unproject(0.8, 0.7, projection), undefined);
  }
  const inner = Array.from({ length: 101 * 101 }, (_, index) => {
    const place = [Math.floor(index / 101) / 50 - 1, index % 101 / 50 - 1] as const;
    return unproject(...place, "equal-area")?.[2];
  }).filter((z) => z !== undefined);
  const cap = inner.filter((z) => z > 0.5).length / inner.length;
  assert.ok(Math.abs(cap - 0.5) < 0.01, "half of the hemisphere lies above z = 1/2");
});

Deno.test("families have as many poles as their multiplicity says", () => {
  const counts = (indices: Vector3) => equalPoles(cubic, gold.cell, indices).length;
  assert.deepEqual(([[1, 1, 1], [2, 0, 0], [2, 2, 0], [3, 1, 1], [1, 2, 3]] as const).map(counts), [
    4,
    3,
    6,
    12,
    24,
  ]);
  const others = ([[0, 0, 2], [1, 0, 0], [1, 0, 1], [1, 1, 0]] as const)
    .map((indices) => equalPoles(hexagonal, titanium.cell, indices).length);
  assert.deepEqual(others, [1, 3, 6, 3]);
});

Deno.test("one crystal has its poles where its orientation puts them, and half there at the half-width", () => {
  // [111] along the beam, [1-10] down the detector.
  const orientation = orthogonalFrame([1, 1, 1], [1, -1, 0]);
  const poles = equalPoles(cubic, gold.cell, [1, 1, 1]);
  const density = poleDensity([{ orientation, weight: 3 }], poles, 8);
  const beam = density.at([0, 0, 1]), off = 70.5288 * Math.PI / 180;
  // The others lie 70.53 degrees off, one of them towards +y: y is z cross x.
  const others = [0, 1, 2].map((third) => {
    const turn = Math.PI / 2 + third * 2 * Math.PI / 3;
    const along = density.at([Math.sin(off) * Math.cos(turn), Math.sin(off) * Math.sin(turn), Math.cos(off)]);
    const against = density.at([
      Math.sin(off) * Math.cos(turn),
      Math.sin(off) * Math.sin(turn),
      -Math.cos(off),
    ]);
    return Math.max(along, against);
  });
  others.forEach((value) => assert.ok(Math.abs(value / beam - 1) < 1e-3, `${others} and ${beam}`));
  const expected = poles.map((pole) => density.at(apply(transpose(orientation), pole)));
  expected.forEach((value) => assert.ok(Math.abs(value / beam - 1) < 1e-3));
  const half = density.at([Math.sin(8 * Math.PI / 180), 0, Math.cos(8 * Math.PI / 180)]);
  assert.ok(Math.abs(half / beam - 0.5) < 0.01, `${half / beam}`);
  assert.ok(density.at(normalise([1, 0, 1])) < 0.01 * beam);
});

Deno.test("the mean of a density over the sphere is 1, whatever was added and however wide the kernel", () => {
  const directions = randomDirections(20000, 5);
  for (const width of [5, 12, 30]) {
    const density = new DirectionDensity(width);
    density.add([0, 0.6, 0.8], 2);
    density.add([0, 0, -1], 1);
    const mean = directions.reduce((sum, direction) => sum + density.at(direction), 0) / directions.length;
    assert.ok(Math.abs(mean - 1) < 0.08, `${width}: ${mean}`);
    assert.equal(density.at([0, 0, 1]), density.at([0, 0, -1]));
  }
  assert.equal(new DirectionDensity(10).at([0, 0, 1]), 0);
  for (const width of [0, 60, NaN]) assert.throws(() => new DirectionDensity(width), /half-width/);
});

Deno.test("orientations without order give 1 everywhere, in figures of both kinds", () => {
  const orientations = randomOrientations(4000, 8).map((orientation) => ({ orientation, weight: 1 }));
  const poles = poleDensity(orientations, equalPoles(cubic, gold.cell, [2, 2, 0]), 12);
  const inverse = inversePoleDensity(orientations, hexagonal, [0, 0, 1], 12);
  for (const direction of randomDirections(60, 2)) {
    for (const density of [poles, inverse]) {
      assert.ok(Math.abs(density.at(direction) - 1) < 0.25, `${density.at(direction)}`);
    }
  }
});

Deno.test("an inverse figure peaks at the crystal direction along the sample's, and its equals", () => {
  const orientation = orthogonalFrame([1, 1, 2], [1, 1, -1]);
  const along = (direction: Vector3) => inversePoleDensity([{ orientation, weight: 1 }], cubic, direction, 6);
  const [z, x] = [along([0, 0, 1]), along([1, 0, 0])];
  const best = z.at(normalise([1, 1, 2]));
  assert.ok(best > 8 && Math.abs(z.at(normalise([-2, 1, 1])) / best - 1) < 1e-3);
  assert.ok(x.at(normalise([1, 1, 1])) > 8 && x.at(normalise([1, 1, 2])) < 1);
});

Deno.test("areas count: twice the area is twice the density", () => {
  const [one, other] = [orthogonalFrame([0, 0, 1], [1, 0, 0]), orthogonalFrame([1, 1, 1], [1, -1, 0])];
  const weighted = (weights: readonly number[]) =>
    poleDensity(
      ([one, other] as Matrix3[]).map((orientation, index) => ({ orientation, weight: weights[index] })),
      [[0, 0, 1]],
      5,
    );
  const split: Vector3 = apply(transpose(other), [0, 0, 1]), density = weighted([2, 1]);
  assert.ok(Math.abs(density.at([0, 0, 1]) / density.at(split) - 2) < 1e-3);
});
