// The peaks of one pattern by shell of |g| and angle in the plane, as the correlation with zones takes them.

import { exponential } from "./gaussian";
import { array, Constant, constant, Room, Size, size, Tables, Whole } from "./layout";

/** Gaussians are cut off at so many kernels along the shells. */
const REACH: f64 = 4;

/**
 * The image of `polarSums` as float32 and as whole numbers, direct and mirrored. Tells whether there is anything.
 */
export function polarImage(table: usize, scratch: usize, count: i32): bool {
  return polarSums(table, scratch, count) && copies(table, scratch);
}

/**
 * E[shell, angle] = sum over peaks within `kernel` of the shell of weight x exp(-distance^2 / (2 kernel^2)), where the
 * distance is that across the shell and along it; float64, in `Sums`. Along a shell neighbouring values differ by factors
 * that differ by a factor. Tells whether any peak is near a shell.
 */
export function polarSums(table: usize, scratch: usize, count: i32): bool {
  const steps = size(table, Size.Steps), shells = size(table, Size.Shells);
  const sums = array(scratch, table, Room.Sums), radii = array(table, table, Tables.Radii);
  const kernel = constant(table, Constant.Kernel), step = 6.283185307179586 / <f64>steps;
  const narrow = 1 / (2 * kernel * kernel);
  memory.fill(sums, 0, <usize>(shells * steps) << 3);
  let any = false;
  for (let p = 0; p < count; p++) {
    const peak = array(scratch, table, Room.Peaks) + (<usize>p << 5);
    const row = load<f64>(peak), column = load<f64>(peak, 8), height = load<f64>(peak, 16);
    if (!(height > 0)) continue;
    const length = sqrt(row * row + column * column), angle = load<f64>(peak, 24) / step;
    const middle = nearest(angle), off = middle - angle;
    for (let shell = 0; shell < shells; shell++) {
      const radius = load<f64>(radii + (<usize>shell << 3)), across = length - radius;
      if (abs(across) >= kernel) continue;
      const arc = radius * step;
      const half = min(steps / 2, <i32>min(ceil(REACH * kernel / arc), 1e6));
      const at = sums + (<usize>(shell * steps) << 3);
      any = true;
      const highest = height * exponential(-narrow * (across * across + arc * arc * off * off));
      // exp(-n arc^2 (off + k)^2) from k to k + 1: times exp(-n arc^2 (2 off + 1)) exp(-2 n arc^2)^k.
      const bend = exponential(-2 * narrow * arc * arc);
      add(at, <i32>middle, steps, highest);
      // On a whole turn the two ends are the same angle, which counts once.
      slope(at, <i32>middle, 1, 2 * half >= steps ? half - 1 : half, steps, highest, bend,
        exponential(-narrow * arc * arc * (1 + 2 * off)));
      slope(at, <i32>middle, -1, half, steps, highest, bend, exponential(-narrow * arc * arc * (1 - 2 * off)));
    }
  }
  return any;
}

// One side of a Gaussian.
function slope(
  row: usize, middle: i32, direction: i32, count: i32, steps: i32, highest: f64, bend: f64, first: f64,
): void {
  let value = highest, factor = first;
  for (let k = 1; k <= count; k++) {
    value *= factor;
    factor *= bend;
    add(row, middle + direction * k, steps, value);
  }
}

// Angles are at most one turn off.
// @ts-ignore: decorator
@inline
function add(row: usize, angle: i32, steps: i32, value: f64): void {
  const bin = angle < 0 ? angle + steps : angle >= steps ? angle - steps : angle;
  const at = row + (<usize>bin << 3);
  store<f64>(at, load<f64>(at) + value);
}

// The image in the forms that correlation takes.
function copies(table: usize, scratch: usize): bool {
  const steps = size(table, Size.Steps), shells = size(table, Size.Shells), total = shells * steps;
  const sums = array(scratch, table, Room.Sums);
  let largest: f64 = 0;
  for (let i = 0; i < total; i++) largest = max(largest, load<f64>(sums + (<usize>i << 3)));
  if (!(largest > 0)) return false;
  const scale = <f64>size(table, Whole.Top) / largest;
  for (let shell = 0; shell < shells; shell++) {
    const from = sums + (<usize>(shell * steps) << 3), to = <usize>(2 * shell * steps) << 2;
    double(from, steps, scale, false, array(scratch, table, Room.Direct) + to, array(scratch, table, Room.DirectPairs) + to);
    double(from, steps, scale, true, array(scratch, table, Room.Mirrored) + to,
      array(scratch, table, Room.MirroredPairs) + to);
  }
  return true;
}

// A shell twice in a row; mirrored, its angles run backwards.
// @ts-ignore: decorator
@inline
function double(from: usize, steps: i32, scale: f64, mirrored: bool, floats: usize, pairs: usize): void {
  let next = <i32>nearest(load<f64>(from) * scale);
  for (let angle = steps - 1; angle >= 0; angle--) {
    const bin = mirrored && angle > 0 ? steps - angle : angle;
    const value = load<f64>(from + (<usize>bin << 3)), whole = <i32>nearest(value * scale);
    const at = <usize>angle << 2, again = <usize>(angle + steps) << 2;
    store<f32>(floats + at, <f32>value);
    store<f32>(floats + again, <f32>value);
    const pair = whole | (next << 16);
    store<i32>(pairs + at, pair);
    store<i32>(pairs + again, pair);
    next = whole;
  }
}
