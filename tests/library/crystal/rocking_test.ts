/** Tilts from the strengths of reflections. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { excitationError, kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { type Matrix3, multiply } from "../../../library/crystal/matrix.ts";
import { findTilt } from "../../../library/crystal/matching/rocking.ts";
import { structureFactors } from "../../../library/crystal/structure_factors.ts";
import { electronWavelength } from "../../../library/scan/electron.ts";
import { seededRandom } from "../../support/random.ts";

const reflections = structureFactors(await builtInCrystal("Au"), { maximumLength: 1.2 });
const beamEnergy = 200, wavelength = electronWavelength(beamEnergy), degree = Math.PI / 180;

/** Turned about down the detector and about its right, in degrees. */
function turned(x: number, y: number): Matrix3 {
  const [c, s, d, t] = [
    Math.cos(x * degree),
    Math.sin(x * degree),
    Math.cos(y * degree),
    Math.sin(y * degree),
  ];
  return [d, 0, t, s * t, c, -s * d, -c * t, s, c * d];
}

/**
 * Amplitudes of a rough slab of so many Å in the mean under a convergent probe, for what is near the Ewald sphere as `seen`,
 * with what they are multiplied by at random.
 */
function slab(orientation: Matrix3, seen: Matrix3, thickness: number, noise: () => number) {
  const near = kinematicPattern(reflections, seen, {
    ...{ beamEnergy, excitationWidth: 0.1, excitationRange: 1, smallestIntensity: 0 },
  });
  const which = [...near.reflection].filter((index) => reflections.lengths[index] > 0);
  const vectors = Float64Array.from(
    which.flatMap((index) => [...reflections.vectors.subarray(3 * index, 3 * index + 3)]),
  );
  const factors = Float64Array.from(which, (index) => Math.sqrt(reflections.intensities[index]));
  const amplitudes = Float64Array.from(which, (_, at) => {
    const [x, y, z] = vectors.subarray(3 * at, 3 * at + 3), m = orientation;
    const along = m[2] * x + m[5] * y + m[8] * z, square = x * x + y * y + z * z;
    let mean = 0;
    for (const part of [0.8, 1, 1.2]) {
      for (const tilt of [-0.0015, 0, 0.0015]) {
        const error = excitationError(along, square, wavelength) + tilt * Math.sqrt(square);
        const phase = Math.PI * part * thickness * error + 1e-12;
        mean += (part * Math.sin(phase) / phase) ** 2 / 9;
      }
    }
    // Longer reflections are fainter than the crystal says, as heat makes them.
    return factors[at] * Math.exp(-0.4 * square) * Math.sqrt(mean) * (1 + 0.1 * noise());
  });
  return { vectors, amplitudes, structureFactors: factors };
}

Deno.test("the tilt of a slab is found within a few tenths of a degree, whatever the reflections' own strengths", () => {
  const random = seededRandom(5), angles: number[] = [];
  for (let film = 0; film < 12; film++) {
    const orientation = turned(6 * random() - 3, 6 * random() - 3),
      off = turned(3 * random() - 1.5, 3 * random() - 1.5);
    const start = multiply(orientation, off);
    const measured = slab(orientation, start, 60 + 60 * random(), () => 2 * random() - 1);
    const found = findTilt(measured, start, {
      wavelength,
      widths: [0.003, 0.0045, 0.007, 0.01],
      reach: 2.5 * degree,
    });
    const zone = (m: Matrix3) => [m[2], m[5], m[8]];
    const cosine = zone(found.orientation).reduce(
      (sum, value, axis) => sum + value * zone(orientation)[axis],
      0,
    );
    const angle = Math.acos(Math.min(1, cosine)) / degree;
    angles.push(angle);
    assert.ok(angle < 0.8, `film ${film}: ${angle} degrees`);
    assert.ok(found.misfit < found.before);
  }
  assert.ok(angles.sort((one, other) => one - other)[6] < 0.3, `${angles}`);
});

Deno.test("reflections that fade as is assumed give the tilt back", () => {
  const orientation = turned(1, -2),
    start = turned(0, -1),
    width = 0.005,
    measured = slab(orientation, start, 80, () => 0);
  measured.amplitudes.forEach((_, at) => {
    const [x, y, z] = measured.vectors.subarray(3 * at, 3 * at + 3), m = orientation;
    const error = excitationError(m[2] * x + m[5] * y + m[8] * z, x * x + y * y + z * z, wavelength);
    measured.amplitudes[at] = measured.structureFactors[at] / (1 + (error / width) ** 2);
  });
  const found = findTilt(measured, start, { wavelength, widths: [width], reach: 2.5 * degree });
  found.orientation.forEach((value, at) =>
    assert.ok(Math.abs(value - orientation[at]) < 1e-3, `${found.orientation}`)
  );
  assert.ok(found.misfit < 1e-4 && found.before > 0.05);
});
