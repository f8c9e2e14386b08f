/** Drift of simulated specimens that do nothing else, measured as a series does it: patterns are counted anew in each frame. */

import assert from "node:assert/strict";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { autoPreset } from "../../../library/cluster/presets.ts";
import { type DriftMaps, stepBetween } from "../../../library/series/drift_step.ts";
import { simulateSeries } from "../../../library/simulation/series.ts";

const scan = {
  ...{ rows: 40, columns: 40, patternRows: 32, patternColumns: 32, convergenceAngle: 3.5, dose: 3000 },
  ...{ twinFraction: 0, pointSpread: 0.4, hotPixels: 2 },
};
const still = { motion: 0, spin: 0, growth: 0, merges: 0, births: 0, dissolutions: 0, coarsening: 0 };

/** Distances of the measured steps from the true ones, in scan steps. */
async function errors(layout: "film" | "particles", seed: number): Promise<number[]> {
  const series = simulateSeries({ ...scan, layout, seed, grains: 14, coverage: 0.45 }, {
    ...still,
    ...{ frames: 5, drift: 4 },
  });
  const found: number[] = [];
  let before: DriftMaps | undefined;
  for (let frame = 0; frame < 5; frame++) {
    const now = await clusterScan(series.frame(frame).scan, autoPreset, { series: {} });
    assert.ok(now.darkField !== undefined && now.darkField.length === 1600);
    const { row, column, trusted } = stepBetween(before, now, scan, frame, {});
    if (before) {
      assert.ok(trusted);
      const [down, right] = [0, 1].map((axis) => series.drift[frame][axis] - series.drift[frame - 1][axis]);
      found.push(Math.hypot(row - down, column - right));
    }
    before = now;
  }
  return found;
}

Deno.test("at 3,000 electrons nine of ten steps are right to a fifth of a scan step", async () => {
  const all = [...await errors("film", 11), ...await errors("particles", 12)].sort((a, b) => a - b);
  assert.ok(all[Math.ceil(0.9 * all.length) - 1] <= 0.2, String(all.map((error) => error.toFixed(2))));
  assert.ok(all.at(-1)! <= 0.4);
});
