/** Axes of strain: words of the command line, directions of crystals, errors along them. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { multiply } from "../../../library/crystal/matrix.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { strainOf, turnAxes } from "../../../library/crystal/strain/deformation.ts";
import { turnErrors } from "../../../library/crystal/strain/turned_errors.ts";
import { orientationAt, probeOrientations } from "../../../library/mapping/probe_orientations.ts";
import { crystalAxes } from "../../../library/mapping/strain_axes.ts";
import { parsePlanes } from "../../../library/parameters/planes.ts";
import { parseStrainAxes } from "../../../library/parameters/strain_axes.ts";
import { orthogonalFrame } from "../../support/orientations.ts";

const degree = Math.PI / 180;
const gold = await builtInCrystal("Au"), titanium = await builtInCrystal("Ti");
const phases = [gold, titanium].map((crystal) => ({ cell: crystal.cell, group: laueGroup(crystal) }));

Deno.test("axes are an angle, the scan, or a direction in brackets; planes are indices", () => {
  assert.deepEqual(parseStrainAxes(" -30.5"), { frame: "detector", angle: -30.5 });
  assert.deepEqual(parseStrainAxes("scan"), { frame: "scan" });
  assert.deepEqual(parseStrainAxes("[1 -1 0]"), { frame: "crystal", direction: [1, -1, 0] });
  assert.deepEqual(parseStrainAxes("[1-10]"), { frame: "crystal", direction: [1, -1, 0] });
  for (const text of ["", "[1 1]", "[0 0 0]", "[100", "400", "beam", "[1.5 0 0]", "[1 0 0 0]"]) {
    assert.throws(() => parseStrainAxes(text), /--axes/, text);
  }
  assert.deepEqual(parsePlanes("111, 1-10,10-12,1 0 -12"), [[1, 1, 1], [1, -1, 0], [1, 0, 2], [1, 0, -12]]);
  for (const text of ["", "11", "000", "1112", "a11", "1 1", "111,", "1 0 200"]) {
    assert.throws(() => parsePlanes(text), /--planes/, text);
  }
});

Deno.test("a direction of the crystal is found where the orientation puts it, whichever of its equals is written", () => {
  // [110] down the detector, then turned by 20 degrees towards its right.
  const start = orthogonalFrame([0, 0, 1], [1, 1, 0]);
  const turned = probeOrientations(
    Int32Array.of(0),
    [{ phase: 0, orientation: start }],
    Float32Array.of(-20 * degree),
  );
  for (const rotation of phases[0].group.rotations) {
    const orientation = multiply(rotation, orientationAt(turned, 0));
    const [one, other] = [
      crystalAxes([{ phase: 0, orientation }], phases, [1, 1, 0]),
      crystalAxes([{ phase: 0, orientation }], phases, [0, -1, 1]),
    ];
    assert.ok(Math.abs(one[0] + 20 * degree) < 1e-6, `${one[0] / degree}`);
    assert.equal(Math.round(1e6 * one[0]), Math.round(1e6 * other[0]));
  }
});

Deno.test("directions along the beam, and clusters without an orientation, have no axes", () => {
  const along = { phase: 1, orientation: orthogonalFrame([0, 0, 1], [1, 0, 0]) };
  assert.deepEqual(Array.from(crystalAxes([along, undefined], phases, [0, 0, 1])), [NaN, NaN]);
  assert.ok(Math.abs(crystalAxes([along], phases, [1, 0, 0])[0]) < 1e-9);
  const strain = turnAxes(strainOf([1.01, 0, 0, 1]), NaN);
  assert.ok(Number.isNaN(strain.xx) && strain.rotation === 0);
});

Deno.test("errors swap with their axes, stay where they are all alike in size, and mix in between", () => {
  const error = { xx: 3e-4, yy: 1e-4, xy: 2e-4, rotation: 5e-4 };
  const quarter = turnErrors(error, Math.PI / 2);
  [[quarter.xx, 1e-4], [quarter.yy, 3e-4], [quarter.xy, 2e-4], [quarter.rotation, 5e-4]]
    .forEach(([found, expected]) => assert.ok(Math.abs(found - expected) < 1e-12));
  const half = turnErrors(error, Math.PI / 4);
  assert.ok(Math.abs(half.xx - Math.sqrt(9 / 4 + 4 + 1 / 4) * 1e-4) < 1e-12);
  assert.ok(Math.abs(half.xy - Math.sqrt(9 / 4 + 1 / 4) * 1e-4) < 1e-12);
});
