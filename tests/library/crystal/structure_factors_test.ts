/** Scattering factors, structure factors and patterns against the tables of the specification (9.1 to 9.5). */

import assert from "node:assert/strict";
import { electronWavelength } from "../../../library/scan/electron.ts";
import { parseCif } from "../../../library/crystal/cif/read.ts";
import type { Crystal } from "../../../library/crystal/crystal.ts";
import { excitationError, kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import type { Matrix3 } from "../../../library/crystal/matrix.ts";
import { orthogonalFrame } from "../../support/orientations.ts";
import { scatteringFactor } from "../../../library/crystal/scattering_factor.ts";
import { scatteringParameters } from "../../../library/crystal/scattering_table.ts";
import { structureFactors } from "../../../library/crystal/structure_factors.ts";
import { cifText, structures } from "../../support/cif_texts.ts";

function near(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected}`);
}

Deno.test("wavelengths", () => {
  const table = [[60, 0.04866061], [80, 0.04175716], [100, 0.03701437], [200, 0.02507934], [300, 0.01968749]];
  for (const [energy, wavelength] of table) {
    near(electronWavelength(energy), wavelength, 1e-8, `${energy} keV`);
  }
});

Deno.test("scattering factors of the published table, whose far ends give the atomic numbers", () => {
  const gold = [[0, 10.5758], [0.5, 6.040211], [1, 3.065495], [1.5, 1.822891], [2, 1.209576]];
  for (const [g, factor] of gold) near(scatteringFactor(79, g * g), factor, 1e-6, `gold at ${g}`);
  near(scatteringFactor(6, 1), 0.412795, 1e-6, "carbon");
  near(scatteringFactor(37, 0), 11.783, 1e-3, "rubidium");
  near(scatteringFactor(38, 0), 13.110, 1e-3, "strontium");
  assert.equal(scatteringParameters.length, 103);
  scatteringParameters.forEach((terms, index) => {
    let sum = 0;
    for (let term = 0; term < 5; term++) sum += terms[term] / terms[term + 5];
    // Mott and Bethe: far out, an atom scatters as its bare nucleus does.
    near(2 * Math.PI ** 2 * 0.529177210903 * sum, index + 1, 1e-5, `element ${index + 1}`);
  });
  assert.throws(() => scatteringFactor(104, 1), RangeError);
});

/** Crystal, longest vector, number of reflections, and some [|g|, multiplicity, |V|^2]. */
const tables: readonly (readonly [
  keyof typeof structures,
  number,
  number,
  readonly (readonly [length: number, multiplicity: number, intensity: number])[],
])[] = [
  ["gold", 1.5, 259, [
    ...[[0, 1, 0.3891017], [0.42473, 8, 0.1587966], [0.490436, 6, 0.130581], [
      0.693582,
      12,
      0.0724284,
    ]] as const,
    ...[[0.813297, 24, 0.05227045], [0.980873, 6, 0.03422499], [1.274191, 32, 0.01785744]] as const,
    ...[[1.450731, 48, 0.01265809], [1.471309, 30, 0.01218412]] as const,
  ]],
  ["silicon", 1.5, 421, [[0.318919, 8, 1.324454e-2], [0.520793, 12, 1.324454e-2 * 0.654409]]],
  ["titanium", 1, 107, [
    ...[[0.39129, 6, 1.064039e-2], [0.42699, 2, 3.59031e-2], [0.44574, 12, 2.472831e-2]] as const,
    ...[[0.57916, 12, 4.794165e-3], [0.67774, 6, 1.344834e-2]] as const,
  ]],
  ["rutile", 1, 223, [[0.30784, 4, 2.4817e-2], [0.40199, 8, 6.8206e-3], [0.43535, 4, 1.4331e-3]]],
  ["corundum", 0.8, 123, [[0.28734, 6, 3.1274e-3], [0.39198, 6, 6.7488e-3], [0.46179, 2, 5.4501e-4]]],
  ["salt", 0.8, 113, [[0.3071, 8, 1.1779e-3], [0.35461, 6, 1.2815e-2]]],
  ["titanate", 1, 251, [
    ...[[0.256082, 6, 2.34196e-6], [0.362155, 12, 1.665672e-2], [0.443547, 8, 7.543825e-3]] as const,
    ...[[0.512164, 6, 2.922925e-2], [0.572617, 24, 1.282857e-5]] as const,
  ]],
  ["zirconia", 0.5, 65, [[0.31589, 4, 2.7584e-2], [0.3519, 4, 1.9487e-2], [0.27041, 4, 3.9343e-3]]],
];

for (const [name, maximumLength, count, lines] of tables) {
  Deno.test(`structure factors of ${name}`, async () => {
    const found = structureFactors(await parseCif(cifText(structures[name])), { maximumLength });
    assert.equal(found.count, count);
    for (const [length, multiplicity, intensity] of lines) {
      const shell = Array.from({ length: found.count }, (_, index) => index)
        .filter((index) => Math.abs(found.lengths[index] - length) < 1e-5);
      assert.equal(shell.length, multiplicity, `|g| = ${length}`);
      near(found.intensities[shell[0]], intensity, 5e-5 * intensity, `|g| = ${length}`);
    }
  });
}

Deno.test("indices are bounded rightly in skew cells", async () => {
  const cells = [
    [[3, 3, 3, 50, 50, 50], 211],
    [[3, 8, 5, 90, 140, 90], 1087],
    [[4, 4, 4, 110, 110, 110], 675],
    [[3, 3, 12, 90, 90, 60], 1351],
  ] as const;
  for (const [cell, count] of cells) {
    const crystal = await parseCif(cifText({ cell, sites: "Si 0 0 0" }));
    assert.equal(structureFactors(crystal, { maximumLength: 1.5 }).count, count, cell.join(" "));
  }
});

Deno.test("vibration weakens far reflections, and only where it is asked for", async () => {
  const gold = await parseCif(cifText(structures.gold));
  const vibrating: Crystal = { ...gold, atoms: gold.atoms.map((atom) => ({ ...atom, debyeWaller: 0.6 })) };
  const still = structureFactors(vibrating), moving = structureFactors(vibrating, { debyeWaller: true });
  const far = still.count - 1, square = still.lengths[far] ** 2;
  near(moving.intensities[far] / still.intensities[far], Math.exp(-0.6 * square / 2), 1e-12, "ratio");
  assert.throws(() => structureFactors(gold, { maximumLength: 1e4 }), { kind: "BadParameter" });
});

Deno.test("excitation errors at exact [001] of gold", () => {
  for (
    const [energy, errors] of [[300, [0.002368, 0.009471, 0.021309]], [80, [
      0.005022,
      0.020088,
      0.045197,
    ]]] as const
  ) {
    errors.forEach((error, index) => {
      const length = 2 * (index + 1) / 4.078;
      near(excitationError(0, length * length, electronWavelength(energy)), -error, 1e-6, `${energy} keV`);
    });
  }
});

Deno.test("spots of gold along low zones", async () => {
  const reflections = structureFactors(await parseCif(cifText(structures.gold)), { maximumLength: 1.5 });
  const zones: [Matrix3, number, number, number, number][] = [
    [orthogonalFrame([0, 0, 1], [1, 0, 0]), 29, 21, 29, 1.55141],
    [orthogonalFrame([0, 1, 1], [1, 0, 0]), 43, 23, 43, 2.18315],
    [orthogonalFrame([1, 1, 1], [1, -1, 0]), 19, 7, 19, 0.96326],
    [orthogonalFrame([1, 1, 2], [1, -1, 0]), 27, 15, 27, 1.325],
  ];
  for (const [orientation, wide, narrowAt80, narrowAt300, sum] of zones) {
    const spots = (beamEnergy: number, excitationWidth: number) =>
      kinematicPattern(reflections, orientation, { beamEnergy, excitationWidth, smallestIntensity: 1e-4 });
    assert.equal(spots(300, 0.02).count, wide);
    assert.equal(spots(80, 0.02).count, wide);
    assert.equal(spots(80, 0.01).count, narrowAt80);
    assert.equal(spots(300, 0.01).count, narrowAt300);
    near(spots(300, 0.02).intensity.reduce((total, value) => total + value, 0), sum, 1e-4, "sum");
  }
});
