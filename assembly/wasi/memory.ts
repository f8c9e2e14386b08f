// Memory, taken from the end of what there is: others of the sandbox, such as the adapter of a component, may have taken
// pages in between. Nothing is given back; what is reused is reused by name.

import { complain, fail, say, sayNumber } from "./text";

const PAGE: u64 = 65536;
const MEBIBYTE: u64 = 1048576;

/** Bytes that may be taken. */
export let limit: u64 = 1 << 30;
let taken: u64 = 0, next: u64 = 0, end: u64 = 0;

/** Sets how many bytes may be taken, at most what a module can have. */
export function limitMemory(bytes: u64): void {
  limit = min<u64>(bytes, 0xffff0000);
}

/** Bytes that may still be taken. */
export function free(): u64 {
  return limit - taken;
}

/** Takes memory, from a multiple of 16 on; the run fails where there is not enough. It holds zeros. */
export function take(bytes: u64): usize {
  if (bytes > 0xffff0000 || taken + bytes > limit) tooLittle(bytes);
  const size = (max<u64>(bytes, 1) + 15) & ~15;
  taken += size;
  if (next + size > end) {
    let pages = (next + size - end + PAGE - 1) / PAGE;
    let page = memory.grow(<i32>pages);
    if (page >= 0 && <u64><u32>page * PAGE != end) {
      // Somebody else's pages lie between: what was left before them is lost.
      next = <u64><u32>page * PAGE;
      end = next + pages * PAGE;
      pages = next + size > end ? (next + size - end + PAGE - 1) / PAGE : 0;
      if (pages > 0) page = memory.grow(<i32>pages);
    }
    if (page < 0) tooLittle(bytes);
    end += pages > 0 && <u64><u32>page * PAGE == end ? pages * PAGE : 0;
    if (next + size > end) tooLittle(bytes);
  }
  const start = next;
  next += size;
  return <usize>start;
}

function tooLittle(bytes: u64): void {
  complain();
  say("not enough memory: ");
  sayNumber(<i64>((taken + bytes + MEBIBYTE - 1) / MEBIBYTE));
  say(" MiB are needed, --memory allows ");
  sayNumber(<i64>(limit / MEBIBYTE));
  say(" and a module can have 4095\n  give a larger --memory, or allow the module more");
  fail(1);
}
