/** Origin and pixel size from peaks. */

import assert from "node:assert/strict";
import { parseCif } from "../../../library/crystal/cif/read.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { structureFactors } from "../../../library/crystal/structure_factors.ts";
import { fitOrigin } from "../../../library/mapping/origin.ts";
import { fitEllipse } from "../../../library/mapping/ellipse.ts";
import { fitPixelSize, ringsOf } from "../../../library/mapping/pixel_size.ts";
import type { PeakLists } from "../../../library/passes/bragg_peaks/peak_pass.ts";
import { cifText, structures } from "../../support/cif_texts.ts";
import { randomOrientations } from "../../support/orientations.ts";
import { seededRandom } from "../../support/random.ts";

/** Lists of peaks (row, column, height) of probes. */
function lists(probes: readonly (readonly (readonly [number, number, number])[])[]): PeakLists {
  const all = probes.flat(), offsets = new Uint32Array(probes.length + 1);
  probes.forEach((peaks, probe) => offsets[probe + 1] = offsets[probe] + peaks.length);
  const part = (index: 0 | 1 | 2) => Float32Array.from(all, (peak) => peak[index]);
  return { offsets, row: part(0), column: part(1), height: part(2) };
}

const shape = { rows: 12, columns: 17 }, guess = { row: 40, column: 60 };

/** A beam that moves over the scan, with a second peak beside it, and some probes where another peak is nearer. */
function movingBeam(random: () => number, outliers: number): PeakLists {
  return lists(Array.from({ length: shape.rows * shape.columns }, (_, probe) => {
    const row = 40 + 0.2 * Math.floor(probe / shape.columns) - 1,
      column = 60 - 0.1 * (probe % shape.columns) + 1;
    const off = random() < outliers ? 2.5 : 0, noise = () => 0.1 * (random() - 0.5);
    return [[row + off + noise(), column + noise(), 9], [row + 2, column + 2, 3], [row + 20, column, 2]];
  }));
}

Deno.test("the origin is a plane through what most patterns say", () => {
  const { fitted, residual, used, descan } = fitOrigin(movingBeam(seededRandom(1), 0.1), shape, guess, 4);
  for (let probe = 0; probe < 204; probe++) {
    const row = 39 + 0.2 * Math.floor(probe / 17), column = 61 - 0.1 * (probe % 17);
    assert.ok(Math.hypot(fitted[2 * probe] - row, fitted[2 * probe + 1] - column) < 0.05, `probe ${probe}`);
  }
  assert.ok(residual < 0.1 && used > 0.8 && used < 1, `${residual}, ${used}`);
  assert.ok(Math.abs(descan - Math.hypot(1.1, 0.8)) < 0.05, `${descan}`);
});

/** Grains, at one side of the scan and here and there, in which a disk beside the direct beam is higher. */
function brighterDisks(random: () => number): PeakLists {
  return lists(Array.from({ length: shape.rows * shape.columns }, (_, probe) => {
    const across = probe % shape.columns, down = Math.floor(probe / shape.columns);
    const row = 40 + 0.1 * down, column = 60 + 0.1 * across, noise = () => 0.1 * (random() - 0.5);
    const [other, third] = [across < 6, across > 13 && down < 4];
    const off = other ? [9, 4] : third ? [-6, 8] : [0, 0];
    return [[row + off[0] + noise(), column + off[1] + noise(), 9]];
  }));
}

for (const model of ["constant", "plane", "parabola"] as const) {
  Deno.test(`grains whose brightest disk is another one do not move the origin: ${model}`, () => {
    const { fitted, residual, used } = fitOrigin(brighterDisks(seededRandom(3)), shape, guess, 14, model);
    const far = model === "constant" ? 1.3 : 0.1;
    for (let probe = 0; probe < shape.rows * shape.columns; probe++) {
      const row = 40 + 0.1 * Math.floor(probe / shape.columns), column = 60 + 0.1 * (probe % shape.columns);
      const away = Math.hypot(fitted[2 * probe] - row, fitted[2 * probe + 1] - column);
      assert.ok(away < far, `${away} pixels at probe ${probe}`);
    }
    assert.ok(residual < (model === "constant" ? 0.7 : 0.1), `${residual}`);
    assert.ok(used > 0.5 && used < 0.65, `${used}`);
  });
}

Deno.test("a constant origin does not follow the beam, a parabola follows a plane", () => {
  const peaks = movingBeam(seededRandom(2), 0);
  const constant = fitOrigin(peaks, shape, guess, 4, "constant");
  assert.equal(new Set(constant.fitted).size, 2);
  const parabola = fitOrigin(peaks, shape, guess, 4, "parabola");
  assert.ok(parabola.residual < 0.06, `${parabola.residual}`);
});

Deno.test("a single row or column of probes has an origin too", () => {
  const peaks = lists(Array.from({ length: 9 }, (_, probe) => [[40 + 0.1 * probe, 60, 5] as const]));
  for (const line of [{ rows: 1, columns: 9 }, { rows: 9, columns: 1 }]) {
    assert.ok(fitOrigin(peaks, line, guess, 4).residual < 1e-5);
  }
});

Deno.test("patterns without a peak near the beam are told", () => {
  const peaks = lists(Array.from({ length: 204 }, () => [[10, 10, 5] as const]));
  assert.throws(() => fitOrigin(peaks, shape, guess, 4), { kind: "CorruptFile" });
});

Deno.test("the pixel size is found from the rings of 40 patterns of gold", async () => {
  const reflections = structureFactors(await parseCif(cifText(structures.gold)), { maximumLength: 1.5 });
  const random = seededRandom(3), normal = () => random() + random() + random() + random() - 2;
  const pixels: number[] = [], height: number[] = [], truth = 0.0137;
  for (const orientation of randomOrientations(40, 4)) {
    const spots = kinematicPattern(reflections, orientation, { beamEnergy: 300, smallestIntensity: 1e-4 });
    for (let spot = 0; spot < spots.count; spot++) {
      const row = spots.qRow[spot] + 0.007 * normal(), column = spots.qColumn[spot] + 0.007 * normal();
      if (Math.hypot(row, column) < 0.1) continue;
      pixels.push(Math.hypot(row, column) / truth);
      height.push(spots.intensity[spot]);
    }
  }
  const peaks = { pixels: Float64Array.from(pixels), height: Float64Array.from(height) };
  // Spec 9.10: noise of 0.004 1/Å, refined to 6.6e-4 relative, and the next best size below 0.60 of the best score.
  for (const first of [truth, 0.8 * truth, 1.4 * truth]) {
    const { qPixelSize, error, rival } = fitPixelSize(peaks, reflections, first);
    assert.ok(Math.abs(qPixelSize / truth - 1) < 7e-4, `${qPixelSize} from ${first}`);
    assert.ok(error < 1e-3 && rival < 0.6, `${error}, ${rival}`);
    assert.ok(Math.abs(qPixelSize / truth - 1) < 3 * error, `${error}`);
  }
  const none = { pixels: new Float64Array(0), height: new Float64Array(0) };
  assert.throws(() => fitPixelSize(none, reflections, truth), { kind: "BadParameter" });
});

Deno.test("errors are those of grains: peaks of one share its strain, however many there are", async () => {
  const reflections = structureFactors(await parseCif(cifText(structures.gold)), { maximumLength: 1.2 });
  const truth = 0.02, grains = 12, rings = ringsOf(reflections).map(({ length }) => length);
  const draws = Array.from({ length: 14 }, (_, seed) => {
    const random = seededRandom(100 + seed), normal = () => random() + random() + random() + random() - 2;
    const row: number[] = [], column: number[] = [], group: number[] = [];
    randomOrientations(grains, 50 + seed).forEach((orientation, grain) => {
      const spots = kinematicPattern(reflections, orientation, { beamEnergy: 300, smallestIntensity: 1e-4 });
      // A strain of 0.4 % of each grain along both axes, noise of single peaks a tenth of that.
      const [down, across] = [1 + 0.007 * normal(), 1 + 0.007 * normal()];
      for (let probe = 0; probe < 3; probe++) {
        for (let spot = 0; spot < spots.count; spot++) {
          const x = spots.qRow[spot] * down + 4e-4 * normal(),
            y = spots.qColumn[spot] * across + 4e-4 * normal();
          if (Math.hypot(x, y) < 0.2) continue;
          row.push(x / truth);
          column.push(y / truth);
          group.push(grain);
        }
      }
    });
    const places = { row: Float64Array.from(row), column: Float64Array.from(column) };
    const distances = {
      pixels: places.row.map((value, peak) => Math.hypot(value, places.column[peak])),
      height: new Float64Array(row.length).fill(1),
    };
    const groups = Int32Array.from(group);
    const size = fitPixelSize(distances, reflections, truth, groups);
    const lonely = fitPixelSize(distances, reflections, truth);
    const ellipse = fitEllipse(places, rings, truth, groups)!;
    return {
      size: (size.qPixelSize / truth - 1) / size.error,
      lonely: (lonely.qPixelSize / truth - 1) / lonely.error,
      // The ratio of a circle is above 1 by a Rayleigh distribution of its error, whose mean square is twice its square.
      ellipse: (ellipse.ratio - 1) / ellipse.error / Math.SQRT2,
    };
  });
  const rms = (name: keyof typeof draws[0]) =>
    Math.sqrt(draws.reduce((sum, draw) => sum + draw[name] ** 2, 0) / draws.length);
  assert.ok(rms("size") > 0.6 && rms("size") < 1.6, `${rms("size")} standard errors`);
  assert.ok(rms("ellipse") > 0.6 && rms("ellipse") < 1.6, `${rms("ellipse")} standard errors`);
  assert.ok(rms("lonely") > 1.3 * rms("size"), "each peak for itself promises too much");
  const one = { pixels: Float64Array.of(21.2, 24.5, 34.7), height: Float64Array.of(1, 1, 1) };
  assert.equal(
    fitPixelSize(one, reflections, truth, new Int32Array(3)).error,
    Infinity,
    "one grain cannot tell",
  );
});
