import assert from "node:assert/strict";
import { electronWavelength } from "../../../library/scan/electron.ts";
import { growCrystals } from "../../../library/simulation/crystals.ts";
import { phasesOf } from "../../../library/simulation/phases.ts";
import { reflections } from "../../../library/simulation/gold.ts";
import { placeGrains } from "../../../library/simulation/grains.ts";
import { checkSimulation } from "../../../library/simulation/parameters.ts";
import { Random } from "../../../library/simulation/random.ts";
import {
  compose,
  cosineOfHalfDisorientation,
  rotate,
  rotationAbout,
  rotationToBeam,
  toMatrix,
  uniformRotation,
  type Vector,
} from "../../../library/simulation/rotation.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { nearestSites } from "../../../library/simulation/voronoi.ts";

const degrees = (cosineOfHalf: number) => 2 * Math.acos(cosineOfHalf) * 180 / Math.PI;

/** Centre of mass (row, column) and sum of a pattern within `radius` of a place. */
function massNear(pattern: Float32Array, columns: number, row: number, column: number, radius: number) {
  let sum = 0, rowSum = 0, columnSum = 0;
  pattern.forEach((value, pixel) => {
    const r = Math.floor(pixel / columns), c = pixel % columns;
    if (Math.hypot(r - row, c - column) > radius) return;
    sum += value;
    rowSum += value * r;
    columnSum += value * c;
  });
  return { sum, row: rowSum / sum, column: columnSum / sum };
}

Deno.test("wavelengths are those of the textbooks", () => {
  assert.ok(Math.abs(electronWavelength(100) - 0.03701) < 2e-5);
  assert.ok(Math.abs(electronWavelength(200) - 0.02508) < 2e-5);
  assert.ok(Math.abs(electronWavelength(300) - 0.01969) < 2e-5);
});

Deno.test("gold has the reflections of a face-centred lattice and plausible extinction distances", () => {
  const found = reflections(0.75, 100);
  const families = new Map<string, number>();
  for (const { indices } of found) {
    const family = indices.map(Math.abs).sort().join("");
    families.set(family, (families.get(family) ?? 0) + 1);
  }
  assert.deepEqual([...families].sort(), [["002", 6], ["022", 12], ["111", 8]]);
  const distance = found.find(({ indices }) => indices.join() === "1,1,1")!.extinctionDistance;
  // Hirsch et al., Electron Microscopy of Thin Crystals, give 159 Å from older form factors and without vibrations
  assert.ok(Math.abs(distance / 159 - 1) < 0.2, String(distance));
});

Deno.test("disks of a crystal seen along <110> lie where its orientation puts {111} and {200}, with their Friedel pairs", () => {
  const scan = simulateScan({
    rows: 1,
    columns: 1,
    grains: 1,
    texture: "110",
    textureSpread: 0,
    twinFraction: 0,
    strain: 0,
    bend: 0,
    halo: 0,
    hotPixels: 0,
    offset: [1.3, -2.6],
    seed: 9,
  });
  const { orientations, center, qPixelSize, diskRadius } = scan.truth;
  const pattern = scan.expectedPattern(0, 0);
  let pairs = 0;
  for (const { vector, length, indices } of reflections(0.5, 200)) {
    const [x, y, z] = [0, 3, 6].map((i) => vector.reduce((sum, v, j) => sum + orientations[i + j] * v, 0));
    if (Math.abs(z) > 1e-9) continue;
    const row = center[0] + y / qPixelSize, column = center[1] + x / qPixelSize;
    const disk = massNear(pattern, 64, row, column, diskRadius + 1);
    assert.ok(disk.sum > 0.005 * scan.parameters.dose, `${indices}: ${disk.sum}`);
    assert.ok(
      Math.hypot(disk.row - row, disk.column - column) < 0.3,
      `${indices} at ${disk.row}, ${disk.column}`,
    );
    const measured = Math.hypot(disk.row - center[0], disk.column - center[1]) * qPixelSize;
    assert.ok(Math.abs(measured - length) < qPixelSize);
    const friedel = massNear(pattern, 64, 2 * center[0] - row, 2 * center[1] - column, diskRadius + 1);
    assert.ok(Math.abs(disk.sum / friedel.sum - 1) < 0.05);
    pairs++;
  }
  assert.equal(pairs, 6); // four {111}, two {200}
});

Deno.test("beam energy, convergence angle, disk radius and pixel sizes agree with each other", () => {
  const scan = simulateScan({ rows: 2, columns: 2, grains: 1, ellipse: 1.1, pixelSize: 0.5 });
  const { calibration, truth } = scan;
  assert.deepEqual(calibration.pixelSize, { row: 0.5, column: 0.5, unit: "nm" });
  assert.equal(calibration.qPixelSize!.unit, "A^-1");
  assert.equal(calibration.qPixelSize!.column, truth.qPixelSize);
  assert.ok(Math.abs(calibration.qPixelSize!.row * 1.1 - truth.qPixelSize) < 1e-15);
  assert.ok(Math.abs(truth.qPixelSize * 32 - scan.parameters.maximumQ) < 1e-12);
  const angle = truth.diskRadius * truth.qPixelSize * electronWavelength(calibration.beamEnergy!) * 1e3;
  assert.ok(Math.abs(angle - calibration.convergenceAngle!) < 1e-9);
});

Deno.test("the ellipse stretches patterns along rows, and descan shifts them", () => {
  const flat = { rows: 1, columns: 2, grains: 1, halo: 0, hotPixels: 0, strain: 0, bend: 0, twinFraction: 0 };
  const round = simulateScan({ ...flat, texture: "100", textureSpread: 0 });
  const oval = simulateScan({ ...flat, texture: "100", textureSpread: 0, ellipse: 1.1 });
  const spread = (pattern: Float32Array, axis: 0 | 1) =>
    pattern.reduce((sum, value, pixel) => sum + value * ([pixel >> 6, pixel & 63][axis] - 31.5) ** 2, 0);
  const one = round.expectedPattern(0, 0), other = oval.expectedPattern(0, 0);
  assert.ok(spread(other, 0) > 1.05 * spread(one, 0));
  assert.ok(Math.abs(spread(other, 1) / spread(one, 1) - 1) < 0.05);
  const drifting = simulateScan({ ...flat, rows: 9, columns: 9, descan: 6 });
  const near = massNear(drifting.expectedPattern(0, 0), 64, 31.5, 31.5, 5);
  const far = massNear(drifting.expectedPattern(8, 8), 64, 31.5, 31.5, 5);
  assert.ok(Math.hypot(near.row - far.row, near.column - far.column) > 0.5);
});

Deno.test("twins are turned by 60 degrees about a common <111> and share a grain with their parent", () => {
  const scan = simulateScan({
    rows: 20,
    columns: 20,
    grains: 6,
    twinFraction: 1,
    texture: "random",
    seed: 4,
  });
  const { orientations, twinOf, labels } = scan.truth;
  assert.equal(twinOf.length, 12);
  for (let twin = 6; twin < 12; twin++) {
    const parent = twinOf[twin];
    const matrix = (n: number) => orientations.subarray(9 * n, 9 * n + 9);
    // In crystal axes: parent^T twin.
    const turn = Array.from({ length: 9 }, (_, i) => {
      const row = Math.floor(i / 3), column = i % 3;
      return [0, 1, 2].reduce(
        (sum, k) => sum + matrix(parent)[3 * k + row] * matrix(twin)[3 * k + column],
        0,
      );
    });
    assert.ok(Math.abs((turn[0] + turn[4] + turn[8] - 1) / 2 - 0.5) < 1e-12, "60 degrees");
    const axis = [turn[7] - turn[5], turn[2] - turn[6], turn[3] - turn[1]].map(Math.abs);
    assert.ok(Math.max(...axis) - Math.min(...axis) < 1e-12 && axis[0] > 0.1, `axis ${axis}`);
  }
  assert.deepEqual([...twinOf.subarray(0, 6)], [-1, -1, -1, -1, -1, -1]);
  assert.ok(new Set(labels).size > 9);
});

Deno.test("orientations are rotations", () => {
  const { orientations, twinOf } = simulateScan({ rows: 30, columns: 30 }).truth;
  assert.equal(orientations.length, 9 * twinOf.length);
  for (let crystal = 0; crystal < twinOf.length; crystal++) {
    const m = orientations.subarray(9 * crystal, 9 * crystal + 9);
    const determinant = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) +
      m[2] * (m[3] * m[7] - m[4] * m[6]);
    assert.ok(Math.abs(determinant - 1) < 1e-12);
    for (const row of [0, 3, 6]) {
      assert.ok(Math.abs(Math.hypot(...m.subarray(row, row + 3)) - 1) < 1e-12);
    }
  }
});

Deno.test("neighbouring grains differ as much as was asked for, or a warning says that they don't", () => {
  const asked = { rows: 30, columns: 30, grains: 12, texture: "random", minimumMisorientation: 20 } as const;
  const parameters = checkSimulation(asked);
  const grains = placeGrains(parameters, new Random(1));
  const contents = grains.map(() => ({ phase: 0, stretch: [0, 0, 0] as const }));
  const { crystals, alike } = growCrystals(grains, contents, phasesOf([]), parameters, new Random(2));
  assert.equal(alike, 0);
  for (let i = 0; i < 12; i++) {
    for (let j = 0; j < i; j++) {
      const distance = Math.hypot(grains[i].row - grains[j].row, grains[i].column - grains[j].column);
      if (distance > 2 * grains[i].radius) continue;
      const { orientation } = crystals[i];
      assert.ok(degrees(cosineOfHalfDisorientation(orientation, crystals[j].orientation)) > 20 - 1e-9);
    }
  }
  assert.deepEqual(simulateScan(asked).warnings, []);
  const crowded = simulateScan({ ...asked, texture: "100", textureSpread: 0, minimumMisorientation: 30 });
  assert.match(crowded.warnings[0], /minimum misorientation/);
});

Deno.test("a textured crystal has its direction along the beam", () => {
  for (const [texture, direction] of [["111", [1, 1, 1]], ["110", [1, 1, 0]], ["100", [1, 0, 0]]] as const) {
    const { orientations } =
      simulateScan({ rows: 4, columns: 4, grains: 1, texture, textureSpread: 0 }).truth;
    const along =
      (orientations[6] * direction[0] + orientations[7] * direction[1] + orientations[8] * direction[2]) /
      Math.hypot(...direction);
    assert.ok(Math.abs(along - 1) < 1e-12, `${texture}: ${along}`);
  }
});

Deno.test("disorientation knows the symmetry of the cube", () => {
  const random = new Random(8);
  const one = uniformRotation(random);
  const symmetries: [Vector, number][] = [[[1, 0, 0], 90], [[1, 1, 0], 180], [[1, 1, 1], 120], [
    [0, 1, 0],
    180,
  ]];
  for (const [axis, angle] of symmetries) {
    const equivalent = compose(one, rotationAbout(axis, angle * Math.PI / 180));
    assert.ok(degrees(cosineOfHalfDisorientation(one, equivalent)) < 1e-5, `${axis} ${angle}`);
    const turned = compose(equivalent, rotationAbout([1, 2, 3], 0.2));
    assert.ok(Math.abs(degrees(cosineOfHalfDisorientation(one, turned)) - 0.2 * 180 / Math.PI) < 1e-6);
  }
  const twin = compose(one, rotationAbout([1, 1, 1], Math.PI / 3));
  assert.ok(Math.abs(degrees(cosineOfHalfDisorientation(one, twin)) - 60) < 1e-6);
  for (let i = 0; i < 2000; i++) {
    assert.ok(degrees(cosineOfHalfDisorientation(one, uniformRotation(random))) < 62.81);
  }
});

Deno.test("rotations to the beam and matrices agree with rotating vectors", () => {
  for (const from of [[0, 0, 2], [0, 0, -1], [1, 0, 0], [1, -2, 3]] as Vector[]) {
    const [x, y, z] = rotate(rotationToBeam(from), from);
    assert.ok(Math.hypot(x, y, z - Math.hypot(...from)) < 1e-12);
  }
  const quarter = toMatrix(rotationAbout([0, 0, 3], Math.PI / 2)).map(Math.round);
  assert.deepEqual(quarter.map((v) => v + 0), [0, -1, 0, 1, 0, 0, 0, 0, 1]);
});

Deno.test("Voronoi cells are those of a search through all sites", () => {
  const random = new Random(2);
  const sites = Array.from({ length: 40 }, () => ({
    row: random.between(-5, 45),
    column: random.between(-5, 65),
    headStart: random.between(-1, 1),
  }));
  const grid = { rows: 130, columns: 190, origin: -1, step: 1 / 3 };
  const found = nearestSites(sites, grid);
  found.forEach((site, point) => {
    const row = grid.origin + Math.floor(point / grid.columns) * grid.step;
    const column = grid.origin + point % grid.columns * grid.step;
    const distances = sites.map((s) =>
      Math.sqrt((row - s.row) ** 2 + (column - s.column) ** 2) - s.headStart
    );
    assert.ok(distances[site] <= Math.min(...distances) + 1e-12);
  });
});
