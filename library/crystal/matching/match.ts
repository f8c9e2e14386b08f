/** The orientations of crystals from the peaks of their patterns. */

import { withEngine } from "../../engine/with_engine.ts";
import type { RunOptions } from "../../engine/options.ts";
import { BadParameter, throwIfAborted } from "../../scan/errors.ts";
import { checkPeaks, type DiffractionPeaks } from "../peaks.ts";
import { peaksLeft } from "./peaks_left.ts";
import { type PhaseMatch, PhaseMatcher, type PhaseMatching } from "./phase_matches.ts";
import type { OrientationPlan } from "./plan.ts";

/** What is looked for. */
export interface MatchOptions extends RunOptions {
  /** Crystals that may overlap in one pattern; default 1. */
  readonly matches?: number;
  /** Fewer peaks, the direct beam aside, are no match; default 3. */
  readonly minimumPeaks?: number;
  /** Whether the best orientations of the plan are refined; default: they are. Without, a match is as good as the plan. */
  readonly refine?: boolean;
  /**
   * Whether every zone of the plan is compared with a pattern, and orientations are refined by steps; default: zones are
   * screened and refined by Newton's method, some five times as fast.
   */
  readonly exhaustive?: boolean;
}

/** A crystal found in a pattern. */
export interface OrientationMatch extends PhaseMatch {
  /** Index of its plan: which phase it is. */
  readonly phase: number;
  /** By how much the agreement is above that of the best other phase; its own agreement where there is one phase only. */
  readonly lead: number;
}

/** Patterns that are matched at a time. */
const batch = 64;

/**
 * Matches patterns with crystals.
 *
 * @param plans one for each phase that may be there
 * @param patterns peaks of each pattern, the direct beam at (0, 0)
 * @returns for each pattern its matches, the strongest first; none where there are too few peaks or nothing agrees
 * @throws {BadParameter} when a pattern's peaks or an option make no sense
 * @throws {OutOfResources} when the memory limit does not suffice
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { builtInCrystal, kinematicPattern, matchOrientations, orientationPlan } from "crystallite";
 *
 * const plan = orientationPlan(await builtInCrystal("Au"), { beamEnergy: 300 });
 * const tilted = [1, 0, 0, 0, 0.8, 0.6, 0, -0.6, 0.8] as const;
 * const pattern = kinematicPattern(plan.reflections, tilted, { beamEnergy: 300 });
 * const [[match]] = await matchOrientations([plan], [pattern]);
 * console.assert(match.explained > 0.9);
 * ```
 */
export async function matchOrientations(
  plans: readonly OrientationPlan[],
  patterns: readonly DiffractionPeaks[],
  options: MatchOptions = {},
): Promise<OrientationMatch[][]> {
  const { matches = 1, minimumPeaks = 3, refine = true, exhaustive = false } = options;
  if (!(plans.length > 0 && Number.isInteger(matches) && matches >= 1 && matches <= 10)) {
    throw new BadParameter("there is nothing to match", {
      expected: "one crystal or more, and 1 to 10 matches",
      found: `${plans.length} crystals, ${matches} matches`,
      parameter: "matches",
      remedy: "give a crystal, and 1 to 10 matches",
    });
  }
  patterns.forEach(checkPeaks);
  const found: OrientationMatch[][] = patterns.map(() => []);
  await withEngine(options, async (engine) => {
    const mark = engine.mark(), matcher = new PhaseMatcher(engine, plans);
    for (let first = 0; first < patterns.length; first += batch) {
      let open = patterns.slice(first, first + batch).map((peaks, index) => ({
        peaks,
        into: found[first + index],
      }));
      for (let match = 0; match < matches && open.length > 0; match++) {
        throwIfAborted(options.signal);
        const found = await matchOnce(matcher, open, { minimumPeaks, refine, exhaustive });
        open = match + 1 < matches ? found.map((one) => withoutMatch(plans, one)) : [];
      }
      const done = Math.min(first + batch, patterns.length);
      options.onProgress?.({ stage: "orientations", done, total: patterns.length });
    }
    engine.release(mark);
  });
  return found;
}

/** A pattern whose matches are not all found. */
interface OpenPattern {
  readonly peaks: DiffractionPeaks;
  readonly into: OrientationMatch[];
}

/** Finds one more match of each pattern; returns the patterns that have any. */
async function matchOnce(
  matcher: PhaseMatcher,
  patterns: readonly OpenPattern[],
  matching: PhaseMatching,
): Promise<OpenPattern[]> {
  const packed = matcher.pack(patterns.map(({ peaks }) => peaks), matching);
  const found = await matcher.match(packed, matching);
  return patterns.filter(({ into }, index) => {
    const best = bestPhase(found[index]);
    if (best) into.push(best);
    return best !== undefined;
  });
}

/** A pattern with the peaks that its last match leaves. */
function withoutMatch(plans: readonly OrientationPlan[], { peaks, into }: OpenPattern): OpenPattern {
  const { phase, orientation } = into.at(-1)!;
  return { peaks: peaksLeft(plans[phase], peaks, orientation), into };
}

/** The match that agrees best, if any agrees. */
export function bestPhase(found: readonly (PhaseMatch | undefined)[]): OrientationMatch | undefined {
  let best: OrientationMatch | undefined, second = 0;
  for (const [phase, match] of found.entries()) {
    if (!match || match.agreement <= 0) continue;
    if (best && match.agreement <= best.agreement) {
      second = Math.max(second, match.agreement);
      continue;
    }
    second = best?.agreement ?? 0;
    best = { ...match, phase, lead: 0 };
  }
  return best && { ...best, lead: best.agreement - second };
}
