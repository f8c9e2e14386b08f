// The words of the command line.

import { help } from "./help";
import { limitMemory, take } from "./memory";
import { args_get, args_sizes_get, proc_exit } from "./system";
import { begins, complain, decimal, fail, say, sayBytes, spells } from "./text";
import { between, find, flag, flagLength, is, isHelp, lengthOf, setFlag, sizeOf, whole, wrong } from "./words";

/** A path, or nothing where its length is 0. */
export let input: usize = 0, inputLength: usize = 0;
export let out: usize = 0, outLength: usize = 0;

/** Arrays that are written, a bit each, in the order of `arrayNames`. */
export let arrays: i32 = 127;
export const LABELS = 1, AVERAGES = 2, MEAN = 4, SIMILARITY = 8, MASK = 16, FOREST_PROBES = 32, FOREST_SIMILARITY = 64;

export const COSINE = 0, CENTERED = 1, PEARSON = 2;
export let metric: i32 = COSINE;

/** What a threshold is. */
export const NONE = 0, NUMBER = 1, AUTO = 2, QUANTILE = 3;
export let thresholdKind: i32 = NONE;
export let threshold: f64 = 0;
export let minimumSize: i32 = 4;
export let blur: f64 = 0;

/** What the mask of detector pixels is; of `EVERYTHING` there is none. */
export const EVERYTHING = 0, DISK = 1, ANNULUS = 2, OUTSIDE = 3, FROM_FILE = 4;
export let detectorMask: i32 = EVERYTHING;
export let innerRadius: f64 = 0, outerRadius: f64 = 0;
export let detectorFile: usize = 0, detectorFileLength: usize = 0;
/** NaN stands for the centre of the detector. */
export let centerRow: f64 = NaN, centerColumn: f64 = NaN;

/** What the mask of probes is, beside `EVERYTHING` and `FROM_FILE`. */
export const TRIANGLE = 5, ABOVE = 6;
export let probeMask: i32 = EVERYTHING;
export let maskAbove: f64 = 0;
export let maskFile: usize = 0, maskFileLength: usize = 0;

export let averaging: bool = true;
export let borderWidth: i32 = 0;
/** NaN leaves neighbours outside the scan out. */
export let missingNeighbour: f64 = NaN;
/** 0 = as the file says. */
export let scanRows: i32 = 0, scanColumns: i32 = 0;
export let quiet: bool = false;

let given: bool = false;

/** Reads all words; a run that asks for help ends here. */
export function readOptions(): void {
  const sizes = memory.data(8, 4);
  args_sizes_get(sizes, sizes + 4);
  const count = load<i32>(sizes);
  const words = take(4 * <u64>count), text = take(load<u32>(sizes, 4));
  args_get(words, text);
  // A preset gives way to other options wherever it stands.
  for (let i = 1; i < count; i++) {
    const word = <usize>load<u32>(words + (<usize>i << 2)), next = i + 1 < count ? <usize>load<u32>(words + (<usize>i << 2), 4) : 0;
    if (isHelp(word)) {
      help();
      proc_exit(0);
    }
    if (spells(word, lengthOf(word), "--preset") && next) preset(next, lengthOf(next));
    else if (begins(word, lengthOf(word), "--preset=")) preset(word + 9, lengthOf(word) - 9);
  }
  for (let i = 1; i < count; i++) {
    const word = <usize>load<u32>(words + (<usize>i << 2)), length = lengthOf(word);
    if (length < 2 || load<u8>(word) != 0x2d) {
      inputPath(word, length);
      continue;
    }
    let equals: usize = 0;
    while (equals < length && load<u8>(word + equals) != 0x3d) equals++;
    setFlag(word, equals);
    if (equals == length && isSwitch()) continue;
    if (equals < length) option(word + equals + 1, length - equals - 1);
    else if (++i < count) {
      const value = <usize>load<u32>(words + (<usize>i << 2));
      option(value, lengthOf(value));
    } else wrong("needs a value", 0, 0);
  }
  if (thresholdKind == NONE) {
    complain();
    say("a threshold is needed: neighbours at least this similar join\n  give --threshold auto, or a number from -1 to 1");
    fail(2);
  }
  if (borderWidth > 0 && thresholdKind != NUMBER) {
    complain();
    say("with --border-width the threshold must be a number\n  give --threshold a number, or --border-width 0");
    fail(2);
  }
}

function inputPath(word: usize, length: usize): void {
  if (given) {
    complain();
    say("there is more than one input: ");
    sayBytes(word, length);
    fail(2);
  }
  given = true;
  if (spells(word, length, "-")) return;
  input = word;
  inputLength = length;
}

function isSwitch(): bool {
  if (is("--quiet")) quiet = true;
  else if (!is("--exact")) return false;
  return true;
}

function option(value: usize, length: usize): void {
  if (is("--out")) {
    out = value;
    outLength = length;
    while (outLength > 1 && load<u8>(out + outLength - 1) == 0x2f) outLength--;
    if (length == 0) wrong("needs the name of a folder", value, length);
  } else if (is("--arrays")) listOfArrays(value, length);
  else if (is("--preset")) return;
  else if (is("--metric")) {
    if (spells(value, length, "cosine")) metric = COSINE;
    else if (spells(value, length, "centered")) metric = CENTERED;
    else if (spells(value, length, "pearson")) metric = PEARSON;
    else wrong("is cosine, centered or pearson", value, length);
  } else if (is("--threshold")) thresholdOf(value, length);
  else if (is("--min-size")) minimumSize = whole(value, length, 1, i32.MAX_VALUE);
  else if (is("--blur")) blur = between(value, length, 0, 100);
  else if (is("--q-mask")) detectorMaskOf(value, length);
  else if (is("--q-center")) {
    const comma = find(value, length, 0x2c);
    if (comma == length) wrong("is Y,X in detector pixels", value, length);
    centerRow = between(value, comma, 0, 1e9);
    centerColumn = between(value + comma + 1, length - comma - 1, 0, 1e9);
  } else if (is("--mask")) probeMaskOf(value, length);
  else if (is("--average")) {
    averaging = spells(value, length, "raw");
    if (!averaging && !spells(value, length, "none")) wrong("is raw or none", value, length);
  } else if (is("--border-width")) borderWidth = whole(value, length, 0, i32.MAX_VALUE);
  else if (is("--missing-neighbour")) {
    missingNeighbour = spells(value, length, "none") ? NaN : between(value, length, -1, 1);
  } else if (is("--scan-shape")) {
    const cross = find(value, length, 0x78);
    if (cross == length) wrong("is ROWSxCOLUMNS", value, length);
    scanRows = whole(value, cross, 1, i32.MAX_VALUE);
    scanColumns = whole(value + cross + 1, length - cross - 1, 1, i32.MAX_VALUE);
  } else if (is("--bad-pixels")) {
    if (!spells(value, length, "none")) wrong("can only be none here", value, length);
  } else if (is("--memory")) limitMemory(sizeOf(value, length));
  else {
    complain();
    say("there is no option ");
    sayBytes(flag, flagLength);
    say("\n  --help names all");
    fail(2);
  }
}

function preset(value: usize, length: usize): void {
  if (!spells(value, length, "py4dstem")) {
    complain();
    say("--preset can only be py4dstem here; the others need the whole program: ");
    sayBytes(value, length);
    fail(2);
  }
  metric = CENTERED;
  minimumSize = 1;
  borderWidth = 2;
  missingNeighbour = -1;
}

function thresholdOf(value: usize, length: usize): void {
  if (spells(value, length, "auto")) thresholdKind = AUTO;
  else if (length > 1 && load<u8>(value) == 0x71) {
    thresholdKind = QUANTILE;
    threshold = between(value + 1, length - 1, 0, 1);
  } else {
    thresholdKind = NUMBER;
    threshold = between(value, length, -1, 1);
  }
}

function detectorMaskOf(value: usize, length: usize): void {
  const colon = find(value, length, 0x3a), radii = min(colon + 1, length), bytes = length - radii;
  if (spells(value, length, "none")) detectorMask = EVERYTHING;
  else if (spells(value, length, "auto")) wrong("cannot be auto here: give disk:R, annulus:R1,R2 or outside:R", value, length);
  else if (spells(value, colon, "disk") || spells(value, colon, "outside")) {
    detectorMask = spells(value, colon, "disk") ? DISK : OUTSIDE;
    outerRadius = between(value + radii, bytes, 0, 1e9);
  } else if (spells(value, colon, "annulus")) {
    const comma = find(value + radii, bytes, 0x2c);
    if (comma == bytes) wrong("is annulus:R1,R2 with radii in detector pixels", value, length);
    detectorMask = ANNULUS;
    innerRadius = between(value + radii, comma, 0, 1e9);
    outerRadius = between(value + radii + comma + 1, bytes - comma - 1, innerRadius, 1e9);
  } else {
    detectorMask = FROM_FILE;
    detectorFile = value;
    detectorFileLength = length;
  }
}

function probeMaskOf(value: usize, length: usize): void {
  const number = decimal(value, length);
  if (spells(value, length, "none")) probeMask = EVERYTHING;
  else if (spells(value, length, "triangle")) probeMask = TRIANGLE;
  else if (spells(value, length, "auto") || spells(value, length, "virtual")) {
    wrong("is none, triangle, a number or a file here", value, length);
  } else if (number == number) {
    probeMask = ABOVE;
    maskAbove = number;
  } else {
    probeMask = FROM_FILE;
    maskFile = value;
    maskFileLength = length;
  }
}

function listOfArrays(value: usize, length: usize): void {
  arrays = 0;
  while (length > 0) {
    const bytes = find(value, length, 0x2c);
    let bit = 0;
    for (let i = 0; i < 7; i++) if (spells(value, bytes, nameOf(1 << i))) bit = 1 << i;
    if (bit == 0) wrong("names no such array", value, bytes);
    arrays |= bit;
    const skipped = min(bytes + 1, length);
    value += skipped;
    length -= skipped;
  }
  if (arrays == 0) wrong("names no array", value, length);
}

/** The name of an array, which its file has too. */
export function nameOf(array: i32): string {
  if (array == LABELS) return "labels";
  if (array == AVERAGES) return "averages";
  if (array == MEAN) return "mean_similarity";
  if (array == SIMILARITY) return "similarity";
  if (array == MASK) return "mask";
  return array == FOREST_PROBES ? "forest_probes" : "forest_similarity";
}
