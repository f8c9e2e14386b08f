/** Simulated scans of crystals that are given, and fields of strain. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { deformationOf, strainOf } from "../../../library/crystal/strain/deformation.ts";
import { structureFactors } from "../../../library/crystal/structure_factors.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { trueOrientation } from "../../../library/simulation/true_orientation.ts";

const titanium = await builtInCrystal("Ti"), silicon = await builtInCrystal("Si");
const small = { rows: 9, columns: 9, grains: 4, patternRows: 96, patternColumns: 96, seed: 5, diskSteps: 64 };
const plain = { ...small, strain: 0, bend: 0 };

Deno.test("disks of two phases lie where their crystals and orientations put spots", () => {
  const scan = simulateScan({ ...plain, crystals: [titanium, silicon], twinFraction: 0, descan: 3 });
  const { truth, parameters: { beamEnergy } } = scan;
  assert.deepEqual([...truth.phases].sort(), [0, 0, 1, 1], "as many grains of each");
  const origin = scan.trueOrigin();
  const phases = [titanium, silicon].map((crystal) => structureFactors(crystal, { maximumLength: 2 }));
  const seen = new Set<number>();
  for (let probe = 0; probe < 81; probe += 4) {
    const disks = scan.disks(Math.floor(probe / 9), probe % 9);
    assert.deepEqual([disks.at(-1)!.row, disks.at(-1)!.column].map(Math.fround), [
      ...origin.subarray(2 * probe, 2 * probe + 2),
    ]);
    for (const { row, column, crystal, electrons } of disks) {
      if (crystal < 0 || electrons < 20) continue;
      const spots = kinematicPattern(phases[truth.phases[crystal]], trueOrientation(truth, crystal), {
        ...{ beamEnergy, excitationWidth: 0.1, smallestIntensity: 1e-12 },
      });
      const off = spots.qRow.reduce((least, q, spot) => {
        const down = q / truth.qPixelSize + origin[2 * probe] - row;
        const across = spots.qColumn[spot] / truth.qPixelSize + origin[2 * probe + 1] - column;
        return Math.min(least, Math.hypot(down, across));
      }, Infinity);
      assert.ok(off < 1e-4, `a disk of crystal ${crystal} is ${off} pixels from its spot`);
      seen.add(truth.phases[crystal]);
    }
  }
  assert.equal(seen.size, 2);
});

Deno.test("twins are where there is a cube, and neighbours of a phase differ up to its own symmetry", () => {
  const hexagonal = simulateScan({ ...small, crystals: [titanium], twinFraction: 1 });
  assert.equal(hexagonal.truth.twinOf.length, 4);
  assert.equal(simulateScan({ ...small, crystals: [silicon], twinFraction: 1 }).truth.twinOf.length, 8);
});

Deno.test("stripe and gradient are the strain that was asked for, and disks move by it", () => {
  const given = { ...plain, grains: 1, twinFraction: 0, texture: "100", textureSpread: 0 } as const;
  const strained = simulateScan({ ...given, stripeStrain: [0.01, 0, 0.002], gradientStrain: [0, 0.02, 0] });
  const truth = strained.trueStrain();
  const at = (
    row: number,
    column: number,
  ) => [...truth.subarray(4 * (9 * row + column), 4 * (9 * row + column) + 4)];
  const near = (found: number[], wanted: number[]) =>
    found.forEach((value, index) =>
      assert.ok(Math.abs(value - wanted[index]) < 1e-7, `${found}, not ${wanted}`)
    );
  near(at(4, 0), [0, 0, 0, 0]);
  near(at(0, 0), [0, -0.01, 0, 0]);
  near(at(8, 8), [0, 0.01, 0, 0]);
  near(at(4, 4), [0.01, 0, 0.002, 0]);
  // Both at once: first the gradient, then the stripe.
  const both = strainOf([1.01, 0.002 * 1.01, 0.002, 1.01]);
  near(at(8, 4), [both.xx, both.yy, both.xy, both.rotation]);
  const unstrained = simulateScan(given);
  const [xx, xy, yx, yy] = deformationOf([1.01, 0.002, 0.002, 1]);
  const before = unstrained.disks(4, 4), after = strained.disks(4, 4), { center } = unstrained.truth;
  assert.equal(after.length, before.length);
  before.forEach(({ row, column }, index) => {
    const down = row - center[0], across = column - center[1];
    near([after[index].row, after[index].column], [
      center[0] + xx * down + xy * across,
      center[1] + yx * down + yy * across,
    ]);
  });
});

Deno.test("grains as a whole are strained by the rms that was asked for", () => {
  const scan = simulateScan({
    ...plain,
    rows: 40,
    columns: 40,
    grains: 60,
    twinFraction: 0,
    grainStrain: 0.01,
  });
  const strain = scan.trueStrain(), { labels } = scan.truth;
  const ofGrain = new Map<number, number>();
  labels.forEach((label, probe) => {
    const value = strain[4 * probe];
    assert.equal(ofGrain.get(label) ?? value, value, "the same all over a grain");
    ofGrain.set(label, value);
  });
  const rms = Math.sqrt([...ofGrain.values()].reduce((sum, value) => sum + value * value, 0) / ofGrain.size);
  assert.ok(rms > 0.007 && rms < 0.013, `${rms}`);
});

Deno.test("strain out of range is refused", () => {
  for (
    const wrong of [{ grainStrain: -1 }, { stripeStrain: [0.2, 0, 0] as const }, {
      gradientStrain: [NaN, 0, 0] as const,
    }]
  ) {
    assert.throws(() => simulateScan({ ...small, ...wrong }), { kind: "BadParameter" });
  }
});
