// The lattice of a pattern whose counts are too few for its disks to be found one by one. Which disks there are, where and how
// bright, its cluster's average tells; what is looked for is the affine map that the pattern adds to that of the average. Its
// logarithmic likelihood under Poisson noise is a sum over disks of maps over their displacement, and what is given is the
// mean of the posterior over six unknowns, with even priors, by importance sampling at points that are the same for all
// patterns. At low counts the likelihood has several maxima, so neither the highest nor the nearest would do.

import { COVARIANCE, DISK, DRAWN, HALF, MEAN, N, ROW, sample, SIDE, started } from "./posterior";

/** Float32 of a pattern's result: see `lattices`. */
const RESULT: usize = 48;

// For each of `count` patterns the mean displacement (row, column) = D w + o of its disks from where the average has them, w
// being their places from the beam there. probes: for each pattern its cluster, int32, -1 for none, and where its beam is,
// float32 row and column. clusters: int32, where the disks of each begin, and their end. stamps: logarithms of 1 + contrast
// times a disk, by classes of contrast, then a plain disk: float32 [class][2 span + 1][2 span + 1 + 2 ROW] in quarters of a
// pixel, zeros at both ends of each row. normals: float64 [samples][8], six normal numbers, half their sum of squares, nothing.
// seen: uint8 (rows, columns), 0 where a pixel shows nothing. perCount: electrons of a count.
// out, float32 for each pattern: D11, D12, o1, D21, D22, o2, variances of D11, D12, D21, D22, samples that count, disks; all 0
// where there is no result. room: 1008 + 56 samples + disks x (4 SIDE ROW + 16) bytes.
function fit<T>(
  patterns: usize, count: i32, rows: i32, columns: i32, probes: usize, clusters: usize, disks: usize, stamps: usize,
  classes: i32, span: i32, normals: usize, samples: i32, seen: usize, perCount: f32, out: usize, room: usize,
): void {
  const bytes = <usize>(rows * columns) * sizeof<T>();
  const maps = room + DRAWN + <usize>samples * 56;
  for (let index = 0; index < count; index++) {
    const probe = probes + <usize>index * 12, result = out + <usize>index * RESULT, cluster = load<i32>(probe);
    memory.fill(result, 0, RESULT);
    if (cluster < 0) continue;
    const first = load<i32>(clusters + (<usize>cluster << 2)), end = load<i32>(clusters + (<usize>cluster << 2), 4);
    if (first == end) continue;
    const list = disks + <usize>first * DISK, number = end - first;
    const places = maps + <usize>number * <usize>(4 * SIDE * ROW);
    const beamRow = load<f32>(probe, 4), beamColumn = load<f32>(probe, 8), pattern = patterns + <usize>index * bytes;
    for (let disk = 0; disk < number; disk++) {
      const at = list + <usize>disk * DISK, map = maps + <usize>disk * <usize>(4 * SIDE * ROW);
      const row: f32 = <f32>4 * (beamRow + load<f32>(at)), column: f32 = <f32>4 * (beamColumn + load<f32>(at, 4));
      const middleRow = <i32>Mathf.floor(row + <f32>0.5), middleColumn = <i32>Mathf.floor(column + <f32>0.5);
      // In steps of the maps, whose middle is not quite where the disk is expected.
      store<f32>(places + (<usize>disk << 4), <f32>4 * load<f32>(at));
      store<f32>(places + (<usize>disk << 4), <f32>4 * load<f32>(at, 4), 4);
      store<f32>(places + (<usize>disk << 4), row - <f32>middleRow + <f32>HALF, 8);
      store<f32>(places + (<usize>disk << 4), column - <f32>middleColumn + <f32>HALF, 12);
      likelihoods<T>(
        pattern, rows, columns, middleRow, middleColumn, at, stamps, classes, span, seen, perCount, map,
      );
    }
    if (!started(list, number, room)) continue;
    const effective = sample(number, maps, places, normals, samples, room);
    if (!(effective > 0)) continue;
    for (let i: usize = 0; i < N; i++) store<f32>(result + (i << 2), <f32>load<f64>(room + MEAN + (i << 3)));
    store<f32>(result, <f32>load<f64>(room + COVARIANCE), 24);
    store<f32>(result, <f32>load<f64>(room + COVARIANCE, 7 << 3), 28);
    store<f32>(result, <f32>load<f64>(room + COVARIANCE, 21 << 3), 32);
    store<f32>(result, <f32>load<f64>(room + COVARIANCE, 28 << 3), 36);
    store<f32>(result, <f32>effective, 40);
    store<f32>(result, <f32>number, 44);
  }
}

/** Lattices of 8-bit patterns. */
export function latticesU8(
  patterns: usize, count: i32, rows: i32, columns: i32, probes: usize, clusters: usize, disks: usize, stamps: usize,
  classes: i32, span: i32, normals: usize, samples: i32, seen: usize, perCount: f32, out: usize, room: usize,
): void {
  fit<u8>(
    patterns, count, rows, columns, probes, clusters, disks, stamps, classes, span, normals, samples, seen, perCount, out, room,
  );
}

/** Lattices of 16-bit patterns. */
export function latticesU16(
  patterns: usize, count: i32, rows: i32, columns: i32, probes: usize, clusters: usize, disks: usize, stamps: usize,
  classes: i32, span: i32, normals: usize, samples: i32, seen: usize, perCount: f32, out: usize, room: usize,
): void {
  fit<u16>(
    patterns, count, rows, columns, probes, clusters, disks, stamps, classes, span, normals, samples, seen, perCount, out, room,
  );
}

/** Lattices of float32 patterns. */
export function latticesF32(
  patterns: usize, count: i32, rows: i32, columns: i32, probes: usize, clusters: usize, disks: usize, stamps: usize,
  classes: i32, span: i32, normals: usize, samples: i32, seen: usize, perCount: f32, out: usize, room: usize,
): void {
  fit<f32>(
    patterns, count, rows, columns, probes, clusters, disks, stamps, classes, span, normals, samples, seen, perCount, out, room,
  );
}

// The map of one disk: sum over counted electrons of log(1 + contrast disk), and over pixels that show nothing of what the disk
// would have there, because what is expected elsewhere is less by that.
function likelihoods<T>(
  pattern: usize, rows: i32, columns: i32, middleRow: i32, middleColumn: i32, disk: usize, stamps: usize, classes: i32, span: i32,
  seen: usize, perCount: f32, map: usize,
): void {
  memory.fill(map, 0, 4 * SIDE * ROW);
  const stride = 2 * span + 1 + 2 * ROW, reach = span + HALF, size = <usize>((2 * span + 1) * stride) << 2;
  const stamp = stamps + <usize>load<f32>(disk, 16) * size, plain = stamps + <usize>classes * size, height = load<f32>(disk, 12);
  const top = ceiled(middleRow - reach), bottom = floored(middleRow + reach);
  const left = ceiled(middleColumn - reach), right = floored(middleColumn + reach);
  for (let r = top; r <= bottom; r++) {
    const down = 4 * r - middleRow;
    if (r < 0 || r >= rows) {
      for (let c = left; c <= right; c++) add(plain, stride, span, down, 4 * c - middleColumn, height, map);
      continue;
    }
    const line = pattern + <usize>(r * columns) * sizeof<T>(), known = seen + <usize>(r * columns);
    for (let c = left; c <= right; c++) {
      const across = 4 * c - middleColumn;
      if (c < 0 || c >= columns || !load<u8>(known + <usize>c)) {
        add(plain, stride, span, down, across, height, map);
        continue;
      }
      const value = <f32>load<T>(line + <usize>c * sizeof<T>());
      if (value > 0) add(stamp, stride, span, down, across, value * perCount, map);
    }
  }
}

/** The whole part of a quarter, upwards and downwards; of numbers below 0 as well. */
// @ts-ignore: decorator
@inline
function ceiled(quarters: i32): i32 {
  return (quarters + 3) >> 2;
}

// @ts-ignore: decorator
@inline
function floored(quarters: i32): i32 {
  return quarters >> 2;
}

// Adds to a map what an electron (down, across) quarters of a pixel from the middle says of each displacement.
// @ts-ignore: decorator
@inline
function add(stamp: usize, stride: i32, span: i32, down: i32, across: i32, weight: f32, map: usize): void {
  const from = max(0, down + HALF - span), to = min(SIDE - 1, down + HALF + span), times = f32x4.splat(weight);
  let source = stamp + <usize>((from - HALF - down + span) * stride + ROW - HALF - across + span << 2);
  let target = map + <usize>(from * ROW << 2);
  for (let i = from; i <= to; i++) {
    for (let o: usize = 0; o < 4 * ROW; o += 16) {
      v128.store(target + o, f32x4.add(v128.load(target + o), f32x4.mul(times, v128.load(source + o))));
    }
    source += <usize>stride << 2;
    target += 4 * ROW;
  }
}
