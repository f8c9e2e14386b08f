// From the nearest orientation of a plan to the best one near it.

import { agreement, gatherNear, turnSpots } from "./agreement";
import { array, Candidate, Constant, constant, Room, Size, size, Tables } from "./layout";
import { turnAbout } from "./turns";

/** Steps of one size at most: a start that is within a step of the plan needs fewer. */
const MOST_STEPS = 6;
/** Steps after which the reflections that matter are looked for again. */
const NEAR_STEPS = 3;
/** What an agreement must rise by: rounding decides nothing. */
const RISE: f64 = 1e-12;

/** The agreement of one orientation at a width. */
export function judge(table: usize, scratch: usize, peaks: i32, m: usize, width: f64, norm: f64): f64 {
  const near = gatherNear(table, scratch, m, 0);
  return agreement(table, scratch, peaks, turnSpots(table, scratch, near, m), width, norm, 0);
}

/**
 * Turns a candidate about the three axes of the laboratory, by ever smaller steps from round `from` to before round `to`,
 * while the agreement with the peaks rises. Its agreement is then that of the last round. `room` takes a matrix.
 */
export function refine(table: usize, scratch: usize, peaks: i32, candidate: usize, from: i32, to: i32, room: usize): void {
  const rounds = array(table, table, Tables.RoundTable), norms = array(scratch, table, Room.Norms);
  let best: f64 = 0;
  for (let round = from; round < to; round++) {
    const settings = rounds + (<usize>round << 5), step = load<f64>(settings);
    const c = load<f64>(settings, 8), s = load<f64>(settings, 16), width = load<f64>(settings, 24);
    const norm = load<f64>(norms + (<usize>round << 3));
    // No spot moves further, and so no two change their order by more than twice that.
    const angle = NEAR_STEPS * step, disorder = 2 * angle * constant(table, Constant.Longest);
    let near = gatherNear(table, scratch, candidate, angle), moves = 0;
    best = agreement(table, scratch, peaks, turnSpots(table, scratch, near, candidate), width, norm, disorder);
    for (let count = 0, moved = true; moved && count < MOST_STEPS; count++) {
      moved = false;
      for (let axis = 0; axis < 3; axis++) {
        for (let way = 0; way < 2; way++) {
          if (moves == NEAR_STEPS) {
            near = gatherNear(table, scratch, candidate, angle);
            moves = 0;
          }
          turnAbout(candidate, axis, c, way == 0 ? s : -s, room);
          const spots = turnSpots(table, scratch, near, room);
          const value = agreement(table, scratch, peaks, spots, width, norm, disorder);
          if (value <= best + RISE) continue;
          best = value;
          memory.copy(candidate, room, 72);
          moves++;
          moved = true;
          break;
        }
      }
    }
  }
  store<f64>(candidate, best, Candidate.Agreement);
}
