/** Strain of simulated films against the truth, and against what their patterns let be known at best. */

import assert from "node:assert/strict";
import type { SimulationParameters } from "../../../library/simulation/parameters.ts";
import { measureFilm } from "../../support/strained_film.ts";

/** Three strained and bent grains whose patterns move by up to three pixels over the scan. */
const film: Partial<SimulationParameters> = {
  ...{ rows: 14, columns: 14, patternRows: 128, patternColumns: 128, seed: 1, grains: 3 },
  ...{ texture: "100", textureSpread: 2, twinFraction: 0, descan: 3, diskSteps: 256 },
};
const peaks = { leastRelative: 0.005 };

Deno.test("strain is known nearly as well as the electrons of the patterns allow", async () => {
  const { xx, limit, measured, possible, rotation } = await measureFilm({ ...film, dose: 20_000 }, { peaks });
  assert.equal(measured, possible);
  assert.ok(xx <= 1.6 * limit, `error ${xx}, limit ${limit}`);
  assert.ok(xx > 0.8 * limit, "nothing is known better than that");
  assert.ok(rotation <= 0.1, `${rotation} degrees`);
});

Deno.test("with many electrons strain is right to 5e-4 and directions to 0.05 degrees, whatever pixel size was assumed", async () => {
  for (const guess of [1, 0.87]) {
    const found = await measureFilm({ ...film, dose: 400_000 }, { peaks, guess });
    assert.equal(found.measured, found.possible);
    // Grains that are dilated in the mean look like larger pixels.
    assert.ok(Math.abs(found.pixelSize - 1) < 2e-3, `pixel size ${found.pixelSize}`);
    assert.ok(found.xx <= 5e-4, `${found.xx}`);
    assert.ok(found.rotation <= 0.05, `${found.rotation} degrees`);
  }
});

/** Grains whose zone axes lie some degrees off the beam, so that their tilt looks like strain. */
const tilted: Partial<SimulationParameters> = {
  ...film,
  rows: 12,
  columns: 12,
  seed: 5,
  textureSpread: 3,
};

/** Zone axes of mixed texture show fewer disks, so that some tilts are known less well; the limit knows nothing of tilts. */
const within = 1.6, certain = { 110: 0.75, mixed: 0.6 } as const;

for (const texture of ["110", "mixed"] as const) {
  Deno.test(`strain of tilted grains (${texture}) is near what the electrons allow, and told errors are about true ones`, async () => {
    for (const dose of [20_000, 400_000]) {
      const found = await measureFilm({ ...tilted, texture, dose }, { peaks });
      const { xx, limit, told, measured, possible } = found, seen = `${dose}: ${xx}, ${limit}, ${told}`;
      assert.ok(xx <= within * limit, seen);
      assert.ok(told > certain[texture] && told < 1.25, seen);
      assert.ok(measured > 0.7 * possible, `${measured} of ${possible}`);
    }
  });
}

for (const texture of ["100", "110"] as const) {
  Deno.test(`with few electrons strain against averages (${texture}) is near what these allow, and nearer than patterns alone tell`, async () => {
    const found = await measureFilm({ ...tilted, texture, dose: 1000 }, { peaks, alone: true });
    const { xx, limit, told, measured, possible, alone } = found;
    assert.ok(xx <= 1.6 * limit, `error ${xx}, limit ${limit}`);
    assert.ok(xx > 0.8 * limit, "nothing is known better than that");
    assert.ok(told > 0.7 && told < 1.35, `${told}`);
    assert.ok(measured > 0.7 * possible, `${measured} of ${possible}`);
    assert.ok(alone!.both < 0.9 * alone!.xx, `${alone!.both}, alone ${alone!.xx}`);
  });
}
