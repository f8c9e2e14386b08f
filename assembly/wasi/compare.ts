// Similarities of neighbours, row by row as the patterns come in (library/passes/similarity, spec stage 3).

import { maximaF32, maximaU16, zeroUnfiniteF32 } from "../checks";
import { lessMeans, meansU16, meansU8 } from "../centred";
import { featuresF32, featuresU16, featuresU8, maskPatterns } from "../features";
import { similarityF32, similarityKnownU16, similarityU8 } from "../similarity";
import { take } from "./memory";
import * as options from "./options";
import { columns, F32, height, patternBytes, pixels, readPatterns, rows, U16, U8, width, working } from "./scan";
import { complain, fail, flush, say, sayNumber } from "./text";

/** Address of all patterns where they are kept, 0 where two rows at a time are. */
export let kept: usize = 0;
/** Address of the rows of patterns. */
export let ring: usize = 0;
/** Patterns that are read at once: few enough to stay in the cache until they are compared. */
export let group: i32 = 0;
const GROUP_BYTES: usize = 786432;

/** What is compared: patterns as recorded, masked, or as float32. */
const RECORDED = 0, MASKED = 1, FLOAT = 2;
let kind: i32 = RECORDED, compared: i32 = U8, comparedBytes: usize = 0;
let features: usize = 0, taps: usize = 0, radius: i32 = 0, mask: usize = 0, keptPixels: i32 = 0, scratch: usize = 0;
/** Whether counts are compared as they are and their means are subtracted from the products. */
let subtracts: bool = false;
/** Of two rows each: largest values of patterns, sums of squares before centring, means, products and norms. */
let largest: usize = 0, references: usize = 0, means: usize = 0, dots: usize = 0, norms: usize = 0;
let similarity: usize = 0, admitted: usize = 0;

/** Patterns read at once. */
function groupOf(): i32 {
  return min(columns, max<i32>(4, <i32>(GROUP_BYTES / patternBytes) & ~1));
}

/**
 * Compares all neighbours.
 *
 * @param keep whether all patterns are kept
 * @param detector a byte for each detector pixel, or 0
 * @param probes 0 where a pattern may hold anything
 * @param result float32 (row, column, 8)
 */
export function compareNeighbours(keep: bool, detector: usize, probes: usize, result: usize): void {
  const rowBytes = <u64>columns * patternBytes;
  group = groupOf();
  ring = take((keep ? <u64>rows : 2) * rowBytes);
  kept = keep ? ring : 0;
  similarity = result;
  admitted = probes;
  prepareFeatures(detector);
  largest = take(8 * <u64>columns);
  references = take(16 * <u64>columns);
  means = take(16 * <u64>columns);
  dots = take(64 * <u64>columns);
  norms = take(16 * <u64>columns);
  for (let i: usize = 0; i < <usize>rows * <usize>columns * 8; i++) store<f32>(result + (i << 2), NaN);
  let told = 0;
  for (let row = 0; row < rows; row++) {
    let done = 0;
    for (let from = 0; from < columns; from += group) {
      const to = min(from + group, columns);
      loadColumns(row, from, to);
      if (row == 0) continue;
      const end = to == columns ? columns : (to - 1) & ~1;
      multiply(row - 1, row, done, end);
      done = end;
    }
    if (row > 0) finish(row - 1);
    told = progress("similarity", row + 1, rows, told);
  }
  multiply(rows - 1, rows - 1, 0, columns);
  finish(rows - 1);
  complete(rows - 1, 0);
}

/** Says how far a step is, in tenths; gives the tenths that were said. */
export function progress(step: string, done: i32, total: i32, told: i32): i32 {
  const tenths = <i32>(10 * <i64>done / total);
  if (options.quiet || tenths == told) return tenths;
  say(step);
  say(" ");
  sayNumber(10 * tenths);
  say(" %\n");
  flush();
  return tenths;
}

function prepareFeatures(detector: usize): void {
  radius = <i32>floor(4 * options.blur + 0.5);
  const plain = options.metric == options.COSINE && radius == 0;
  subtracts = options.metric != options.COSINE && radius == 0 && !detector && working != F32;
  kind = !plain && !subtracts ? FLOAT : detector ? MASKED : RECORDED;
  compared = kind == FLOAT ? F32 : working;
  comparedBytes = <usize>pixels << compared;
  keptPixels = pixels;
  if (detector) {
    const bytes = <usize>1 << compared;
    mask = take(<u64>pixels * bytes);
    keptPixels = 0;
    for (let i: usize = 0; i < <usize>pixels; i++) {
      const keep = load<u8>(detector + i);
      keptPixels += keep;
      memory.fill(mask + i * bytes, keep ? 255 : 0, bytes);
    }
  }
  if (kind == RECORDED) return;
  features = take(2 * <u64>columns * comparedBytes);
  if (kind == FLOAT && radius > 0) {
    makeTaps();
    // assembly/blur.ts says what for.
    const lines = <u64>(width + 2 * radius + 4 * ((width + 3) >> 2));
    scratch = take(64 * (lines + <u64>(((height + 15) & ~15) + 2 * radius) * <u64>(((width + 15) >> 4) | 1)));
  }
}

/** One-sided taps of the blur, float32, whose two-sided sum is 1. */
function makeTaps(): void {
  taps = take(4 * (<u64>radius + 1));
  const raw = take(8 * (<u64>radius + 1));
  let sum = 0.0;
  for (let k = 0; k <= radius; k++) {
    const distance = <f64>k / options.blur, weight = Math.exp(-0.5 * (distance * distance));
    store<f64>(raw + (<usize>k << 3), weight);
    sum += k == 0 ? weight : 2 * weight;
  }
  for (let k = 0; k <= radius; k++) store<f32>(taps + (<usize>k << 2), <f32>(load<f64>(raw + (<usize>k << 3)) / sum));
}

/** Address of a row of patterns as they are computed. */
function patternsOf(row: i32): usize {
  return ring + <usize>(kept ? row : row & 1) * (<usize>columns * patternBytes);
}

/** Address of a row of what is compared. */
function featuresOf(row: i32): usize {
  return kind == RECORDED ? patternsOf(row) : features + <usize>(row & 1) * (<usize>columns * comparedBytes);
}

/** Reads columns from..to-1 of a row, looks whether they can be computed, and makes of them what is compared. */
function loadColumns(row: i32, from: i32, to: i32): void {
  const source = patternsOf(row), target = featuresOf(row), odd = <usize>(row & 1) * <usize>columns;
  readPatterns(to - from, source + <usize>from * patternBytes);
  const maxima = largest + (odd << 2);
  if (working == U16) maximaU16(source, from, to, pixels, maxima);
  if (working == F32) {
    maximaF32(source, from, to, pixels, maxima);
    for (let column = from; column < to; column++) {
      const found = load<f32>(maxima + (<usize>column << 2));
      if (found == found) continue;
      if (load<u8>(admitted + <usize>row * columns + column)) notFinite(row, column);
      zeroUnfiniteF32(source + <usize>column * patternBytes, pixels);
    }
  }
  if (kind == MASKED) maskPatterns(source, target, from, to, <i32>patternBytes, mask);
  const before = references + (odd << 3), m = options.metric;
  if (subtracts) {
    if (working == U8) meansU8(source, from, to, pixels, means + (odd << 3), before);
    else meansU16(source, from, to, pixels, means + (odd << 3), before);
  }
  if (kind != FLOAT) return;
  if (working == U8) featuresU8(source, target, before, from, to, height, width, m, taps, radius, mask, keptPixels, scratch);
  else if (working == U16) featuresU16(source, target, before, from, to, height, width, m, taps, radius, mask, keptPixels, scratch);
  else featuresF32(source, target, before, from, to, height, width, m, taps, radius, mask, keptPixels, scratch);
}

function notFinite(row: i32, column: i32): void {
  complain();
  say("the pattern at row ");
  sayNumber(row);
  say(", column ");
  sayNumber(column);
  say(" holds values that are not finite\n  leave the probe out of a --mask FILE, or repair the file");
  fail(1);
}

/** Inner products of columns from..to-1 of a row with the row below. */
function multiply(row: i32, below: i32, from: i32, to: i32): void {
  const upper = featuresOf(row), lower = featuresOf(below), odd = <usize>(row & 1) * <usize>columns;
  const out = dots + (odd << 5), squares = norms + (odd << 3);
  // The kernels take sums over 8-bit counts and floats in steps of library/passes/similarity/cosines.ts.
  if (compared == U8) similarityU8(upper, lower, columns, from, to, pixels, 2048, out, squares);
  else if (compared == F32) similarityF32(upper, lower, columns, from, to, pixels, 32, out, squares);
  else {
    const a = largest + (odd << 2), b = largest + (<usize>(below & 1) * <usize>columns << 2);
    similarityKnownU16(upper, lower, columns, from, to, pixels, a, b, out, squares);
  }
  if (!subtracts) return;
  const above = means + (odd << 3), beneath = means + (<usize>(below & 1) * <usize>columns << 3);
  lessMeans(columns, from, to, pixels, above, beneath, out, squares);
}

/** Makes norms of the squares of a row; then the row above is known. */
function finish(row: i32): void {
  const odd = <usize>(row & 1) * <usize>columns << 3;
  const centred = options.metric != options.COSINE;
  for (let column: usize = 0; column < <usize>columns; column++) {
    const at = norms + odd + (column << 3), square = load<f64>(at);
    if (!(square - square == 0)) tooBright(row, <i32>column);
    const vanishes = centred && square < 1e-10 * load<f64>(references + odd + (column << 3));
    store<f64>(at, vanishes ? 0 : sqrt(square));
  }
  if (row > 0) complete(row - 1, norms + odd);
}

function tooBright(row: i32, column: i32): void {
  complain();
  say("the pattern at row ");
  sayNumber(row);
  say(", column ");
  sayNumber(column);
  say(" is too bright to be compared\n  scale the data");
  fail(1);
}

/** Similarities of a row with itself and the row below, whose norms are given, 0 where there is none. */
function complete(row: i32, below: usize): void {
  const odd = <usize>(row & 1) * <usize>columns, here = norms + (odd << 3);
  for (let column = 0; column < columns; column++) {
    const products = dots + ((odd + column) << 5), norm = load<f64>(here + (<usize>column << 3));
    for (let direction = 0; direction < 4; direction++) {
      const down = direction > 0 ? 1 : 0, other = column + (direction == 0 ? 1 : direction - 2);
      if (other < 0 || other >= columns || (down && below == 0)) continue;
      const both = norm * load<f64>((down ? below : here) + (<usize>other << 3));
      const product = load<f64>(products + (<usize>direction << 3));
      const value = <f32>(both > 0 ? max(-1.0, min(1.0, product / both)) : 0);
      const probe = <usize>row * columns + column, neighbour = <usize>(row + down) * columns + other;
      // The k-th of the eight neighbours is the opposite of the (7 - k)-th.
      store<f32>(similarity + (probe << 5) + (<usize>(4 + direction) << 2), value);
      store<f32>(similarity + (neighbour << 5) + (<usize>(3 - direction) << 2), value);
    }
  }
}
