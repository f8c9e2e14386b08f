/** The orientations of crystals from the peaks of their patterns. */

import { withEngine } from "../../engine/with_engine.ts";
import type { RunOptions } from "../../engine/options.ts";
import { BadParameter, throwIfAborted } from "../../scan/errors.ts";
import { cosine } from "../../scan/portable_math.ts";
import type { Matrix3 } from "../matrix.ts";
import { largestTrace } from "../point_group.ts";
import { checkPeaks, type DiffractionPeaks, withoutDirectBeam } from "../peaks.ts";
import { agreement, Spots, weightedPeaks } from "./agreement.ts";
import { disorientation } from "./disorientation.ts";
import { halfTurn } from "./half_turn.ts";
import { type Candidate, orientationOf, PlacedPlan, planOrientation, type ZoneScores } from "./correlate.ts";
import { explainedPeaks, peaksLeft } from "./explained.ts";
import type { OrientationPlan } from "./plan.ts";
import { polarImage } from "./polar_image.ts";
import { refineOrientation } from "./refine.ts";

/** What is looked for. */
export interface MatchOptions extends RunOptions {
  /** Crystals that may overlap in one pattern; default 1. */
  readonly matches?: number;
  /** Fewer peaks, the direct beam aside, are no match; default 3. */
  readonly minimumPeaks?: number;
  /** Whether the best orientations of the plan are refined; default: they are. Without, a match is as good as the plan. */
  readonly refine?: boolean;
}

/** A crystal found in a pattern. */
export interface OrientationMatch {
  /** Index of its plan: which phase it is. */
  readonly phase: number;
  /** Columns are the laboratory's axes (down the detector, to the right, towards the source) in the crystal's frame. */
  readonly orientation: Matrix3;
  /** Correlation with the plan: comparable between orientations of one pattern only. */
  readonly correlation: number;
  /** Agreement of peaks and spots, 0 to 1: missing and unexplained ones count against it. */
  readonly agreement: number;
  /** By how much, in percent, the agreement is above that of the best orientation more than 5 degrees away. */
  readonly reliability: number;
  /** By how much the agreement is above that of the best other phase; its own agreement where there is one phase only. */
  readonly lead: number;
  /** Part of the peaks' weight that lies on spots. */
  readonly explained: number;
  /** Number of peaks that lie on spots. */
  readonly matchedPeaks: number;
  /**
   * Half a turn about the zone axis agrees as well and is no symmetry: the pattern does not tell which of both it is. A
   * pattern of one zone is that of its own half turn; for [111] and [112] of cubic crystals that is the Sigma-3 twin.
   */
  readonly ambiguous: boolean;
}

/** Candidates that are refined, and how far apart they are at least, in degrees. */
const refined = 8, apart = 4;
/** Orientations nearer than this, in degrees, are the same for the reliability. */
const same = 5;
/** Agreement without refinement is judged at this width in Å^-1, refined at the last one of the refinement. */
const coarseWidth = 0.05, fineWidth = 0.02;
/** A half turn that agrees at least this much, relative to the match, cannot be told from it. */
const asGood = 0.98;
/** Patterns whose images are in memory at a time. */
const batch = 64;

/**
 * Matches patterns with crystals.
 *
 * @param plans one for each phase that may be there
 * @param patterns peaks of each pattern, the direct beam at (0, 0)
 * @returns for each pattern its matches, the strongest first; none where there are too few peaks or nothing agrees
 * @throws {BadParameter} when a pattern's peaks or an option make no sense
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
  const { matches = 1, minimumPeaks = 3 } = options;
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
    const mark = engine.mark();
    const placed = plans.map((plan) => new PhaseMatcher(new PlacedPlan(engine, plan)));
    for (let first = 0; first < patterns.length; first += batch) {
      let open = patterns.slice(first, first + batch).map((peaks, index) => ({
        peaks,
        into: found[first + index],
      }));
      for (let match = 0; match < matches && open.length > 0; match++) {
        throwIfAborted(options.signal);
        open = await matchOnce(placed, open, minimumPeaks, options.refine ?? true);
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

/** Finds one more match of each pattern; returns the patterns that have any, with the peaks that it leaves. */
async function matchOnce(
  phases: readonly PhaseMatcher[],
  patterns: readonly OpenPattern[],
  minimumPeaks: number,
  refine: boolean,
): Promise<OpenPattern[]> {
  const perPhase: (PhaseMatch | undefined)[][] = [];
  for (const phase of phases) {
    perPhase.push(await phase.match(patterns.map(({ peaks }) => peaks), minimumPeaks, refine));
  }
  return patterns.flatMap(({ peaks, into }, index) => {
    const candidates = perPhase.flatMap((found, phase) => {
      const match = found[index];
      return match ? [{ ...match, phase }] : [];
    }).sort((one, other) => other.agreement - one.agreement);
    const [best, second] = candidates;
    if (!best || best.agreement <= 0) return [];
    into.push({ ...best, lead: best.agreement - (second?.agreement ?? 0) });
    return [{ peaks: peaksLeft(phases[best.phase].plan, peaks, best.orientation), into }];
  });
}

/** A match before phases are compared. */
type PhaseMatch = Omit<OrientationMatch, "phase" | "lead">;

/** Matches patterns with one crystal. */
class PhaseMatcher {
  readonly plan: OrientationPlan;
  readonly #placed: PlacedPlan;
  readonly #spots: Spots;

  constructor(placed: PlacedPlan) {
    this.#placed = placed;
    this.plan = placed.plan;
    this.#spots = new Spots(placed.plan);
  }

  async match(
    patterns: readonly DiffractionPeaks[],
    minimumPeaks: number,
    refine: boolean,
  ): Promise<(PhaseMatch | undefined)[]> {
    const outer = patterns.map((peaks) => withoutDirectBeam(peaks, this.plan.shells[0] / 2));
    const images = outer.map((peaks) => polarImage(this.plan, peaks));
    const scores = await this.#placed.correlate(images);
    return outer.map((peaks, index) =>
      peaks.qRow.length < minimumPeaks ? undefined : this.#choose(peaks, images[index], scores[index], refine)
    );
  }

  #choose(peaks: DiffractionPeaks, image: Float32Array, scores: ZoneScores, refine: boolean) {
    const weighted = weightedPeaks(this.plan, peaks);
    const width = refine ? fineWidth : coarseWidth;
    const judged = this.#distinct(image, scores).map(({ orientation, score }) => {
      if (refine) return { score, ...refineOrientation(orientation, weighted, this.#spots) };
      return { score, orientation, agreement: agreement(weighted, this.#spots.turn(orientation), width) };
    });
    if (judged.length === 0) return undefined;
    // Without refinement the correlation decides: agreement would punish the plan's own coarseness.
    if (refine) judged.sort((one, other) => other.agreement - one.agreement);
    const [best] = judged, { rotations } = this.plan.group;
    const spots = this.#spots.turn(best.orientation);
    const explained = explainedPeaks(this.plan, peaks, spots);
    const turned = halfTurn(best.orientation, this.plan.reflections, spots);
    const agreementTurned = turned ? agreement(weighted, this.#spots.turn(turned), width) : 0;
    const apartFrom = (one: Matrix3, other: Matrix3 | undefined) =>
      !other || disorientation(rotations, one, other) > same;
    const different = judged.find(({ orientation }) =>
      apartFrom(orientation, best.orientation) && apartFrom(orientation, turned)
    );
    const worth = (one: typeof best) => refine ? one.agreement : one.score;
    return {
      orientation: best.orientation,
      correlation: best.score,
      agreement: best.agreement,
      reliability: different ? Math.max(0, 100 * (1 - worth(different) / worth(best))) : 100,
      ambiguous: agreementTurned >= asGood * best.agreement && apartFrom(best.orientation, turned),
      ...explained,
    };
  }

  /** The best orientations of the plan that are apart from each other. */
  #distinct(image: Float32Array, { score, shift }: ZoneScores) {
    const order = Array.from(score.keys()).filter((index) => score[index] > 0)
      .sort((one, other) => score[other] - score[one] || one - other);
    const chosen: { orientation: Matrix3; score: number }[] = [];
    const { rotations } = this.plan.group;
    const nearby = 1 + 2 * cosine(apart * Math.PI / 180);
    for (const index of order.slice(0, 40 * refined)) {
      const candidate: Candidate = {
        zone: index >> 1,
        mirrored: index % 2 === 1,
        shift: shift[index],
        score: score[index],
      };
      const coarse = planOrientation(this.plan, candidate, candidate.shift);
      if (chosen.some(({ orientation }) => largestTrace(rotations, orientation, coarse) > nearby)) continue;
      chosen.push({ orientation: orientationOf(this.plan, image, candidate), score: candidate.score });
      if (chosen.length === refined) break;
    }
    return chosen;
  }
}
