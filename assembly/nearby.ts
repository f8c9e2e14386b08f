// From leading zones to the best orientations of the plan near them: the correlation of assembly/zones.ts for zones and
// angles that the screening points to.

import { betweenSums, indexOfLargest, isApart, keepEqual, turnInPlane, zoneOrientation } from "./candidates";
import { array, Candidate, CHOSEN, Constant, constant, Leading, Room, Short, Size, size, Tables } from "./layout";

/** Angles that are computed at once, and those of them before the one that the screening points to. */
const AT_ONCE: i32 = 8;
const BEFORE: i32 = 4;
/** Zones whose score is less than this part of the best are no candidates. */
const WORTHY: f32 = 0.6;

/**
 * Correlates the zones near the `leading` first records of `Leading`, and chooses candidates from them by falling score,
 * each further than the angle of `Apart` from those before it. Tells how many.
 */
export function nearbyCandidates(table: usize, scratch: usize, leading: i32): i32 {
  fineImage(table, scratch);
  const scores = array(scratch, table, Room.Scores), shifts = array(scratch, table, Room.Shifts);
  memory.fill(scores, 0, <usize>size(table, Size.Zones) << 3);
  const members = array(table, table, Tables.Members), memberStarts = array(table, table, Tables.MemberStarts);
  const steps = size(table, Size.Steps), list = array(scratch, table, Room.FoundIndex);
  let found = 0;
  for (let order = 0; order < leading; order++) {
    const record = array(scratch, table, Room.Leading) + <usize>order * Leading.Bytes;
    const index = load<i32>(record, Leading.Index), mirrored = index & 1, shift = load<i32>(record, Leading.Shift);
    const from = memberStarts + (<usize>(index >> 1) << 2);
    for (let member = load<i32>(from); member < load<i32>(from, 4); member++) {
      const at = members + (<usize>member << 3), which = 2 * load<i32>(at) + mirrored;
      let expected = shift + load<i32>(at, 4);
      expected += expected < 0 ? steps : expected >= steps ? -steps : 0;
      const known = load<f32>(scores + (<usize>which << 2));
      if (known > 0 && isBeside(load<i32>(shifts + (<usize>which << 2)), expected, steps)) continue;
      if (known == 0) {
        store<i32>(list + (<usize>found << 2), which);
        found++;
      }
      bestAngle(table, scratch, which, expected, scores + (<usize>which << 2), shifts + (<usize>which << 2));
    }
  }
  return chooseFound(table, scratch, found);
}

// Whether two angles are so near that one was looked at with the other.
function isBeside(one: i32, other: i32, steps: i32): bool {
  const off = abs(one - other);
  return min(off, steps - off) < BEFORE;
}

// `Sums` as float32, the rows going on after a turn.
function fineImage(table: usize, scratch: usize): void {
  const steps = size(table, Size.Steps), turn = <usize>steps << 2;
  let from = array(scratch, table, Room.Sums), to = array(scratch, table, Room.Fine);
  for (let shell = 0; shell < size(table, Size.Shells); shell++) {
    for (let o: usize = 0; o < turn; o += 16, from += 32) {
      const low = f32x4.demote_f64x2_zero(v128.load(from)), high = f32x4.demote_f64x2_zero(v128.load(from, 16));
      const four = i64x2.shuffle(low, high, 0, 2);
      v128.store(to + o, four);
      v128.store(to + turn + o, four);
    }
    memory.copy(to + 2 * turn, to, <usize>AT_ONCE << 2);
    to += 2 * turn + (<usize>AT_ONCE << 2);
  }
}

// Keeps the best of the angles about one, where it is better than what is known of the zone.
function bestAngle(table: usize, scratch: usize, which: i32, expected: i32, score: usize, shift: usize): void {
  const steps = size(table, Size.Steps), starts = array(table, table, Tables.Starts) + (<usize>(which >> 1) << 2);
  const mirrored = (which & 1) != 0, image = array(scratch, table, Room.Fine);
  const places = array(table, table, mirrored ? Tables.FineMirrored : Tables.FinePlaces);
  const weights = array(table, table, Tables.Weights);
  // Mirrored, angles run backwards.
  let first = (mirrored ? steps - expected : expected) - BEFORE;
  first += first < 0 ? steps : 0;
  first -= first >= steps ? steps : 0;
  const row = image + (<usize>first << 2), beside = mirrored ? -4 : 4;
  let low = f32x4.splat(0), high = low;
  for (let pair = load<i32>(starts), end = load<i32>(starts, 4); pair < end; pair++) {
    const at = row + <usize>load<i32>(places + (<usize>pair << 2)), weight = weights + (<usize>pair << 3);
    const one = v128.load32_splat(weight), two = v128.load32_splat(weight, 4);
    low = f32x4.add(low, f32x4.add(f32x4.mul(one, v128.load(at)), f32x4.mul(two, v128.load(at + beside))));
    high = f32x4.add(high, f32x4.add(f32x4.mul(one, v128.load(at, 16)), f32x4.mul(two, v128.load(at + beside, 16))));
  }
  const sums = array(scratch, table, Room.Correlogram);
  v128.store(sums, low);
  v128.store(sums, high, 16);
  for (let lane = 0; lane < AT_ONCE; lane++) {
    const value = load<f32>(sums + (<usize>lane << 2));
    if (value <= load<f32>(score)) continue;
    let angle = first + lane;
    angle -= angle >= steps ? steps : 0;
    store<f32>(score, value);
    store<i32>(shift, mirrored && angle > 0 ? steps - angle : angle);
  }
}

// Candidates from the zones that were looked at.
function chooseFound(table: usize, scratch: usize, found: i32): i32 {
  const scores = array(scratch, table, Room.Scores), shifts = array(scratch, table, Room.Shifts);
  const list = array(scratch, table, Room.FoundIndex), values = array(scratch, table, Room.Found);
  for (let order = 0; order < found; order++) {
    store<f32>(values + (<usize>order << 2), load<f32>(scores + (<usize>load<i32>(list + (<usize>order << 2)) << 2)));
  }
  const steps = size(table, Size.Steps), chosen = array(scratch, table, Room.Chosen);
  let count = 0, least: f32 = 0;
  for (let looked = 0; looked < found && count < CHOSEN; looked++) {
    const order = indexOfLargest(values, found);
    if (order < 0) break;
    const which = load<i32>(list + (<usize>order << 2)), shift = load<i32>(shifts + (<usize>which << 2));
    const score = load<f32>(values + (<usize>order << 2));
    if (score < least) break;
    if (count == 0) least = WORTHY * score;
    store<f32>(values + (<usize>order << 2), 0);
    const candidate = chosen + <usize>count * Candidate.Bytes, mirrored = (which & 1) != 0;
    zoneOrientation(table, which >> 1, mirrored, shift, candidate);
    store<f64>(candidate, 0, 72);
    if (!isApart(table, scratch, count, candidate)) continue;
    const before = fineSum(table, scratch, which, shift == 0 ? steps - 1 : shift - 1);
    const at = fineSum(table, scratch, which, shift);
    const after = fineSum(table, scratch, which, shift == steps - 1 ? 0 : shift + 1);
    const part = betweenSums(before, at, after);
    if (part != 0) turnInPlane(candidate, mirrored ? -part : part, steps);
    store<f64>(candidate, at, Candidate.Score);
    keepEqual(table, scratch, count, candidate);
    count++;
  }
  return count;
}

// The sum for one zone and one angle in float64.
function fineSum(table: usize, scratch: usize, which: i32, shift: i32): f64 {
  const starts = array(table, table, Tables.Starts) + (<usize>(which >> 1) << 2), mirrored = (which & 1) != 0;
  const places = array(table, table, mirrored ? Tables.FineMirrored : Tables.FinePlaces);
  const weights = array(table, table, Tables.Weights), beside = mirrored ? -4 : 4;
  const angle = mirrored && shift > 0 ? size(table, Size.Steps) - shift : shift;
  const row = array(scratch, table, Room.Fine) + (<usize>angle << 2);
  let sum: f64 = 0;
  for (let pair = load<i32>(starts), end = load<i32>(starts, 4); pair < end; pair++) {
    const at = row + <usize>load<i32>(places + (<usize>pair << 2)), weight = weights + (<usize>pair << 3);
    sum += <f64>load<f32>(weight) * <f64>load<f32>(at);
    sum += <f64>load<f32>(weight, 4) * <f64>load<f32>(at + beside);
  }
  return sum;
}
