/** The size of a detector pixel found without a guess. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { kinematicPattern } from "../../../library/crystal/kinematic_pattern.ts";
import { structureFactors } from "../../../library/crystal/structure_factors.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { findPixelSizes, type PixelSizeSearch } from "../../../library/mapping/find_pixel_size.ts";
import { randomOrientations } from "../../support/orientations.ts";
import { seededRandom } from "../../support/random.ts";

const beamEnergy = 200, averages = 6;

/** Peaks of some orientations in detector pixels: one in seven is missing, two of each pattern are false, places are a little off. */
async function search(name: string, size: number, reach: number, seed: number): Promise<PixelSizeSearch> {
  const crystal = await builtInCrystal(name),
    reflections = structureFactors(crystal, { maximumLength: reach });
  const random = seededRandom(seed), pixels: number[] = [], height: number[] = [];
  const peaks = randomOrientations(averages, seed).map((orientation) => {
    const { qRow, qColumn, intensity } = kinematicPattern(reflections, orientation, { beamEnergy });
    const found = [...qRow.keys()]
      .filter((spot) => (qRow[spot] !== 0 || qColumn[spot] !== 0) && random() > 1 / 7)
      .map((spot) => [qRow[spot], qColumn[spot], intensity[spot]]);
    const usual = found.reduce((sum, [, , height]) => sum + height, 0) / Math.max(1, found.length);
    for (let spot = 0; spot < 2; spot++) {
      const angle = 2 * Math.PI * random(), length = reach * Math.sqrt(random());
      found.push([length * Math.cos(angle), length * Math.sin(angle), usual / 3]);
    }
    const off = () => 0.008 * (random() - 0.5);
    const places = found.map((
      [row, column, height],
    ) => [(row + off()) / size, (column + off()) / size, height]);
    for (const [row, column, tall] of places) {
      pixels.push(Math.sqrt(row * row + column * column));
      height.push(tall);
    }
    return {
      qRow: Float64Array.from(places, ([row]) => row),
      qColumn: Float64Array.from(places, ([, column]) => column),
      intensity: Float64Array.from(places, ([, , height]) => height),
    };
  });
  const distances = { pixels: Float64Array.from(pixels), height: Float64Array.from(height) };
  return { crystals: [crystal], beamEnergy, peaks, distances };
}

Deno.test("the size is found without a guess, for several crystals, detectors and sizes", async (test) => {
  await withEngine({ workers: 1 }, async (engine) => {
    const cases = [["Au", 0.006, 1.2], ["Si", 0.021, 1], ["Fe", 0.05, 1.4], ["Ti", 0.013, 1], [
      "MgO",
      0.033,
      1.2,
    ]];
    for (
      const [index, [name, size, reach]] of cases.entries() as ArrayIterator<
        [number, [string, number, number]]
      >
    ) {
      await test.step(`${name}, ${size} 1/Å`, async () => {
        const [best, ...others] = await findPixelSizes(await search(name, size, reach, 31 + index), {
          ...{ engine, exhaustive: true },
        });
        assert.ok(Math.abs(best.qPixelSize / size - 1) < 0.015, `${best.qPixelSize} in place of ${size}`);
        const rival = others.find((other) => Math.abs(other.qPixelSize / best.qPixelSize - 1) > 0.03);
        assert.ok(rival && best.agreement > rival.agreement + 0.06, `${best.agreement}, ${rival?.agreement}`);
      });
    }
  });
});

Deno.test("the order in which averages stand does not matter, and none tell nothing", async () => {
  const known = await search("Au", 0.02, 1.2, 5);
  await withEngine({ workers: 2 }, async (engine) => {
    const [one] = await findPixelSizes(known, { engine });
    const [other] = await findPixelSizes({ ...known, peaks: known.peaks.toReversed() }, { engine });
    assert.ok(Math.abs(one.agreement - other.agreement) < 1e-12);
    assert.equal(one.qPixelSize, other.qPixelSize);
    const empty = { pixels: new Float64Array(0), height: new Float64Array(0) };
    assert.deepEqual(await findPixelSizes({ ...known, peaks: [], distances: empty }, { engine }), []);
  });
});
