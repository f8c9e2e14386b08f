// Files by their path, in the folders that the sandbox gives.

import { take } from "./memory";
import {
  fd_prestat_dir_name, fd_prestat_get, NO_SPACE, NOT_CAPABLE, NOT_FOUND, NOT_PERMITTED, path_open,
} from "./system";
import { complain, fail, say, sayBytes, sayNumber } from "./text";

const READ: u64 = 1 << 1 | 1 << 2 | 1 << 5 | 1 << 21;
const WRITE: u64 = 1 << 2 | 1 << 5 | 1 << 6 | 1 << 21;
const CREATE = 1, NEW = 4;
/** The first descriptor that can be a folder, and how many are looked at. */
const FIRST = 3, MOST = 64;

const facts = memory.data(8, 8);
const names = memory.data(256, 4), lengths = memory.data(256, 4);
let count: i32 = -1;

function findFolders(): void {
  if (count >= 0) return;
  for (count = 0; count < MOST && fd_prestat_get(FIRST + count, facts) == 0; count++) {
    const length = load<u32>(facts, 4), name = take(length);
    fd_prestat_dir_name(FIRST + count, name, length);
    store<u32>(names + (<usize>count << 2), <u32>name);
    store<u32>(lengths + (<usize>count << 2), length);
  }
}

/** The folder that holds the path last asked for, and the rest of that path. */
export let folder: i32 = 0;
export let rest: usize = 0;
export let restLength: usize = 0;

/** Finds the folder whose name is the longest beginning of a path; the run fails where there is none. */
export function locate(path: usize, length: usize): void {
  findFolders();
  let best: i32 = -1, longest: usize = 0;
  for (let i = 0; i < count; i++) {
    const skipped = beginning(path, length, i);
    if (skipped < 0 || (best >= 0 && <usize>skipped < longest)) continue;
    best = i;
    longest = <usize>skipped;
  }
  if (best < 0) {
    complain();
    say("the sandbox gives no folder that holds ");
    sayBytes(path, length);
    say("\n  give it one, such as wasmtime run --dir FOLDER");
    fail(1);
  }
  folder = FIRST + best;
  rest = path + longest;
  restLength = length - longest;
}

/** Bytes of a path that name a folder, with the slashes behind it; -1 where it begins with another. */
function beginning(path: usize, length: usize, index: i32): i32 {
  const name = <usize>load<u32>(names + (<usize>index << 2));
  let bytes = <usize>load<u32>(lengths + (<usize>index << 2));
  while (bytes > 0 && load<u8>(name + bytes - 1) == 0x2f) bytes--;
  let at: usize = 0;
  if (bytes == 1 && load<u8>(name) == 0x2e) {
    // The folder called `.` holds what is named from nowhere else.
    if (length > 0 && load<u8>(path) == 0x2f) return -1;
    while (at + 1 < length && load<u8>(path + at) == 0x2e && load<u8>(path + at + 1) == 0x2f) at += 2;
  } else {
    if (bytes > length) return -1;
    for (; at < bytes; at++) if (load<u8>(path + at) != load<u8>(name + at)) return -1;
    if (at < length && load<u8>(path + at) != 0x2f) return -1;
  }
  while (at < length && load<u8>(path + at) == 0x2f) at++;
  return at < length ? <i32>at : -1;
}

/** Opens a file to read; the run fails where that is impossible. */
export function openToRead(path: usize, length: usize): i32 {
  locate(path, length);
  const error = path_open(folder, 1, rest, restLength, 0, READ, 0, 0, facts);
  if (error != 0) cannot("read", path, length, error);
  return load<i32>(facts);
}

/** Creates a file below a folder, which must not be there yet. */
export function createFile(inside: i32, path: usize, length: usize): i32 {
  const error = path_open(inside, 0, path, length, CREATE | NEW, WRITE, 0, 0, facts);
  if (error != 0) cannot("write", path, length, error);
  return load<i32>(facts);
}

/** Says that something cannot be done with a file, and why. */
export function cannot(verb: string, path: usize, length: usize, error: i32): void {
  complain();
  say("cannot ");
  say(verb);
  say(" ");
  sayBytes(path, length);
  if (error == NOT_FOUND) say(": there is no such file or folder");
  else if (error == NO_SPACE) say(": the disk is full");
  else if (error == NOT_CAPABLE || error == NOT_PERMITTED || error == 2 || error == 69) {
    say(": the sandbox does not allow it\n  give the folder that holds it, with the right to ");
    say(verb);
  } else {
    say(": WASI error ");
    sayNumber(error);
  }
  fail(1);
}
