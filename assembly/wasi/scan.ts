// The scan: its shape, and its patterns, in the types that kernels compute with.

import { arrangeFrames } from "../frames";
import { openToRead } from "./folders";
import { take } from "./memory";
import { axes, bigEndian, damaged, lengthOf, numberBytes, numbers, readHeader, sayName } from "./npy";
import * as options from "./options";
import { fd_filestat_get, moveTo, positionOf, readAll, STDIN } from "./system";
import { complain, fail, say, sayNumber } from "./text";

export let rows: i32 = 0, columns: i32 = 0, height: i32 = 0, width: i32 = 0, pixels: i32 = 0;
/** Type in which patterns are computed. */
export const U8 = 0, U16 = 1, F32 = 2;
export let working: i32 = U8;
/** Bytes of a pattern in that type. */
export let patternBytes: usize = 0;
/** Whether patterns can be read again. */
export let again: bool = false;

/** Number type and order as stored, and bytes of a pattern. */
let storedNumbers: i32 = 0, swapped: bool = false, storedBytes: u64 = 0;
let file: i32 = STDIN, dataOffset: i64 = 0;
/** Where patterns lie before they are converted, and how many have room there. */
let staging: usize = 0, stagedPatterns: i32 = 0;
const STAGED: u64 = 1048576;
const MOST_PIXELS: u64 = 1 << 26, MOST_PROBES: u64 = 1 << 28;

/** Opens the scan; the run fails where it is none. */
export function openScan(): void {
  const path = options.input, length = options.inputLength;
  if (length > 0) file = openToRead(path, length);
  const header = readHeader(file, path, length);
  if (axes != 4 && !(axes == 3 && options.scanRows > 0)) wrongAxes();
  const positions = axes == 4 ? lengthOf(0) * lengthOf(1) : lengthOf(0);
  const qy = lengthOf(axes - 2), qx = lengthOf(axes - 1);
  for (let axis = 0; axis < axes; axis++) if (lengthOf(axis) > MOST_PIXELS) damaged("has an impossible shape", path, length);
  if (positions > MOST_PROBES || qy * qx > MOST_PIXELS) damaged("has an impossible shape", path, length);
  rows = options.scanRows > 0 ? options.scanRows : <i32>lengthOf(0);
  columns = options.scanRows > 0 ? options.scanColumns : <i32>lengthOf(1);
  if (<u64>rows * <u64>columns != positions) wrongScanShape(positions);
  height = <i32>qy;
  width = <i32>qx;
  pixels = height * width;
  storedNumbers = numbers;
  swapped = bigEndian;
  storedBytes = <u64>pixels * numberBytes();
  working = numbers == 0 || numbers == 8 ? U8 : numbers == 2 ? U16 : F32;
  patternBytes = <usize>pixels << working;
  const position = positionOf(file);
  again = position >= 0;
  dataOffset = again ? position : <i64>header;
  checkLength(positions, header);
  if (storedBytes != <u64>patternBytes) {
    stagedPatterns = <i32>max<u64>(1, STAGED / storedBytes);
    staging = take(<u64>stagedPatterns * storedBytes);
  }
}

/** A file whose length is known must hold all patterns. */
function checkLength(positions: u64, header: u64): void {
  const facts = memory.data(64, 8);
  if (!again || fd_filestat_get(file, facts) != 0 || load<u8>(facts, 16) != 4) return;
  const wanted = header + positions * storedBytes, found = load<u64>(facts, 32);
  if (found < wanted) endsEarly(<i64>wanted, <i64>found);
}

function endsEarly(wanted: i64, found: i64): void {
  complain();
  sayName(options.input, options.inputLength);
  say(" ends early: ");
  sayNumber(wanted);
  say(" bytes were expected, ");
  sayNumber(found);
  say(" are there\n  copy or save it again");
  fail(1);
}

function wrongAxes(): void {
  complain();
  sayName(options.input, options.inputLength);
  say(" has ");
  sayNumber(axes);
  say(" axes; 4 are needed, (row, column, qy, qx), or 3 with --scan-shape ROWSxCOLUMNS");
  fail(1);
}

function wrongScanShape(positions: u64): void {
  complain();
  say("--scan-shape does not fit: ");
  sayName(options.input, options.inputLength);
  say(" has ");
  sayNumber(<i64>positions);
  say(" patterns");
  fail(2);
}

/** Goes to a probe; patterns are read from there on. */
export function moveToProbe(probe: u64): void {
  if (moveTo(file, dataOffset + <i64>(probe * storedBytes))) return;
  damaged("cannot be read again", options.input, options.inputLength);
}

/** Reads the next patterns. */
export function readPatterns(count: i32, to: usize): void {
  if (staging == 0) {
    const bytes = <usize>count * patternBytes;
    requireAll(readAll(file, to, bytes), bytes);
    if (swapped || !asStored(storedNumbers)) arrange(to, to, count);
    return;
  }
  for (let first = 0; first < count; first += stagedPatterns) {
    const part = min(stagedPatterns, count - first), bytes = <usize>part * <usize>storedBytes;
    requireAll(readAll(file, staging, bytes), bytes);
    arrange(staging, to + <usize>first * patternBytes, part);
  }
}

function arrange(from: usize, to: usize, count: i32): void {
  const bytes = <i32>(storedBytes / pixels);
  arrangeFrames(from, to, count, <i32>storedBytes, height, width, width * bytes, bytes, storedNumbers, swapped ? 1 : 0);
}

function requireAll(found: usize, wanted: usize): void {
  if (found == wanted) return;
  complain();
  sayName(options.input, options.inputLength);
  say(" ends before its last pattern, or cannot be read\n  copy or save it again");
  fail(1);
}

/** Whether kernels compute with numbers as they are stored: 8- and 16-bit counts, and float32. */
function asStored(numbers: i32): bool {
  return numbers == 0 || numbers == 2 || numbers == 6;
}
