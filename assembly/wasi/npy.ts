// The header of numpy's `.npy` format, read from a file or a pipe.

import { take } from "./memory";
import { readAll } from "./system";
import { begins, complain, decimal, fail, say, sayBytes } from "./text";

/** What the header last read says: number type as `arrangeFrames` counts them, byte order, lengths of the axes. */
export let numbers: i32 = 0;
export let bigEndian: bool = false;
export let axes: i32 = 0;
const lengths = memory.data(64, 8);
/** Longest header, as numpy itself has it; most axes. */
const LONGEST: u32 = 65536, MOST = 8;

/** Length of an axis. */
export function lengthOf(axis: i32): u64 {
  return load<u64>(lengths + (<usize>axis << 3));
}

/** Bytes of one number as stored. */
export function numberBytes(): usize {
  if (numbers <= 1 || numbers == 8) return 1;
  if (numbers <= 3 || numbers == 9) return 2;
  return numbers <= 6 ? 4 : 8;
}

/** Says the name of what is read. */
export function sayName(path: usize, length: usize): void {
  if (length == 0) say("standard input");
  else sayBytes(path, length);
}

/** Reads a header; gives its bytes. The run fails where it is none. */
export function readHeader(file: i32, path: usize, length: usize): u64 {
  const start = memory.data(16, 4);
  if (readAll(file, start, 10) < 10 || !isMagic(start)) damaged("is no .npy file", path, length);
  const version = load<u8>(start, 6);
  let bytes = <u32>load<u16>(start, 8), before: u64 = 10;
  if (version < 1 || version > 3) damaged("is of an unknown version of .npy", path, length);
  if (version > 1) {
    before = 12;
    if (readAll(file, start + 10, 2) < 2) damaged("ends in its header", path, length);
    bytes |= <u32>load<u16>(start, 10) << 16;
  }
  if (bytes > LONGEST) damaged("has too long a header", path, length);
  const text = take(bytes);
  if (readAll(file, text, bytes) < bytes) damaged("ends in its header", path, length);
  readDictionary(text, bytes, path, length);
  return before + bytes;
}

function isMagic(start: usize): bool {
  return load<u32>(start) == 0x4d554e93 && load<u16>(start, 4) == 0x5950;
}

function readDictionary(text: usize, bytes: usize, path: usize, length: usize): void {
  const end = text + bytes;
  let at = valueOf(text, end, "descr");
  if (at == 0 || at + 3 > end) damaged("has a damaged header", path, length);
  if (load<u8>(at) == 0x5b) damaged("holds records, not numbers: save one field as a plain array", path, length);
  const quote = load<u8>(at++);
  let close = at;
  while (close < end && load<u8>(close) != quote) close++;
  if ((quote != 0x27 && quote != 0x22) || close == end) damaged("has a damaged header", path, length);
  readDescriptor(at, close - at, path, length);
  at = valueOf(text, end, "fortran_order");
  if (at == 0) damaged("has a damaged header", path, length);
  if (begins(at, end - at, "True")) {
    damaged("is in Fortran order: save numpy.ascontiguousarray of it", path, length);
  }
  if (!begins(at, end - at, "False")) damaged("has a damaged header", path, length);
  at = valueOf(text, end, "shape");
  if (at == 0 || load<u8>(at++) != 0x28) damaged("has a damaged header", path, length);
  readShape(at, end, path, length);
}

/** Address of what belongs to a key; 0 where there is none. */
function valueOf(text: usize, end: usize, key: string): usize {
  for (; text + <usize>key.length + 2 < end; text++) {
    const quote = load<u8>(text);
    if (quote != 0x27 && quote != 0x22) continue;
    if (!begins(text + 1, end - text - 1, key) || load<u8>(text + 1 + key.length) != quote) continue;
    let at = text + 2 + <usize>key.length;
    while (at < end && load<u8>(at) == 0x20) at++;
    if (at == end || load<u8>(at++) != 0x3a) return 0;
    while (at < end && load<u8>(at) == 0x20) at++;
    return at < end ? at : 0;
  }
  return 0;
}

function readDescriptor(at: usize, bytes: usize, path: usize, length: usize): void {
  bigEndian = load<u8>(at) == 0x3e;
  const order = load<u8>(at);
  if (order == 0x3c || order == 0x3d || order == 0x3e || order == 0x7c) {
    at++;
    bytes--;
  }
  const kind = bytes == 2 ? load<u8>(at) : 0, size = bytes == 2 ? <i32>load<u8>(at + 1) - 0x30 : 0;
  numbers = -1;
  if (kind == 0x62 && size == 1) numbers = 8;
  if (kind == 0x66) numbers = size == 2 ? 9 : size == 4 ? 6 : size == 8 ? 7 : -1;
  if (kind == 0x75) numbers = size == 1 ? 0 : size == 2 ? 2 : size == 4 ? 4 : size == 8 ? 10 : -1;
  if (kind == 0x69) numbers = size == 1 ? 1 : size == 2 ? 3 : size == 4 ? 5 : size == 8 ? 11 : -1;
  if (numbers < 0) damaged("holds numbers of a type that is not read: save it as integers or floats", path, length);
  if (numberBytes() == 1) bigEndian = false;
}

function readShape(at: usize, end: usize, path: usize, length: usize): void {
  axes = 0;
  while (at < end && load<u8>(at) != 0x29) {
    const c = load<u8>(at);
    if (c == 0x20 || c == 0x2c || c == 0x4c) {
      at++;
      continue;
    }
    let digits: usize = 0;
    while (at + digits < end && load<u8>(at + digits) >= 0x30 && load<u8>(at + digits) <= 0x39) digits++;
    const number = decimal(at, digits);
    if (!(number >= 1) || axes == MOST) damaged("has an impossible shape", path, length);
    store<u64>(lengths + (<usize>(axes++) << 3), <u64>number);
    at += digits;
  }
  if (at == end || axes == 0) damaged("has an impossible shape", path, length);
}

/** Says what is wrong with a file; the run fails. */
export function damaged(what: string, path: usize, length: usize): void {
  complain();
  sayName(path, length);
  say(" ");
  say(what);
  fail(1);
}
