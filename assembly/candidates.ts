// From the scores of zones to the best orientations that are apart from each other.

import { array, Candidate, CHOSEN, Constant, constant, LOOKED_AT, Room, Size, size, Tables } from "./layout";
import { multiply, turnAbout } from "./turns";
import { exactSum } from "./zones";

/** Bytes of a matrix with a zero behind it, so that two numbers at a time come out even. */
const PADDED: usize = 80;

/**
 * Chooses candidates by falling score, each further than the angle of `Apart` from those before it; their angle in the
 * plane is that of a parabola through the score and the two beside. Tells how many; uses up the scores.
 */
export function chooseCandidates(table: usize, scratch: usize): i32 {
  const zones = size(table, Size.Zones), steps = size(table, Size.Steps);
  const scores = array(scratch, table, Room.Scores), shifts = array(scratch, table, Room.Shifts);
  const chosen = array(scratch, table, Room.Chosen);
  let count = 0;
  for (let looked = 0; looked < LOOKED_AT && count < CHOSEN; looked++) {
    const index = indexOfLargest(scores, 2 * zones);
    if (index < 0) break;
    const zone = index >> 1, mirrored = (index & 1) != 0, shift = load<i32>(shifts + (<usize>index << 2));
    const score = load<f32>(scores + (<usize>index << 2));
    store<f32>(scores + (<usize>index << 2), 0);
    const candidate = chosen + <usize>count * Candidate.Bytes;
    zoneOrientation(table, zone, mirrored, shift, candidate);
    store<f64>(candidate, 0, 72);
    if (!isApart(table, scratch, count, candidate)) continue;
    const part = betweenSteps(table, scratch, zone, mirrored, shift);
    if (part != 0) turnInPlane(candidate, mirrored ? -part : part, steps);
    store<f64>(candidate, score, Candidate.Score);
    keepEqual(table, scratch, count, candidate);
    count++;
  }
  return count;
}

/** The first of the largest floats above 0; -1 for none. */
export function indexOfLargest(floats: usize, count: i32): i32 {
  const bytes = <usize>count << 2, whole = bytes & ~15;
  let largest = f32x4.splat(0), o: usize = 0;
  for (; o < whole; o += 16) largest = f32x4.pmax(largest, v128.load(floats + o));
  let value = max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
  for (; o < bytes; o += 4) value = max(value, load<f32>(floats + o));
  if (!(value > 0)) return -1;
  const wanted = f32x4.splat(value);
  for (o = 0; o < whole; o += 16) {
    const lanes = i32x4.bitmask(f32x4.eq(v128.load(floats + o), wanted));
    if (lanes != 0) return <i32>(o >> 2) + ctz(lanes);
  }
  while (load<f32>(floats + o) != value) o += 4;
  return <i32>(o >> 2);
}

/** The zone's frame turned in the plane; mirrored, by half a turn more and seen from behind. */
export function zoneOrientation(table: usize, zone: i32, mirrored: bool, shift: i32, to: usize): void {
  const frame = array(table, table, Tables.Frames) + <usize>(72 * zone);
  const turn = array(table, table, Tables.Turns) + (<usize>shift << 4);
  const c = load<f64>(turn), s = load<f64>(turn, 8);
  turnAbout(frame, 2, mirrored ? -c : c, mirrored ? -s : s, to);
  if (!mirrored) return;
  for (let row: usize = 0; row < 72; row += 24) {
    store<f64>(to + row, -load<f64>(to + row, 8), 8);
    store<f64>(to + row, -load<f64>(to + row, 16), 16);
  }
}

/** Keeps what symmetry makes equal to the candidate of this number. */
export function keepEqual(table: usize, scratch: usize, number: i32, candidate: usize): void {
  const rotations = size(table, Size.Rotations);
  for (let rotation = 0; rotation < rotations; rotation++) {
    const equal = array(scratch, table, Room.Equals) + <usize>(number * rotations + rotation) * PADDED;
    multiply(array(table, table, Tables.Group) + <usize>(72 * rotation), candidate, equal);
    store<f64>(equal, 0, 72);
  }
}

/** Whether a matrix is far from the `count` candidates kept: the largest trace of equal^T candidate is small. */
export function isApart(table: usize, scratch: usize, count: i32, candidate: usize): bool {
  const nearby = constant(table, Constant.Apart), equals = array(scratch, table, Room.Equals);
  const a = v128.load(candidate), b = v128.load(candidate, 16), c = v128.load(candidate, 32);
  const d = v128.load(candidate, 48), e = v128.load(candidate, 64);
  const end = equals + <usize>(count * size(table, Size.Rotations)) * PADDED;
  for (let at = equals; at < end; at += PADDED) {
    const sum = f64x2.add(
      f64x2.add(f64x2.mul(a, v128.load(at)), f64x2.mul(b, v128.load(at, 16))),
      f64x2.add(
        f64x2.mul(c, v128.load(at, 32)),
        f64x2.add(f64x2.mul(d, v128.load(at, 48)), f64x2.mul(e, v128.load(at, 64))),
      ),
    );
    if (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1) > nearby) return false;
  }
  return true;
}

// How far, in steps, the highest point of a parabola through the score and the two beside is from the score.
function betweenSteps(table: usize, scratch: usize, zone: i32, mirrored: bool, shift: i32): f64 {
  const steps = size(table, Size.Steps), starts = array(table, table, Tables.Starts) + (<usize>zone << 2);
  const image = array(scratch, table, mirrored ? Room.Mirrored : Room.Direct);
  const first = load<i32>(starts), end = load<i32>(starts, 4);
  const before = exactSum(table, first, end, image + (<usize>(shift == 0 ? steps - 1 : shift - 1) << 2));
  const at = exactSum(table, first, end, image + (<usize>shift << 2));
  const after = exactSum(table, first, end, image + (<usize>(shift == steps - 1 ? 0 : shift + 1) << 2));
  return betweenSums(before, at, after);
}

/** How far the highest point of a parabola through three neighbouring sums is from the middle one, in steps. */
export function betweenSums(before: f64, at: f64, after: f64): f64 {
  const bend = 4 * at - 2 * before - 2 * after;
  return bend > 0 ? max(-0.5, min(0.5, (after - before) / bend)) : 0;
}

/** A turn about the beam by a part of a step. */
export function turnInPlane(matrix: usize, part: f64, steps: i32): void {
  const x = part * 6.283185307179586 / <f64>steps, x2 = x * x;
  // At 16 steps, the fewest, x is below 0.2, and what is left out below 1e-15.
  const c = 1 - x2 / 2 * (1 - x2 / 12 * (1 - x2 / 30 * (1 - x2 / 56 * (1 - x2 / 90))));
  const s = x * (1 - x2 / 6 * (1 - x2 / 20 * (1 - x2 / 42 * (1 - x2 / 72))));
  turnAbout(matrix, 2, c, s, matrix);
}
