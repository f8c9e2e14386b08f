// Words of the command line one by one: what they spell, and what is said of those that are wrong.

import { complain, decimal, fail, say, sayBytes, spells } from "./text";

/** The flag whose value is read. */
export let flag: usize = 0, flagLength: usize = 0;

/** Sets the flag whose value is read next. */
export function setFlag(text: usize, length: usize): void {
  flag = text;
  flagLength = length;
}

/** Whether that is the flag. */
export function is(name: string): bool {
  return spells(flag, flagLength, name);
}

/** Bytes of a word. */
export function lengthOf(text: usize): usize {
  let bytes: usize = 0;
  while (load<u8>(text + bytes) != 0) bytes++;
  return bytes;
}

/** Whether a word asks for help. */
export function isHelp(word: usize): bool {
  const length = lengthOf(word);
  return spells(word, length, "--help") || spells(word, length, "-h");
}

/** Place of a character; the length where it is not there. */
export function find(text: usize, length: usize, character: u8): usize {
  for (let i: usize = 0; i < length; i++) if (load<u8>(text + i) == character) return i;
  return length;
}

/** A number within bounds; the run fails where it is none. */
export function between(value: usize, length: usize, least: f64, most: f64): f64 {
  const number = decimal(value, length);
  if (!(number >= least && number <= most)) wrong("is not understood, or out of range", value, length);
  return number;
}

/** A whole number within bounds. */
export function whole(value: usize, length: usize, least: f64, most: f64): i32 {
  const number = between(value, length, least, most);
  if (number != floor(number)) wrong("must be a whole number", value, length);
  return <i32>number;
}

/** Says what is wrong with the value of the flag; the run fails. */
export function wrong(why: string, value: usize, length: usize): void {
  complain();
  sayBytes(flag, flagLength);
  say(" ");
  say(why);
  if (length > 0) {
    say(": ");
    sayBytes(value, length);
  }
  say("\n  --help names all options and what they take");
  fail(2);
}

/** Bytes in words such as 512M. */
export function sizeOf(value: usize, length: usize): u64 {
  let unit: u64 = 1, bytes = length;
  if (length > 0) {
    const last = load<u8>(value + length - 1) | 32;
    if (last == 0x6b) unit = 1 << 10;
    else if (last == 0x6d) unit = 1 << 20;
    else if (last == 0x67) unit = 1 << 30;
    if (unit > 1) bytes--;
  }
  const number = decimal(value, bytes);
  if (!(number > 0 && number < 1e12)) wrong("is a size such as 512M or 2G", value, length);
  return <u64>(number * <f64>unit);
}
