/** Scores of all zones as the kernel computes them. */

import { PlacedPlan } from "../../../library/crystal/matching/placed_plan.ts";
import type { OrientationPlan } from "../../../library/crystal/matching/plan.ts";
import type { DiffractionPeaks } from "../../../library/crystal/peaks.ts";
import { threadScratch } from "../../../library/engine/kernels.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { arctangent } from "../../../library/scan/portable_math.ts";
import { weightedPeaks } from "./agreement.ts";

/** The best angle in the plane for every zone, direct and mirrored; arrays [zone, 2]. */
export function zoneScores(
  plan: OrientationPlan,
  peaks: DiffractionPeaks,
): Promise<{ score: Float32Array; shift: Int32Array }> {
  const { row, column, weight, count } = weightedPeaks(plan, peaks);
  const numbers = Array.from(
    { length: count },
    (_, peak) => [row[peak], column[peak], weight[peak], arctangent(column[peak], row[peak])],
  );
  return withEngine({ workers: 1 }, async (engine) => {
    const placed = new PlacedPlan(engine, plan), scores = 2 * plan.zones.length;
    engine.allocateScratch(placed.prepare(count));
    const list = engine.place(Float64Array.from(numbers.flat()));
    const best = engine.allocate(4 * scores), shift = engine.allocate(4 * scores);
    await engine.run([["scoreZones", placed.address, list, count, best, shift, threadScratch]]);
    return {
      score: engine.view(Float32Array, best, scores).slice(),
      shift: engine.view(Int32Array, shift, scores).slice(),
    };
  });
}
