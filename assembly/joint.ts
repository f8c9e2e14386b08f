// The lattice of a pattern from all disks that its cluster's average shows at once, where there are electrons enough for the
// likelihood to have one maximum within reach: Fisher's scores from there. Each disk has a height, a background and its slopes
// of its own in every pattern, which are eliminated; what is left tells how far it lies from where the lattice has it, and how
// well that is known. No peak is looked for, so faint disks, and those that the edge or masked pixels cut, count as well.

import { gatherDisk, N, RIGHT, solveDisk } from "./equations";
import {
  ACROSS, DISK, DOWN, EXPECTED, GROUND, HEAD, HEIGHT, improve, INFORMATION, INVERSE, judge, LEAST_FLOOR, MAP, OFF, SLOT, SUMS, VISIBLE,
  WEIGHT,
} from "./steps";

/** Bytes of a pattern's result: see `fit`. */
const RESULT: usize = 48;
/** Rounds with edges as soft as the disks are wide, so that places may be off by that, and with their own. */
const SOFT_ROUNDS = 2, ROUNDS = 6;
/** Where a result says what lies beside it. */
const BESIDE: usize = 40;
/** Mark of patterns whose peaks are wanted unless their lattice is settled; those that are wanted in any case have 2. */
const OPEN: u8 = 1;
/** A disk is seen with so many standard errors of its height. */
const SEEN: f64 = 3;

// For each of `count` patterns the displacement (row, column) = D w + o of its disks from where the average has them, w being
// their places from the beam there. probes: for each pattern its cluster, int32, -1 for none, and where its beam is expected,
// float32 row and column. clusters: int32, where the disks of each begin, and their end. seen: uint8 (rows, columns), 0 where a
// pixel shows nothing. radius and edge of disks in pixels; perCount: electrons of a count. out, float32 for each pattern: D11,
// D12, o1, D21, D22, o2, variances of D11, D12, D21, D22, the variance of places in pixels^2 beside that of counting, and disks
// that are seen; all 0 where there is no result. room: HEAD + SLOT for each disk of a cluster.
function fit<T>(
  patterns: usize, count: i32, rows: i32, columns: i32, probes: usize, clusters: usize, disks: usize, radius: f32, width: f32,
  seen: usize, perCount: f32, out: usize, room: usize,
): void {
  const bytes = <usize>(rows * columns) * sizeof<T>(), slots = room + HEAD;
  for (let index = 0; index < count; index++) {
    const probe = probes + <usize>index * 12, result = out + <usize>index * RESULT, cluster = load<i32>(probe);
    memory.fill(result, 0, RESULT);
    if (cluster < 0) continue;
    const first = load<i32>(clusters + (<usize>cluster << 2)), end = load<i32>(clusters + (<usize>cluster << 2), 4);
    const list = disks + <usize>first * DISK, number = end - first;
    if (number < 3) continue;
    const beamRow = <f64>load<f32>(probe, 4), beamColumn = <f64>load<f32>(probe, 8);
    begin(list, number, room, slots, perCount);
    let floor = LEAST_FLOOR, found = true;
    for (let round = 0; round < ROUNDS && found; round++) {
      const soft = round < SOFT_ROUNDS ? max<f32>(width, radius) : width;
      measure<T>(
        patterns + <usize>index * bytes, rows, columns, beamRow, beamColumn, list, number, radius, soft, seen, perCount, room, slots,
      );
      found = improve(list, number, floor, radius, room, slots);
      if (found && round >= SOFT_ROUNDS) floor = judge(list, number, room, slots);
    }
    if (!found) continue;
    let visible = 0;
    for (let disk = 0; disk < number; disk++) visible += load<f64>(slots + <usize>disk * SLOT, VISIBLE) > 0 ? 1 : 0;
    for (let i: usize = 0; i < 6; i++) store<f32>(result + (i << 2), <f32>load<f64>(room + MAP + (i << 3)));
    store<f32>(result, <f32>load<f64>(room + INVERSE), 24);
    store<f32>(result, <f32>load<f64>(room + INVERSE, 24), 28);
    store<f32>(result, <f32>load<f64>(room + INVERSE, 48), 32);
    store<f32>(result, <f32>load<f64>(room + INVERSE, 72), 36);
    store<f32>(result, <f32>floor, 40);
    store<f32>(result, <f32>visible, 44);
  }
}

/** Lattices of 8-bit patterns. */
export function jointLatticesU8(
  patterns: usize, count: i32, rows: i32, columns: i32, probes: usize, clusters: usize, disks: usize, radius: f32, width: f32,
  seen: usize, perCount: f32, out: usize, room: usize,
): void {
  fit<u8>(patterns, count, rows, columns, probes, clusters, disks, radius, width, seen, perCount, out, room);
}

/** Lattices of 16-bit patterns. */
export function jointLatticesU16(
  patterns: usize, count: i32, rows: i32, columns: i32, probes: usize, clusters: usize, disks: usize, radius: f32, width: f32,
  seen: usize, perCount: f32, out: usize, room: usize,
): void {
  fit<u16>(patterns, count, rows, columns, probes, clusters, disks, radius, width, seen, perCount, out, room);
}

/** Lattices of float32 patterns. */
export function jointLatticesF32(
  patterns: usize, count: i32, rows: i32, columns: i32, probes: usize, clusters: usize, disks: usize, radius: f32, width: f32,
  seen: usize, perCount: f32, out: usize, room: usize,
): void {
  fit<f32>(patterns, count, rows, columns, probes, clusters, disks, radius, width, seen, perCount, out, room);
}

// Takes settled ones of `count` patterns out of those that are open. lattices: see `fit`, and that of assembly/lattices.ts. One
// is settled where its number at byte `place` is at least `least`, and that of what lies beside it at most `most`. wanted: uint8 for
// each pattern, written here.
export function settleLattices(lattices: usize, count: i32, place: i32, least: f64, most: f64, wanted: usize): void {
  for (let index = 0; index < count; index++) {
    const lattice = lattices + <usize>index * RESULT, mark = wanted + <usize>index;
    if (load<u8>(mark) != OPEN) continue;
    const settled = <f64>load<f32>(lattice + <usize>place) >= least && <f64>load<f32>(lattice, BESIDE) <= most;
    if (settled) store<u8>(mark, 0);
  }
}

// No displacement, and disks as the average has them, in counts.
function begin(list: usize, number: i32, room: usize, slots: usize, perCount: f32): void {
  memory.fill(room, 0, HEAD + <usize>number * SLOT);
  for (let disk = 0; disk < number; disk++) {
    const at = list + <usize>disk * DISK, slot = slots + <usize>disk * SLOT;
    const height = <f64>(load<f32>(at, 12) / perCount);
    store<f64>(slot, height, HEIGHT);
    store<f64>(slot, height, EXPECTED);
    store<f64>(slot, <f64>(load<f32>(at, 16) / perCount), GROUND);
    store<f64>(slot, 1, WEIGHT);
  }
}

// Heights, backgrounds and slopes of all disks where the lattice has them, how far each lies off, and how well that is known.
function measure<T>(
  pattern: usize, rows: i32, columns: i32, beamRow: f64, beamColumn: f64, list: usize, number: i32, radius: f32, width: f32,
  seen: usize, perCount: f32, room: usize, slots: usize,
): void {
  const sums = room + SUMS;
  for (let disk = 0; disk < number; disk++) {
    const at = list + <usize>disk * DISK, slot = slots + <usize>disk * SLOT;
    const down = <f64>load<f32>(at), across = <f64>load<f32>(at, 4);
    const row = beamRow + down + load<f64>(room, MAP) * down + load<f64>(room, MAP + 8) * across + load<f64>(room, MAP + 16);
    const column = beamColumn + across + load<f64>(room, MAP + 24) * down + load<f64>(room, MAP + 32) * across +
      load<f64>(room, MAP + 40);
    const height = load<f64>(slot, HEIGHT), expected = load<f64>(slot, EXPECTED);
    store<f64>(slot, 0, INFORMATION);
    store<f64>(slot, 0, INFORMATION + 8);
    store<f64>(slot, 0, VISIBLE);
    gatherDisk<T>(
      pattern, rows, columns, <f32>row, <f32>column, <f32>height, <f32>load<f64>(slot, GROUND), <f32>load<f64>(slot, DOWN),
      <f32>load<f64>(slot, ACROSS), radius, width, seen, perCount, sums,
    );
    const lit = load<f64>(sums, N << 3), known = load<f64>(sums) - lit * lit / load<f64>(sums, (N + 1) << 3);
    // Heights change with the tilt, but a disk that is not seen is not brighter than the average's.
    const prior = 1 / (expected * expected);
    store<f64>(sums, load<f64>(sums) + prior);
    store<f64>(sums, load<f64>(sums, RIGHT) + prior * (expected - height), RIGHT);
    if (!solveDisk(sums)) continue;
    const found = height + load<f64>(sums, RIGHT), tall = max(0.05 * expected, found);
    store<f64>(slot, tall, HEIGHT);
    store<f64>(slot, max<f64>(0, load<f64>(slot, GROUND) + load<f64>(sums, RIGHT + 8)), GROUND);
    store<f64>(slot, load<f64>(slot, DOWN) + load<f64>(sums, RIGHT + 16), DOWN);
    store<f64>(slot, load<f64>(slot, ACROSS) + load<f64>(sums, RIGHT + 24), ACROSS);
    // What is left of the equations for the place: pivots, and coefficients of the disk's slope.
    const alongRows = load<f64>(sums, (4 * N + 4) << 3), alongColumns = load<f64>(sums, (5 * N + 5) << 3);
    store<f64>(slot, tall * tall * alongRows, INFORMATION);
    store<f64>(slot, tall * tall * alongColumns, INFORMATION + 8);
    store<f64>(slot, load<f64>(sums, RIGHT + 32) / tall, OFF);
    store<f64>(slot, load<f64>(sums, RIGHT + 40) / tall, OFF + 8);
    store<f64>(slot, found > 0 && found * found * known > SEEN * SEEN ? 1 : 0, VISIBLE);
  }
}
