// Masks of detector pixels and of probes (library/passes/detector/detector_mask.ts, library/cluster/triangle.ts).

import { openToRead } from "./folders";
import { take } from "./memory";
import { axes, bigEndian, damaged, lengthOf, numberBytes, numbers, readHeader } from "./npy";
import * as options from "./options";
import { columns, height, pixels, rows, width } from "./scan";
import { fd_close, readAll } from "./system";
import { complain, fail, say } from "./text";

/** Math.hypot of two numbers as V8 has it: its last bit decides which pixels lie on a circle. */
function hypotenuse(x: f64, y: f64): f64 {
  x = abs(x);
  y = abs(y);
  const largest = max(x, y);
  if (largest == 0) return 0;
  x /= largest;
  y /= largest;
  return sqrt(x * x + y * y) * largest;
}

/** A byte for each detector pixel, 1 where it is compared; 0 where all are. */
export function detectorPixels(): usize {
  if (options.detectorMask == options.EVERYTHING) return 0;
  const keep = take(pixels);
  if (options.detectorMask == options.FROM_FILE) {
    readMask(options.detectorFile, options.detectorFileLength, height, width, keep);
  } else drawMask(keep);
  for (let i = 0; i < pixels; i++) if (load<u8>(keep + i)) return keep;
  complain();
  say("the q mask leaves no detector pixel\n  change --q-mask or --q-center");
  fail(2);
  return 0;
}

function drawMask(keep: usize): void {
  const given = options.centerRow == options.centerRow;
  const row = given ? options.centerRow : <f64>(height - 1) / 2, column = given ? options.centerColumn : <f64>(width - 1) / 2;
  if (row > height - 1 || column > width - 1) {
    complain();
    say("--q-center is outside the detector");
    fail(2);
  }
  for (let y = 0, i = keep; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const radius = hypotenuse(y - row, x - column);
      let inside = radius <= options.outerRadius;
      if (options.detectorMask == options.OUTSIDE) inside = !inside;
      if (options.detectorMask == options.ANNULUS) inside = inside && options.innerRadius <= radius;
      store<u8>(i, inside ? 1 : 0);
    }
  }
}

/** Probes that may be clustered whatever their patterns hold: those of a file, or all. */
export function probesOfFile(mask: usize): void {
  if (options.probeMask == options.FROM_FILE) readMask(options.maskFile, options.maskFileLength, rows, columns, mask);
  else memory.fill(mask, 1, <usize>rows * <usize>columns);
}

/** 1 where a two-dimensional array is not zero. */
function readMask(path: usize, length: usize, height: i32, width: i32, keep: usize): void {
  const file = openToRead(path, length);
  readHeader(file, path, length);
  if (axes != 2 || lengthOf(0) != height || lengthOf(1) != width) damaged("is a mask of another shape than is needed", path, length);
  const count = <usize>height * <usize>width, bytes = numberBytes(), values = take(<u64>count * bytes);
  if (readAll(file, values, count * bytes) < count * bytes) damaged("ends early", path, length);
  fd_close(file);
  for (let i: usize = 0; i < count; i++) store<u8>(keep + i, isSet(values + i * bytes, bytes, path, length) ? 1 : 0);
}

/** Whether a number is not zero; the run fails where it is none. */
function isSet(at: usize, bytes: usize, path: usize, length: usize): bool {
  let bits: u64 = 0;
  for (let i: usize = 0; i < bytes; i++) bits = bits << 8 | <u64>load<u8>(at + (bigEndian ? i : bytes - 1 - i));
  if (numbers != 6 && numbers != 7 && numbers != 9) return bits != 0;
  // Floats without their sign: zero, and what lies beyond infinity, which is NaN.
  const unsigned = bits & (~(<u64>0) >> (65 - 8 * bytes));
  const infinite: u64 = bytes == 2 ? 0x7c00 : bytes == 4 ? 0x7f800000 : 0x7ff0000000000000;
  if (unsigned > infinite) damaged("holds NaN, which is neither inside nor outside", path, length);
  return unsigned != 0;
}

const BINS = 256;

/** The number that a triangle mask compares the mean similarity with. */
export function triangleThreshold(values: usize, count: i32): f64 {
  let low: f64 = Infinity, high: f64 = -Infinity;
  for (let i = 0; i < count; i++) {
    const value = <f64>load<f32>(values + (<usize>i << 2));
    low = min(low, value);
    high = max(high, value);
  }
  if (!(high > low)) return low;
  const edges = take(8 * (BINS + 1)), histogram = take(8 * BINS);
  for (let i = 0; i < BINS; i++) store<f64>(edges + (<usize>i << 3), low + i * ((high - low) / BINS));
  store<f64>(edges + (BINS << 3), high);
  for (let i = 0; i < count; i++) {
    const at = histogram + (<usize>binOf(<f64>load<f32>(values + (<usize>i << 2)), edges) << 3);
    store<f64>(at, load<f64>(at) + 1);
  }
  const level = edges + (<usize>triangleLevel(histogram) << 3);
  return (load<f64>(level) + load<f64>(level, 8)) / 2;
}

function binOf(value: f64, edges: usize): i32 {
  const low = load<f64>(edges), high = load<f64>(edges, BINS << 3);
  const bin = min(BINS - 1, <i32>floor((value - low) * (BINS / (high - low)))), at = edges + (<usize>bin << 3);
  // The product can land on the wrong side of an edge by a rounding error.
  if (value < load<f64>(at)) return bin - 1;
  return bin < BINS - 1 && value >= load<f64>(at, 8) ? bin + 1 : bin;
}

/** The bin that lies farthest below the line from the peak to the far end of the longer slope. */
function triangleLevel(histogram: usize): i32 {
  let peak = 0, first = -1, last = 0;
  for (let i = 0; i < BINS; i++) {
    const found = load<f64>(histogram + (<usize>i << 3));
    if (found > load<f64>(histogram + (<usize>peak << 3))) peak = i;
    if (found == 0) continue;
    if (first < 0) first = i;
    last = i;
  }
  const rising = peak - first >= last - peak, far = rising ? first : last, step = rising ? 1 : -1;
  const slope = abs(peak - far), tall = load<f64>(histogram + (<usize>peak << 3)), norm = hypotenuse(tall, slope);
  let level = far, farthest: f64 = -Infinity;
  for (let i = 0; i < slope; i++) {
    const distance = tall / norm * i - slope / norm * load<f64>(histogram + (<usize>(far + step * i) << 3));
    if (distance > farthest) {
      farthest = distance;
      level = far + step * i;
    }
  }
  return level;
}
