// Texts: what is said on standard error or output, and words that were given. A text is put together in a buffer.

import { proc_exit, STDERR, writeAll } from "./system";

const ROOM: usize = 8192;
const buffer = memory.data(8192);
let length: usize = 0;

/** Where texts go. */
export let target: i32 = STDERR;

/** Texts go there from now on. */
export function sayTo(file: i32): void {
  flush();
  target = file;
}

/** Writes what was said. */
export function flush(): void {
  writeAll(target, buffer, length);
  length = 0;
}

function byte(value: i32): void {
  if (length == ROOM) flush();
  store<u8>(buffer + length++, <u8>value);
}

/** Says an ASCII text. */
export function say(text: string): void {
  const at = changetype<usize>(text);
  for (let i = 0; i < text.length; i++) byte(<i32>load<u16>(at + (<usize>i << 1)));
}

/** Says bytes as they are, such as the name of a file. */
export function sayBytes(text: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i++) byte(<i32>load<u8>(text + i));
}

/** Says a whole number. */
export function sayNumber(value: i64): void {
  if (value < 0) {
    byte(0x2d);
    value = -value;
  }
  let unit: i64 = 1;
  while (value / unit >= 10) unit *= 10;
  for (; unit > 0; unit /= 10) byte(0x30 + <i32>(value / unit % 10));
}

/** Says a number of a size below 10^9 with six decimals. */
export function sayDecimal(value: f64): void {
  if (value < 0) byte(0x2d);
  const millionths = <i64>nearest(abs(value) * 1e6);
  sayNumber(millionths / 1000000);
  byte(0x2e);
  for (let unit: i64 = 100000; unit > 0; unit /= 10) byte(0x30 + <i32>(millionths / unit % 10));
}

/** What is undone before a failed run ends; nothing at first. */
let undoing: (() => void) | null = null;

/** Sets what is undone if the run fails. */
export function undoOnFailure(undo: (() => void) | null): void {
  undoing = undo;
}

/** Begins to say what went wrong. */
export function complain(): void {
  sayTo(STDERR);
  say("error: ");
}

/** Ends the run: 1 failed, 2 wrong usage. */
export function fail(code: i32): void {
  say("\n");
  flush();
  const undo = undoing;
  if (undo) undo();
  proc_exit(code);
  unreachable();
}

/** Whether bytes spell an ASCII text. */
export function spells(text: usize, bytes: usize, word: string): bool {
  return bytes == <usize>word.length && begins(text, bytes, word);
}

/** Whether bytes begin with an ASCII text. */
export function begins(text: usize, bytes: usize, word: string): bool {
  if (bytes < <usize>word.length) return false;
  const at = changetype<usize>(word);
  for (let i: usize = 0; i < <usize>word.length; i++) {
    if (<u16>load<u8>(text + i) != load<u16>(at + (i << 1))) return false;
  }
  return true;
}

/** Copies an ASCII text to an address; gives the address behind it. */
export function spellTo(word: string, to: usize): usize {
  const at = changetype<usize>(word);
  for (let i = 0; i < word.length; i++) store<u8>(to++, <u8>load<u16>(at + (<usize>i << 1)));
  return to;
}

/** Writes a whole number of at least 0 to an address; gives the address behind it. */
export function numberTo(value: i64, to: usize): usize {
  let unit: i64 = 1;
  while (value / unit >= 10) unit *= 10;
  for (; unit > 0; unit /= 10) store<u8>(to++, <u8>(0x30 + value / unit % 10));
  return to;
}

/** A power of ten that has no rounding. */
function power(exponent: i32): f64 {
  let result = 1.0;
  for (let i = 0; i < exponent; i++) result *= 10;
  return result;
}

/**
 * A decimal number such as `-0.95` or `1e-3`, rounded as JavaScript rounds it: whole numbers below 2^53 and powers of ten
 * up to 10^22 are exact, and so is all but the last step. NaN where it is none, or has more digits.
 */
export function decimal(text: usize, bytes: usize): f64 {
  const end = text + bytes;
  let negative = false, digits: u64 = 0, scale = 0, any = false, point = false;
  if (text < end && (load<u8>(text) == 0x2d || load<u8>(text) == 0x2b)) negative = load<u8>(text++) == 0x2d;
  for (; text < end; text++) {
    const c = <i32>load<u8>(text);
    if (c == 0x2e && !point) point = true;
    else if (c >= 0x30 && c <= 0x39) {
      if (digits > 900719925474098) return NaN;
      digits = 10 * digits + <u64>(c - 0x30);
      any = true;
      if (point) scale--;
    } else break;
  }
  if (!any) return NaN;
  if (text < end) {
    if ((load<u8>(text) | 32) != 0x65 || ++text == end) return NaN;
    const down = load<u8>(text) == 0x2d;
    if (down || load<u8>(text) == 0x2b) text++;
    if (text == end || end - text > 2) return NaN;
    let exponent = 0;
    for (; text < end; text++) {
      const c = <i32>load<u8>(text);
      if (c < 0x30 || c > 0x39) return NaN;
      exponent = 10 * exponent + c - 0x30;
    }
    scale += down ? -exponent : exponent;
  }
  if (abs(scale) > 22) return NaN;
  const value = scale < 0 ? <f64>digits / power(-scale) : <f64>digits * power(scale);
  return negative ? -value : value;
}
