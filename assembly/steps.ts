// Steps of a lattice to where its disks are: weighted least squares of how far they lie off, with weights by how well that is
// known, by what disks lie off beside that, and less for those that lie much further off than others.

/** Float32 of a disk in the tables: place from the beam (2), information, counts per pixel, background. */
export const DISK: usize = 20;
/** Elements of the map, and offsets in pixels, are within this; nothing moves further in a round than this part of the radius. */
const MOST: f64 = 0.05, FARTHEST: f64 = 3, LONGEST: f64 = 0.5;
/** Variance in pixels^2 that places have beside that of counting, at least: disks are not quite like the model. */
export const LEAST_FLOOR: f64 = 1e-5;
const MOST_FLOOR: f64 = 0.25;
/** Squares of distances over their variance: median that is too large, and where disks begin not to count. */
const TOO_FAR: f64 = 2, ROBUST: f64 = 12;

// What is known of a disk, float64 one after another: height, background, slopes; then information of its place (2), how far it
// lies off (2), weight, and whether it is seen; then its expected height.
export const SLOT: usize = 96;
export const HEIGHT: usize = 0, GROUND: usize = 8, DOWN: usize = 16, ACROSS: usize = 24;
export const INFORMATION: usize = 32, OFF: usize = 48, WEIGHT: usize = 64, VISIBLE: usize = 72, EXPECTED: usize = 80, ORDER: usize = 88;
// Room before the slots: the map (6), moments and their inverses for both axes (6 each), the last step (6), sums of a disk.
export const MAP: usize = 0, MOMENTS: usize = 48, INVERSE: usize = 144, STEP: usize = 240, SUMS: usize = 288, HEAD: usize = 640;

// Moves the lattice to where the disks are by weighted least squares; false where they leave something open, or lead too far.
export function improve(list: usize, number: i32, floor: f64, radius: f32, room: usize, slots: usize): bool {
  const longest = LONGEST * <f64>radius;
  memory.fill(room + MOMENTS, 0, INVERSE - MOMENTS);
  let right0: f64 = 0, right1: f64 = 0, right2: f64 = 0, right3: f64 = 0, right4: f64 = 0, right5: f64 = 0;
  for (let disk = 0; disk < number; disk++) {
    const at = list + <usize>disk * DISK, slot = slots + <usize>disk * SLOT;
    const down = <f64>load<f32>(at), across = <f64>load<f32>(at, 4);
    for (let axis: usize = 0; axis < 2; axis++) {
      const information = load<f64>(slot + (axis << 3), INFORMATION);
      if (!(information > 0)) continue;
      const weight = load<f64>(slot, WEIGHT) / (1 / information + floor), moments = room + MOMENTS + axis * 48;
      add(moments, 0, weight * down * down);
      add(moments, 8, weight * down * across);
      add(moments, 16, weight * down);
      add(moments, 24, weight * across * across);
      add(moments, 32, weight * across);
      add(moments, 40, weight);
      const off = weight * min(longest, max(-longest, load<f64>(slot + (axis << 3), OFF)));
      if (axis == 0) {
        right0 += off * down;
        right1 += off * across;
        right2 += off;
      } else {
        right3 += off * down;
        right4 += off * across;
        right5 += off;
      }
    }
  }
  if (!invert(room + MOMENTS, room + INVERSE) || !invert(room + MOMENTS + 48, room + INVERSE + 48)) return false;
  move(room + INVERSE, room + STEP, right0, right1, right2);
  move(room + INVERSE + 48, room + STEP + 24, right3, right4, right5);
  for (let i: usize = 0; i < 48; i += 8) {
    add(room, MAP + i, load<f64>(room + STEP + i));
    const value = load<f64>(room + MAP + i), most = i == 16 || i == 40 ? FARTHEST : MOST;
    if (!(Math.abs(value) <= most)) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function add(address: usize, offset: usize, value: f64): void {
  store<f64>(address + offset, load<f64>(address + offset) + value);
}

// The inverse of a symmetric matrix (m0 m1 m2; m1 m3 m4; m2 m4 m5): diagonal of the first two at 0 and 24, all in the order
// 00, 01, 02, 11, 12, 22 with 11 at 24.
function invert(m: usize, into: usize): bool {
  const a = load<f64>(m), b = load<f64>(m, 8), c = load<f64>(m, 16), d = load<f64>(m, 24), e = load<f64>(m, 32);
  const f = load<f64>(m, 40), cofactor = d * f - e * e;
  const determinant = a * cofactor - b * (b * f - c * e) + c * (b * e - c * d);
  if (!(determinant > 1e-6 * a * d * f)) return false;
  store<f64>(into, cofactor / determinant);
  store<f64>(into, (c * e - b * f) / determinant, 8);
  store<f64>(into, (b * e - c * d) / determinant, 16);
  store<f64>(into, (a * f - c * c) / determinant, 24);
  store<f64>(into, (b * c - a * e) / determinant, 32);
  store<f64>(into, (a * d - b * b) / determinant, 40);
  return true;
}

function move(inverse: usize, step: usize, x: f64, y: f64, z: f64): void {
  const b = load<f64>(inverse, 8), c = load<f64>(inverse, 16), e = load<f64>(inverse, 32);
  store<f64>(step, load<f64>(inverse) * x + b * y + c * z);
  store<f64>(step, b * x + load<f64>(inverse, 24) * y + e * z, 8);
  store<f64>(step, c * x + e * y + load<f64>(inverse, 40) * z, 16);
}

// How far disks lie from the lattice: gives the variance that places must have beside that of counting for this, and weighs
// those less that lie much further off than others.
export function judge(list: usize, number: i32, room: usize, slots: usize): f64 {
  let floor = LEAST_FLOOR;
  while (floor < MOST_FLOOR && middle(list, number, floor, room, slots) > TOO_FAR) floor *= 2;
  for (let disk = 0; disk < number; disk++) {
    const slot = slots + <usize>disk * SLOT, ratio = distance(list + <usize>disk * DISK, slot, floor, room) / ROBUST;
    store<f64>(slot, 1 / (1 + ratio * ratio), WEIGHT);
  }
  return floor;
}

// The square of a disk's distance from the lattice over its variance.
function distance(at: usize, slot: usize, floor: f64, room: usize): f64 {
  const down = <f64>load<f32>(at), across = <f64>load<f32>(at, 4);
  let sum: f64 = 0;
  for (let axis: usize = 0; axis < 2; axis++) {
    const information = load<f64>(slot + (axis << 3), INFORMATION), step = room + STEP + axis * 24;
    if (!(information > 0)) continue;
    const off = load<f64>(slot + (axis << 3), OFF) - load<f64>(step) * down - load<f64>(step, 8) * across - load<f64>(step, 16);
    sum += off * off / (1 / information + floor);
  }
  return sum;
}

// The median of these over disks that say something, by insertion.
function middle(list: usize, number: i32, floor: f64, room: usize, slots: usize): f64 {
  let count = 0;
  for (let disk = 0; disk < number; disk++) {
    const slot = slots + <usize>disk * SLOT;
    if (!(load<f64>(slot, INFORMATION) > 0)) continue;
    const value = distance(list + <usize>disk * DISK, slot, floor, room);
    let place = count++;
    for (; place > 0; place--) {
      const before = load<f64>(slots + <usize>(place - 1) * SLOT, ORDER);
      if (before <= value) break;
      store<f64>(slots + <usize>place * SLOT, before, ORDER);
    }
    store<f64>(slots + <usize>place * SLOT, value, ORDER);
  }
  return count > 0 ? load<f64>(slots + <usize>(count >> 1) * SLOT, ORDER) : 0;
}
