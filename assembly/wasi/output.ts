// What a run leaves: arrays in a folder, which is there whole or not at all, or one after the other on standard output.

import { cannot, createFile, folder, locate, rest, restLength } from "./folders";
import { take } from "./memory";
import { nameOf, out, outLength } from "./options";
import {
  EXISTS, fd_close, path_create_directory, path_open, path_remove_directory, path_rename, path_unlink_file, STDOUT, writeAll,
} from "./system";
import { complain, fail, numberTo, say, sayBytes, sayNumber, spellTo, undoOnFailure } from "./text";

/** The folder that holds the one to be written, its path there, and that of the one that is written until all is done. */
let inside: i32 = 0, path: usize = 0, pathLength: usize = 0, partial: usize = 0, partialLength: usize = 0;
/** Path of the file at hand, and its descriptor. */
let name: usize = 0, nameLength: usize = 0, file: i32 = -1;
/** Arrays that were begun. */
let begun: i32 = 0;
const SPARE: u64 = 64;

/** Looks beforehand whether the folder can be written; the run fails where it cannot. */
export function prepareOutput(): void {
  if (outLength == 0) return;
  locate(out, outLength);
  inside = folder;
  path = rest;
  pathLength = restLength;
  const facts = memory.data(8, 8);
  if (path_open(inside, 1, path, pathLength, 0, 0, 0, 0, facts) == 0) {
    fd_close(load<i32>(facts));
    complain();
    say("there is something called ");
    sayBytes(out, outLength);
    say(" already\n  give another --out");
    fail(2);
  }
  partial = take(<u64>pathLength + SPARE);
  name = take(<u64>pathLength + SPARE);
  memory.copy(partial, path, pathLength);
  partialLength = spellTo(".partial", partial + pathLength) - partial;
}

function makePartial(): void {
  const error = path_create_directory(inside, partial, partialLength);
  if (error == EXISTS) {
    complain();
    sayBytes(partial, partialLength);
    say(" is there, of a run that did not end\n  remove it");
    fail(1);
  }
  if (error != 0) cannot("write", partial, partialLength, error);
  undoOnFailure(discard);
}

/** Removes what was written. */
function discard(): void {
  if (file >= 0) fd_close(file);
  for (let array = 1; array <= begun; array <<= 1) {
    if (!(begun & array)) continue;
    nameFile(array);
    path_unlink_file(inside, name, nameLength);
  }
  path_remove_directory(inside, partial, partialLength);
}

function nameFile(array: i32): void {
  memory.copy(name, partial, partialLength);
  let end = spellTo("/", name + partialLength);
  end = spellTo(nameOf(array), end);
  nameLength = spellTo(".npy", end) - name;
}

/** Begins an array: what its numbers are, as numpy says it, and the lengths of its axes, 0 where there is none. */
export function beginArray(array: i32, numbers: string, first: i32, second: i32, third: i32): void {
  file = STDOUT;
  if (outLength > 0) {
    if (begun == 0) makePartial();
    nameFile(array);
    file = -1;
    file = createFile(inside, name, nameLength);
    begun |= array;
  }
  const header = memory.data(192), at = header + 10;
  memory.fill(header, 0x20, 192);
  let end = spellTo("{'descr': '", at);
  end = spellTo(numbers, end);
  end = spellTo("', 'fortran_order': False, 'shape': (", end);
  end = numberTo(first, end);
  if (second > 0) end = numberTo(second, spellTo(", ", end));
  else end = spellTo(",", end);
  if (third > 0) end = numberTo(third, spellTo(", ", end));
  end = spellTo("), }", end);
  const bytes = (end + 1 - header + 63) & ~63;
  store<u32>(header, 0x4d554e93);
  store<u32>(header, 0x00015950, 4);
  store<u16>(header, <u16>(bytes - 10), 8);
  store<u8>(header + bytes - 1, 0x0a);
  writeArray(header, bytes);
}

/** Writes the next numbers of the array that was begun last. */
export function writeArray(from: usize, bytes: usize): void {
  const error = writeAll(file, from, bytes);
  if (error == 0) return;
  if (outLength > 0) cannot("write", name, nameLength, error);
  complain();
  say("cannot write to standard output: WASI error ");
  sayNumber(error);
  fail(1);
}

/** Ends the array that was begun last. */
export function endArray(): void {
  if (outLength > 0) fd_close(file);
  file = -1;
}

/** Gives the folder its name. */
export function finishOutput(): void {
  if (outLength == 0) return;
  const error = path_rename(inside, partial, partialLength, inside, path, pathLength);
  if (error != 0) cannot("write", path, pathLength, error);
  undoOnFailure(null);
}
