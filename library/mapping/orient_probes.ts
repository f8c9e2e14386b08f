/** Orientations of single probes from their own peaks, beside those of their clusters. */

import { disorientation } from "../crystal/matching/disorientation.ts";
import { bestPhase, type OrientationMatch } from "../crystal/matching/match.ts";
import { PhaseMatcher } from "../crystal/matching/phase_matches.ts";
import type { OrientationPlan } from "../crystal/matching/plan.ts";
import type { RunOptions } from "../engine/options.ts";
import { withEngine } from "../engine/with_engine.ts";
import { throwIfAborted } from "../scan/errors.ts";
import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import { calibratedPeaks, type DetectorCalibration } from "./calibrated_peaks.ts";
import type { ClusterOrientation } from "./strain_spots.ts";
import { isReliable, replaceUnreliable } from "./surer_matches.ts";

/** What probes are matched by. */
export interface ProbeMatchingInput {
  readonly peaks: PeakLists;
  readonly calibration: DetectorCalibration;
  /** One for each phase that may be there. */
  readonly plans: readonly OrientationPlan[];
  /** Wider ones, by which matches that are not reliable are looked for again; default none. */
  readonly wider?: readonly OrientationPlan[];
  /** int32 (row, column): cluster of each probe, -1 for none. */
  readonly labels: Int32Array;
  /** Orientation of each cluster; `undefined` where none was found. */
  readonly orientations: readonly (ClusterOrientation | undefined)[];
}

/** Options of {@link orientProbes}. */
export interface ProbeMatchingOptions extends RunOptions {
  /** Fewer peaks, the direct beam aside, are no match; default 3. */
  readonly minimumPeaks?: number;
  /** Matches that are above any other by less, in percent, are none; default 0, which keeps all. */
  readonly leastReliability?: number;
}

/** The match of every probe. */
export interface ProbeMatches {
  /** float32 (rows, columns, 3, 3): columns are the laboratory's axes in the crystal's frame; NaN where there is none. */
  readonly matrices: Float32Array;
  /** int32 (rows, columns): -1 where there is none. */
  readonly phases: Int32Array;
  /** float32 (rows, columns): agreement of peaks and spots, 0 to 1; NaN where there is no match. */
  readonly scores: Float32Array;
  /** float32 (rows, columns): percent by which the agreement is above that of the next orientation; NaN likewise. */
  readonly reliability: Float32Array;
  /** Probes with a match. */
  readonly matched: number;
  /** Probes that have none because it was not reliable. */
  readonly leftOut: number;
  /** Ambiguous ones of these, and those that were turned to the side of their cluster. */
  readonly ambiguous: number;
  readonly turned: number;
}

/** Patterns that each thread has to match at a time: what is in memory does not grow with the scan. */
const patternsOfThread = 128;

/**
 * Matches every probe by its own peaks, refined, in batches on all threads. Of the two orientations of an ambiguous
 * pattern the one nearer to that of the probe's cluster is taken, where the phase is the same: nothing in the pattern
 * speaks against it.
 *
 * @throws {OutOfResources} when the memory limit does not suffice
 * @throws {Aborted} when the signal fires
 */
export async function orientProbes(
  input: ProbeMatchingInput,
  options: ProbeMatchingOptions = {},
): Promise<ProbeMatches> {
  const { peaks, calibration, plans, wider, labels } = input, probes = labels.length;
  const { leastReliability = 0 } = options;
  const matching = { minimumPeaks: options.minimumPeaks ?? 3, refine: true, exhaustive: false };
  const into = emptyMatches(probes);
  await withEngine(options, async (engine) => {
    const mark = engine.mark(),
      matcher = new PhaseMatcher(engine, plans),
      wide = wider && new PhaseMatcher(engine, wider),
      batch = patternsOfThread * engine.threads;
    const pack = (first: number) => {
      const count = Math.min(batch, probes - first);
      const patterns = Array.from(
        { length: count },
        (_, index) => calibratedPeaks(peaks, first + index, calibration),
      );
      return { patterns, packed: matcher.pack(patterns, matching) };
    };
    const match = async ({ patterns, packed }: ReturnType<typeof pack>) => {
      const found = (await matcher.match(packed, matching)).map(bestPhase);
      if (wide) {
        await replaceUnreliable(found, (match) => match, async (places) => {
          const again = wide.pack(places.map((place) => patterns[place]), matching);
          return (await wide.match(again, matching)).map(bestPhase);
        });
      }
      return found;
    };
    let next = pack(0);
    for (let first = 0; first < probes; first += batch) {
      throwIfAborted(options.signal);
      const running = match(next), end = Math.min(first + batch, probes);
      // Made ready while the threads match.
      if (end < probes) next = pack(end);
      (await running).forEach((found, index) => {
        if (!found || isReliable(found, leastReliability)) put(into, first + index, input, found);
        else into.leftOut++;
      });
      options.onProgress?.({ stage: "orientations of probes", done: end, total: probes });
    }
    engine.release(mark);
  });
  return into;
}

/** Matches that are being filled in. */
type OpenMatches = { -readonly [Field in keyof ProbeMatches]: ProbeMatches[Field] };

function emptyMatches(probes: number): OpenMatches {
  return {
    matrices: new Float32Array(9 * probes).fill(NaN),
    phases: new Int32Array(probes).fill(-1),
    scores: new Float32Array(probes).fill(NaN),
    reliability: new Float32Array(probes).fill(NaN),
    ...{ matched: 0, leftOut: 0, ambiguous: 0, turned: 0 },
  };
}

function put(
  into: OpenMatches,
  probe: number,
  { plans, labels, orientations }: ProbeMatchingInput,
  match: OrientationMatch | undefined,
): void {
  if (!match) return;
  const { phase, halfTurn } = match, cluster = labels[probe] < 0 ? undefined : orientations[labels[probe]];
  let { orientation } = match;
  if (halfTurn && cluster && cluster.phase === phase) {
    const { rotations } = plans[phase].group;
    const off = (one: typeof orientation) => disorientation(rotations, one, cluster.orientation);
    if (off(halfTurn) < off(orientation)) {
      orientation = halfTurn;
      into.turned++;
    }
  }
  into.matrices.set(orientation, 9 * probe);
  into.phases[probe] = phase;
  into.scores[probe] = match.agreement;
  into.reliability[probe] = match.reliability;
  into.matched++;
  if (match.ambiguous) into.ambiguous++;
}
