/** Where the direct beam falls in every pattern of a scan. */

import type { RunOptions } from "../../engine/options.ts";
import { runPasses } from "../../engine/run_passes.ts";
import { withEngine } from "../../engine/with_engine.ts";
import { BadParameter } from "../../scan/errors.ts";
import type { Scan } from "../../scan/scan.ts";
import { type BadPixelSource, prepareDetector } from "../detector/preparation.ts";
import { type BeamSearch, BrightestPass } from "./brightest_pass.ts";
import { FriedelPass, type InversionSearch } from "./friedel_pass.ts";
import type { MeasuredOrigins } from "./origin_pass.ts";

/** How the direct beam is measured. */
export type OriginSearch =
  | ({ readonly method: "brightest" } & BeamSearch)
  | ({
    readonly method: "friedel";
    /** Measure about so many probes, evenly spread, if there are more; default 4096. */
    readonly most?: number;
  } & InversionSearch);

/**
 * Measures the direct beam pattern by pattern: as the centre of mass of the brightest disk less what surrounds it, or as the
 * centre about which the pattern is most like its own inversion, which works behind a beam stop as well. Masked pixels
 * count nothing.
 *
 * @throws {BadParameter} when radius or reach are no lengths
 * @throws {OutOfResources} when the memory limit does not suffice
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { measureOrigins, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 6, columns: 6, grains: 2, seed: 1, descan: 2 });
 * const guess = { row: scan.truth.center[0], column: scan.truth.center[1] };
 * const { places } = await measureOrigins(scan, { method: "brightest", guess, reach: 6, radius: 3 });
 * console.assert(places.length === 72);
 * ```
 */
export async function measureOrigins(
  scan: Scan,
  search: OriginSearch & { readonly badPixels?: BadPixelSource },
  run: RunOptions = {},
): Promise<MeasuredOrigins> {
  const { radius = 1, reach = 1 } = search as Partial<BeamSearch>;
  if (!(radius >= 0.5 && radius <= 200 && reach > 0)) {
    throw new BadParameter("the direct beam cannot be looked for like this", {
      expected: "a radius from 0.5 to 200 pixels and a reach above 0",
      found: `radius ${radius}, reach ${reach} pixels`,
      parameter: "diskRadius",
      remedy: "give the radius of the disks in detector pixels",
    });
  }
  return await withEngine(run, async (engine) => {
    const { badPixels = { kind: "auto" } } = search;
    const preparation = await prepareDetector(scan, { badPixels, center: { kind: "index" } }, false, {
      ...run,
      engine,
    });
    const { masked } = preparation.badPixels;
    const pass = search.method === "brightest"
      ? new BrightestPass(scan, search, masked)
      : new FriedelPass(scan, search, masked, stepOf(scan, search.most ?? 4096));
    return (await runPasses(engine, scan, preparation, [pass], run))[0];
  });
}

/** One of so many probes along each axis leaves no more than `most`. */
function stepOf({ shape: { rows, columns } }: Scan, most: number): number {
  let every = 1;
  while (Math.ceil(rows / every) * Math.ceil(columns / every) > Math.max(1, most)) every++;
  return every;
}
