/** Strain of simulated films against the truth, and against what their patterns let be known at best. */

import assert from "node:assert/strict";
import type { SimulationParameters } from "../../../library/simulation/parameters.ts";
import { measureFilm } from "../../support/strained_film.ts";

/** Three strained and bent grains whose patterns move by up to three pixels over the scan. */
const film: Partial<SimulationParameters> = {
  ...{ rows: 14, columns: 14, patternRows: 128, patternColumns: 128, seed: 1, grains: 3 },
  ...{ texture: "100", textureSpread: 2, twinFraction: 0, descan: 3, diskSteps: 64 },
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
