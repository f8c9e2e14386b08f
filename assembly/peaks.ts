// Bragg peaks of patterns: correlation with a template, local maxima, and places to a fraction of a pixel (spec of Bragg
// disks, steps 2 to 7).

import { choose, maxima, sortFalling } from "./maxima";
import { blurPlane, widen } from "./planes";
import { correlateTemplate } from "./template";
import { placeUpsampled, vertex } from "./upsampled";

/** Where the taps of the settings begin. */
const TAPS: usize = 36;
/** Ways of placing peaks, from the pixel on: a parabola on the blurred correlogram, on the correlogram, its spectrum. */
const POLY = 1, POLY_RAW = 2, MULTICORR = 3;
/** Steps uphill from a maximum of the blurred correlogram to one of the correlogram itself. */
const MOST_STEPS = 3;

// Finds the peaks of `count` patterns of rows x columns pixels, one after another.
//
// tall = 0: the pattern itself is searched, as correlograms else; the other arguments of the template are those of
// assembly/template.ts. settings: int32 border, taps on one side, most peaks, rank; float32 least height relative to the
// peak of that rank (0: the highest), least height, least distance; int32 way of placing peaks, steps of a pixel for it;
// then taps, the middle one first. waves: see assembly/upsampled.ts.
//
// cover = 0: no pixel is masked. Else float32 (rows, wide) twice: one over the part of the disk, and one over the part of its
// surroundings, that is seen where the template lies there, 0 where too little is; surroundings: the spectrum of what is
// subtracted from the disk. The correlogram then is the mean of the seen part of the disk less that of its surroundings.
//
// wanted: uint8 for each pattern, 0 where nobody asks for its peaks, which then are none; 0 for all of them.
//
// peaks: float32 [count][most](row, column, height), rows and columns of pixel centres; counts: int32 [count].
// room: float32 correlogram and blurred one, rows x wide each; 2 x rows x columns bytes, and 64; to place peaks on a finer
// grid, the spectrum of the correlogram, 8 x half x wide bytes; then the room of the template, that of a row with 2 x 16 more,
// or that of assembly/upsampled.ts, whichever is largest.
function find<T>(
  patterns: usize, count: i32, rows: i32, columns: i32, tall: i32, wide: i32, half: i32, spectrum: usize,
  tallPlan: usize, widePlan: usize, settings: usize, waves: usize, cover: usize, surroundings: usize, wanted: usize,
  peaks: usize, counts: usize, room: usize,
): void {
  const plane = <usize>(rows * wide) << 2, bytes = <usize>(rows * columns) * sizeof<T>();
  const blurred = room + plane, list = blurred + plane;
  const free = (list + (<usize>(rows * columns) << 1) + 127) & ~63;
  const way = load<i32>(settings, 28), keep = way == MULTICORR ? free : 0;
  const rest = keep ? free + (<usize>(half * wide) << 3) : free;
  const border = load<i32>(settings), taps = load<i32>(settings, 4), most = load<i32>(settings, 8);
  const searched = taps > 0 ? blurred : room;
  for (let index = 0; index < count; index++) {
    if (wanted && !load<u8>(wanted + <usize>index)) {
      store<i32>(counts + (<usize>index << 2), 0);
      continue;
    }
    const pattern = patterns + <usize>index * bytes;
    if (tall > 0) {
      if (cover) {
        correlateTemplate<T>(
          pattern, rows, columns, tall, wide, half, surroundings, tallPlan, widePlan, rows, blurred, 0, rest,
        );
      }
      correlateTemplate<T>(
        pattern, rows, columns, tall, wide, half, spectrum, tallPlan, widePlan, rows, room, keep, rest,
      );
      if (cover) weighSeen(room, blurred, cover, plane);
    } else {
      widen<T>(pattern, rows, columns, wide, room);
      if (cover) hideUnseen(room, cover, plane);
    }
    if (taps > 0) blurPlane(room, blurred, rows, columns, wide, taps, settings + TAPS, rest);
    const found = maxima(searched, rows, columns, wide, border, settings, list);
    sortFalling(list, found);
    const out = peaks + <usize>(index * most) * 12;
    const kept = choose(list, found, wide, settings, out);
    store<i32>(counts + (<usize>index << 2), kept);
    for (let peak = 0; peak < kept; peak++) {
      const to = out + <usize>peak * 12;
      placePeak(searched, room, rows, columns, wide, settings, to);
      if (way == MULTICORR && (!cover || isWhole(to, cover, wide, plane))) {
        placeUpsampled(keep, tall, wide, half, load<i32>(settings, 32), waves, to, rest);
      }
    }
  }
}

/** Bragg peaks of 8-bit patterns. */
export function peaksU8(
  patterns: usize, count: i32, rows: i32, columns: i32, tall: i32, wide: i32, half: i32, spectrum: usize,
  tallPlan: usize, widePlan: usize, settings: usize, waves: usize, cover: usize, surroundings: usize, wanted: usize,
  peaks: usize, counts: usize, scratch: usize,
): void {
  find<u8>(
    patterns, count, rows, columns, tall, wide, half, spectrum, tallPlan, widePlan, settings, waves, cover, surroundings,
    wanted, peaks, counts, scratch,
  );
}

/** Bragg peaks of 16-bit patterns. */
export function peaksU16(
  patterns: usize, count: i32, rows: i32, columns: i32, tall: i32, wide: i32, half: i32, spectrum: usize,
  tallPlan: usize, widePlan: usize, settings: usize, waves: usize, cover: usize, surroundings: usize, wanted: usize,
  peaks: usize, counts: usize, scratch: usize,
): void {
  find<u16>(
    patterns, count, rows, columns, tall, wide, half, spectrum, tallPlan, widePlan, settings, waves, cover, surroundings,
    wanted, peaks, counts, scratch,
  );
}

/** Bragg peaks of float32 patterns. */
export function peaksF32(
  patterns: usize, count: i32, rows: i32, columns: i32, tall: i32, wide: i32, half: i32, spectrum: usize,
  tallPlan: usize, widePlan: usize, settings: usize, waves: usize, cover: usize, surroundings: usize, wanted: usize,
  peaks: usize, counts: usize, scratch: usize,
): void {
  find<f32>(
    patterns, count, rows, columns, tall, wide, half, spectrum, tallPlan, widePlan, settings, waves, cover, surroundings,
    wanted, peaks, counts, scratch,
  );
}

// From correlograms with the template and with the surroundings alone to one that goes by what is seen of both.
function weighSeen(correlogram: usize, around: usize, cover: usize, plane: usize): void {
  for (let o: usize = 0; o < plane; o += 16) {
    const ring = v128.load(around + o), disk = f32x4.add(v128.load(correlogram + o), ring);
    const a = v128.load(cover + o), b = v128.load(cover + plane + o);
    v128.store(correlogram + o, f32x4.sub(f32x4.mul(a, disk), f32x4.mul(b, ring)));
  }
}

// Spots that are cut off by masked pixels are none.
function hideUnseen(pattern: usize, cover: usize, plane: usize): void {
  for (let o: usize = 0; o < plane; o += 16) {
    v128.store(pattern + o, f32x4.mul(v128.load(pattern + o), v128.load(cover + o)));
  }
}

/** Whether nothing of the template is masked where a peak lies. */
export function isWhole(peak: usize, cover: usize, wide: i32, plane: usize): bool {
  const row = <i32>Mathf.round(load<f32>(peak)), column = <i32>Mathf.round(load<f32>(peak, 4));
  const at = cover + (<usize>(row * wide + column) << 2);
  return load<f32>(at) == 1 && load<f32>(at + plane) == 1;
}

// Places a peak, which stands at its pixel, to a fraction of a pixel: by the vertices of parabolas along both axes on the
// searched plane, or on the correlogram itself after climbing to its maximum there.
function placePeak(
  searched: usize, correlogram: usize, rows: i32, columns: i32, wide: i32, settings: usize, peak: usize,
): void {
  const way = load<i32>(settings, 28);
  if (way < POLY) return;
  const plane = way == POLY ? searched : correlogram;
  let row = <i32>load<f32>(peak), column = <i32>load<f32>(peak, 4);
  for (let step = 0; way >= POLY_RAW && step < MOST_STEPS; step++) {
    let bestRow = row, bestColumn = column, best = load<f32>(plane + (<usize>(row * wide + column) << 2));
    for (let r = max(1, row - 1); r <= min(rows - 2, row + 1); r++) {
      for (let c = max(1, column - 1); c <= min(columns - 2, column + 1); c++) {
        const value = load<f32>(plane + (<usize>(r * wide + c) << 2));
        if (value <= best) continue;
        best = value;
        bestRow = r;
        bestColumn = c;
      }
    }
    if (bestRow == row && bestColumn == column) break;
    row = bestRow;
    column = bestColumn;
  }
  const at = plane + (<usize>(row * wide + column) << 2), stride = <usize>wide << 2;
  const middle = load<f32>(at);
  store<f32>(peak, <f32>row + vertex(load<f32>(at - stride), middle, load<f32>(at + stride)));
  store<f32>(peak, <f32>column + vertex(load<f32>(at - 4), middle, load<f32>(at + 4)), 4);
}
