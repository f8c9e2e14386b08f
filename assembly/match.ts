// Orientations of one crystal from the peaks of patterns (spec of orientation mapping, sections 6.4 to 6.7).

import { peakNorm } from "./agreement";
import { chooseCandidates } from "./candidates";
import { explain, shownReflections } from "./explain";
import { halfTurn } from "./halfturn";
import { BENDS, climb, evaluate, Field } from "./climb";
import { array, Candidate, Constant, constant, Lattice, Room, Size, size, Tables } from "./layout";
import { bucketPeaks, gatherWithin } from "./light";
import { nearbyCandidates } from "./nearby";
import { polarImage, polarSums } from "./polar";
import { judge, refine } from "./refine";
import { leadingZones, screenImage } from "./screen";
import { largestTrace, multiply } from "./turns";
import { correlateZones } from "./zones";

/**
 * The best angle in the plane of one pattern for every zone: of `count` peaks as in `matchPatterns`, best: float32
 * [zone][direct, mirrored], shift: int32, the same, in steps.
 */
export function scoreZones(table: usize, peaks: usize, count: i32, best: usize, shift: usize, scratch: usize): void {
  const bytes = <usize>size(table, Size.Zones) << 3;
  memory.fill(best, 0, bytes);
  memory.fill(shift, 0, bytes);
  sortPeaks(peaks, count, array(scratch, table, Room.Peaks));
  if (!polarImage(table, scratch, count)) return;
  correlateZones(table, scratch);
  memory.copy(best, array(scratch, table, Room.Scores), bytes);
  memory.copy(shift, array(scratch, table, Room.Shifts), bytes);
}

/** Bytes of what is found in a pattern. */
const FOUND: usize = 200;
/** Candidates that agree less than this part of the best are not refined to the end. */
const PROMISING: f64 = 0.9;
/** Candidates that agree less than this part of the best before refinement are not refined at all. */
const HOPEFUL: f64 = 0.75;
/** Rounds that all candidates are refined in. */
const FIRST_ROUNDS = 3;
/** Steps of the first climb, at the coarse width, and of the last. */
const FIRST_STEPS = 2;
const LAST_STEPS = 6;

/**
 * Matches patterns from..to-1.
 *
 * peaks: float64 [..][row, column, weight, angle about the beam], without the direct beam; offsets: int32 [patterns + 1].
 * refined: whether candidates are refined, or the best score is taken as it is. exhaustive: whether all zones are
 * correlated and candidates refined by steps, or zones are screened and candidates refined by Newton's method. out: float64 [patterns][25]: found (0 or 1),
 * the orientation row by row, correlation, agreement, reliability in percent, whether half a turn about the zone axis agrees
 * as well, part of the peaks' weight that lies on spots, number of peaks that do, the orientation after that half turn.
 */
export function matchPatterns(
  table: usize, peaks: usize, offsets: usize, from: i32, to: i32, refined: i32, exhaustive: i32, out: usize, scratch: usize,
): void {
  for (let pattern = from; pattern < to; pattern++) {
    const first = load<i32>(offsets + (<usize>pattern << 2)), end = load<i32>(offsets + (<usize>pattern << 2), 4);
    const result = out + <usize>pattern * FOUND;
    memory.fill(result, 0, FOUND);
    sortPeaks(peaks + (<usize>first << 5), end - first, array(scratch, table, Room.Peaks));
    const candidates = exhaustive != 0 ? allZones(table, scratch, end - first) : screened(table, scratch, end - first);
    if (candidates > 0) decide(table, scratch, end - first, candidates, refined != 0, exhaustive != 0, result);
  }
}

// Candidates from all zones.
function allZones(table: usize, scratch: usize, peaks: i32): i32 {
  if (!polarImage(table, scratch, peaks)) return 0;
  correlateZones(table, scratch);
  return chooseCandidates(table, scratch);
}

// Candidates from the zones that screening leaves.
function screened(table: usize, scratch: usize, peaks: i32): i32 {
  if (!polarSums(table, scratch, peaks)) return 0;
  screenImage(table, scratch);
  return nearbyCandidates(table, scratch, leadingZones(table, scratch));
}

// Peaks in order of their rows.
function sortPeaks(from: usize, count: i32, to: usize): void {
  for (let peak = 0; peak < count; peak++) {
    const source = from + (<usize>peak << 5), row = load<f64>(source);
    let at = to + (<usize>peak << 5);
    for (; at > to && load<f64>(at - 32) > row; at -= 32) {
      v128.store(at, v128.load(at - 32));
      v128.store(at, v128.load(at - 16), 16);
    }
    v128.store(at, v128.load(source));
    v128.store(at, v128.load(source, 16), 16);
  }
}

// @ts-ignore: decorator
@inline
function candidateAt(candidates: usize, index: i32): usize {
  return candidates + <usize>index * <usize>Candidate.Bytes;
}

function decide(table: usize, scratch: usize, peaks: i32, count: i32, refined: bool, exhaustive: bool, out: usize): void {
  const chosen = array(scratch, table, Room.Chosen), list = array(scratch, table, Room.Peaks);
  // The equal orientations are not needed any more.
  const room = array(scratch, table, Room.Equals), turned = room + 80, more = room + 160;
  const rotations = array(table, table, Tables.Group), order = size(table, Size.Rotations);
  const width = constant(table, refined ? Constant.FineWidth : Constant.CoarseWidth);
  const norm = sqrt(peakNorm(list, peaks, width));
  let best = chosen;
  if (refined) {
    if (exhaustive) refineAll(table, scratch, peaks, count, room);
    else count = climbAll(table, scratch, peaks, count, room, norm);
    for (let index = 1; index < count; index++) {
      const candidate = candidateAt(chosen, index);
      if (load<f64>(candidate, Candidate.Agreement) > load<f64>(best, Candidate.Agreement) + 1e-9) best = candidate;
    }
  } else {
    store<f64>(best, judge(table, scratch, peaks, best, width, norm), Candidate.Agreement);
  }
  const agreed = load<f64>(best, Candidate.Agreement);
  const spots = shownReflections(table, scratch, best);
  explain(table, scratch, peaks, spots, best, out);
  const spans = halfTurn(table, scratch, spots, best, turned, more), same = constant(table, Constant.Same);
  if (spans && largestTrace(rotations, order, best, turned, more) < same) {
    const other = judge(table, scratch, peaks, turned, width, norm);
    if (agreed > 0 && other >= constant(table, Constant.AsGood) * agreed) store<f64>(out, 1, 104);
    memory.copy(out + 128, turned, 72);
  }
  // The best of those that are neither the match nor its half turn.
  const field: usize = refined ? <usize>Candidate.Agreement : <usize>Candidate.Score;
  let second: f64 = 0, apart = false;
  for (let index = 0; index < count; index++) {
    const candidate = candidateAt(chosen, index);
    if (candidate == best || largestTrace(rotations, order, candidate, best, more) >= same) continue;
    if (spans && largestTrace(rotations, order, candidate, turned, more) >= same) continue;
    second = max(second, load<f64>(candidate + field));
    apart = true;
  }
  store<f64>(out, 1);
  memory.copy(out + 8, best, 72);
  store<f64>(out, load<f64>(best, Candidate.Score), 80);
  store<f64>(out, agreed, 88);
  store<f64>(out, apart ? max(0, 100 * (1 - second / load<f64>(best + field))) : 100, 96);
}

// All candidates roughly, and those that may be the match to the end.
function refineAll(table: usize, scratch: usize, peaks: i32, count: i32, room: usize): void {
  const chosen = array(scratch, table, Room.Chosen), list = array(scratch, table, Room.Peaks);
  const norms = array(scratch, table, Room.Norms), rounds = size(table, Size.Rounds);
  for (let round = 0; round < rounds; round++) {
    const width = load<f64>(array(table, table, Tables.RoundTable) + (<usize>round << 5), 24);
    store<f64>(norms + (<usize>round << 3), sqrt(peakNorm(list, peaks, width)));
  }
  let most: f64 = 0;
  for (let index = 0; index < count; index++) {
    const candidate = candidateAt(chosen, index);
    refine(table, scratch, peaks, candidate, 0, FIRST_ROUNDS, room);
    most = max(most, load<f64>(candidate, Candidate.Agreement));
  }
  for (let index = 0; index < count; index++) {
    const candidate = candidateAt(chosen, index);
    if (load<f64>(candidate, Candidate.Agreement) < PROMISING * most) continue;
    refine(table, scratch, peaks, candidate, FIRST_ROUNDS, rounds, room);
  }
}

// All candidates at the coarse width, and those that may be the match at the fine one, which `norm` is of.
function climbAll(table: usize, scratch: usize, peaks: i32, count: i32, room: usize, norm: f64): i32 {
  const chosen = array(scratch, table, Room.Chosen), list = array(scratch, table, Room.Peaks);
  const coarse = constant(table, Constant.CoarseWidth), fine = constant(table, Constant.FineWidth);
  const wide = sqrt(peakNorm(list, peaks, coarse));
  bucketPeaks(table, scratch, peaks);
  let most: f64 = 0;
  for (let index = 0; index < count; index++) {
    const candidate = candidateAt(chosen, index), near = gatherWithin(table, scratch, candidate, 0);
    // The bends of the coarse one are needed further on: it comes last.
    store<f64>(candidate, evaluate(table, scratch, near, peaks, candidate, fine, norm, room), Candidate.Agreement);
    const value = evaluate(table, scratch, near, peaks, candidate, coarse, wide, room);
    store<f64>(candidate, value, Candidate.Before);
    keepBends(room, candidate);
    most = max(most, value);
  }
  const least = HOPEFUL * most;
  most = 0;
  for (let index = 0; index < count; index++) {
    const candidate = candidateAt(chosen, index);
    if (load<f64>(candidate, Candidate.Before) >= least) {
      const bends = candidate + Candidate.Bends, before = load<f64>(candidate, Candidate.Before);
      climb(table, scratch, peaks, candidate, coarse, wide, FIRST_STEPS, room, before, bends);
      const near = gatherWithin(table, scratch, candidate, 0);
      store<f64>(candidate, evaluate(table, scratch, near, peaks, candidate, fine, norm, room), Candidate.Agreement);
      keepBends(room, candidate);
    }
    most = max(most, load<f64>(candidate, Candidate.Agreement));
  }
  for (let index = 0; index < count; index++) {
    const candidate = candidateAt(chosen, index);
    if (load<f64>(candidate, Candidate.Agreement) < PROMISING * most) continue;
    // Those that were not climbed yet have other bends.
    const hopeful = load<f64>(candidate, Candidate.Before) >= least;
    const known = hopeful ? load<f64>(candidate, Candidate.Agreement) : -1;
    climb(table, scratch, peaks, candidate, fine, norm, LAST_STEPS, room, known, candidate + Candidate.Bends);
    store<f64>(candidate, judge(table, scratch, peaks, candidate, fine, norm), Candidate.Agreement);
  }
  return addVariants(table, scratch, peaks, count, room, norm);
}

// @ts-ignore: decorator
@inline
function keepBends(room: usize, candidate: usize): void {
  memory.copy(candidate + Candidate.Bends, room + Field.Slope, BENDS);
}

// Adds what the lattice hardly tells from the best candidate; tells how many candidates there are then.
function addVariants(table: usize, scratch: usize, peaks: i32, count: i32, room: usize, norm: f64): i32 {
  const variants = size(table, Lattice.Variants), chosen = array(scratch, table, Room.Chosen);
  const fine = constant(table, Constant.FineWidth);
  let best = chosen;
  for (let index = 1; index < count; index++) {
    const candidate = candidateAt(chosen, index);
    if (load<f64>(candidate, Candidate.Agreement) > load<f64>(best, Candidate.Agreement)) best = candidate;
  }
  for (let variant = 0; variant < variants; variant++) {
    const candidate = candidateAt(chosen, count + variant);
    multiply(array(table, table, Tables.Variants) + <usize>(72 * variant), best, candidate);
    climb(table, scratch, peaks, candidate, fine, norm, LAST_STEPS, room, -1, candidate);
    store<f64>(candidate, load<f64>(best, Candidate.Score), Candidate.Score);
    store<f64>(candidate, judge(table, scratch, peaks, candidate, fine, norm), Candidate.Agreement);
  }
  return count + variants;
}
