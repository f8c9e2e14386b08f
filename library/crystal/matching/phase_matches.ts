/** Matches of patterns with each of several crystals, by the threads of an engine. */

import { type Address, at } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import { arctangent, power } from "../../scan/portable_math.ts";
import { type Matrix3, matrixAt } from "../matrix.ts";
import type { DiffractionPeaks } from "../peaks.ts";
import type { OrientationPlan } from "./plan.ts";
import { PlacedPlan } from "./placed_plan.ts";

/** A crystal found in a pattern, before crystals are compared. */
export interface PhaseMatch {
  /** Columns are the laboratory's axes (down the detector, to the right, towards the source) in the crystal's frame. */
  readonly orientation: Matrix3;
  /** Correlation with the plan: comparable between orientations of one pattern only. */
  readonly correlation: number;
  /** Agreement of peaks and spots, 0 to 1: missing and unexplained ones count against it. */
  readonly agreement: number;
  /** By how much, in percent, the agreement is above that of the best orientation more than 5 degrees away. */
  readonly reliability: number;
  /**
   * Half a turn about the zone axis agrees as well and is no symmetry: the pattern does not tell which of both it is. A
   * pattern of one zone is that of its own half turn; for [111] and [112] of cubic crystals that is the Sigma-3 twin.
   */
  readonly ambiguous: boolean;
  /** The orientation after that half turn, where the match is ambiguous. */
  readonly halfTurn?: Matrix3;
  /** Part of the peaks' weight that lies on spots. */
  readonly explained: number;
  /** Number of peaks that lie on spots. */
  readonly matchedPeaks: number;
}

/** How patterns are matched. */
export interface PhaseMatching {
  /** Fewer peaks, the direct beam aside, are no match. */
  readonly minimumPeaks: number;
  /** Whether the best orientations of the plan are refined. */
  readonly refine: boolean;
  /** Whether all zones are compared, and orientations refined by steps. */
  readonly exhaustive: boolean;
}

/** Peaks of patterns as the kernel takes them. */
interface PackedPeaks {
  /** float64 [peaks][row, column, weight, angle about the beam]. */
  readonly peaks: Float64Array;
  /** int32 [patterns + 1]. */
  readonly offsets: Int32Array;
}

/** Patterns of one call, and numbers that the kernel leaves for each. */
const patternsOfCall = 4, foundNumbers = 25;

/** Crystals in the memory of an engine; what they take is given back by releasing the engine's memory. */
export class PhaseMatcher {
  readonly #phases: readonly PlacedPlan[];

  /** @throws {OutOfResources} when the plans do not fit */
  constructor(readonly engine: Engine, plans: readonly OrientationPlan[]) {
    this.#phases = plans.map((plan) => new PlacedPlan(engine, plan));
  }

  /** Makes patterns ready, which needs no thread and no memory of the engine. */
  pack(patterns: readonly DiffractionPeaks[], { minimumPeaks }: PhaseMatching): readonly PackedPeaks[] {
    return this.#phases.map(({ plan }) => packPeaks(plan, patterns, minimumPeaks));
  }

  /**
   * Matches packed patterns; the next must wait for it.
   *
   * @returns for each pattern its match with each crystal, `undefined` where there are too few peaks or nothing agrees
   */
  async match(
    packed: readonly PackedPeaks[],
    { refine, exhaustive }: PhaseMatching,
  ): Promise<(PhaseMatch | undefined)[][]> {
    const { engine } = this, mark = engine.mark(), patterns = packed[0].offsets.length - 1;
    try {
      engine.allocateScratch(
        Math.max(...this.#phases.map((phase, index) => phase.prepare(mostPeaks(packed[index])))),
      );
      const calls: KernelCall[] = [], found: Address[] = [];
      for (const [index, { peaks, offsets }] of packed.entries()) {
        const { address } = this.#phases[index], list = engine.place(peaks), ends = engine.place(offsets);
        const out = engine.allocate(8 * foundNumbers * patterns);
        found.push(out);
        for (let first = 0; first < patterns; first += patternsOfCall) {
          const end = Math.min(first + patternsOfCall, patterns);
          calls.push([
            ...["matchPatterns", address, list, ends, first, end] as const,
            ...[Number(refine), Number(exhaustive), out, threadScratch] as const,
          ]);
        }
      }
      await engine.run(calls);
      return Array.from(
        { length: patterns },
        (_, pattern) =>
          found.map((out) => {
            const place = at(out, 8 * foundNumbers * pattern);
            return decode(engine.view(Float64Array, place, foundNumbers));
          }),
      );
    } finally {
      engine.release(mark);
    }
  }
}

function mostPeaks({ offsets }: PackedPeaks): number {
  let most = 0;
  for (let pattern = 1; pattern < offsets.length; pattern++) {
    most = Math.max(most, offsets[pattern] - offsets[pattern - 1]);
  }
  return most;
}

/** Peaks without the direct beam; none of patterns that have too few. */
function packPeaks(
  { shells, options: { intensityPower } }: OrientationPlan,
  patterns: readonly DiffractionPeaks[],
  minimumPeaks: number,
): PackedPeaks {
  const offsets = new Int32Array(patterns.length + 1), beam = (shells[0] / 2) ** 2;
  const all = patterns.reduce((sum, { qRow }) => sum + qRow.length, 0), peaks = new Float64Array(4 * all);
  let count = 0;
  for (const [pattern, { qRow, qColumn, intensity }] of patterns.entries()) {
    const first = count;
    for (let peak = 0; peak < qRow.length; peak++) {
      const row = qRow[peak], column = qColumn[peak];
      if (row * row + column * column <= beam) continue;
      const to = 4 * count++;
      peaks[to] = row;
      peaks[to + 1] = column;
      peaks[to + 2] = intensity[peak] > 0 ? power(intensity[peak], intensityPower) : 0;
      peaks[to + 3] = arctangent(column, row);
    }
    if (count - first < minimumPeaks) count = first;
    offsets[pattern + 1] = count;
  }
  return { peaks: peaks.subarray(0, 4 * count), offsets };
}

function decode(numbers: Float64Array): PhaseMatch | undefined {
  if (numbers[0] === 0) return undefined;
  const [correlation, agreement, reliability, ambiguous, explained, matchedPeaks] = numbers.subarray(10);
  const matrix = (first: number) => matrixAt(numbers, first);
  return {
    orientation: matrix(1),
    ...{ correlation, agreement, reliability, ambiguous: ambiguous === 1, explained, matchedPeaks },
    ...(ambiguous === 1 && { halfTurn: matrix(16) }),
  };
}
