// The kernels as a WASI command, for scripted runs in sandboxes: a request on standard input, its result on standard
// output, nothing else touched. All numbers are little-endian.
//
// request: six int32 (kernel, columns, pixels, a, b, c), then the patterns of an upper and of a lower scan row.
//   kernel 0  similarity of 16-bit counts, a = chunk       result: float64 dots (columns, 4), then norms (columns)
//   kernel 1  similarity of float32 patterns, a = chunk    result: the same
//   kernel 2  correlations of float32 patterns with column offsets a..b of the lower row
//             result: float32 (columns, b - a + 1), 0 outside the scan
// Exit code 3: the request is not one of these, or ends early.

import { correlate } from "./correlate";
import { similarityF32, similarityU16 } from "./similarity";

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_read")
declare function fd_read(file: i32, vectors: usize, count: i32, read: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_write")
declare function fd_write(file: i32, vectors: usize, count: i32, written: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "proc_exit")
declare function proc_exit(code: i32): void;

const REQUEST: usize = 24;
/** Address and length of what is moved, and the number of bytes that were. */
const VECTOR: usize = 16;

function readAll(to: usize, bytes: usize, vector: usize): bool {
  let done: usize = 0;
  while (done < bytes) {
    store<u32>(vector, <u32>(to + done));
    store<u32>(vector, <u32>(bytes - done), 4);
    if (fd_read(0, vector, 1, vector + 8) != 0) return false;
    const count = <usize>load<u32>(vector, 8);
    if (count == 0) return false;
    done += count;
  }
  return true;
}

function writeAll(from: usize, bytes: usize, vector: usize): bool {
  let done: usize = 0;
  while (done < bytes) {
    store<u32>(vector, <u32>(from + done));
    store<u32>(vector, <u32>(bytes - done), 4);
    if (fd_write(1, vector, 1, vector + 8) != 0) return false;
    done += <usize>load<u32>(vector, 8);
  }
  return true;
}

/** Makes room for `bytes` from address 0. */
function reserve(bytes: u64): bool {
  if (bytes > 0x7fff0000) return false;
  const missing = <i32>((bytes + 65535) >> 16) - memory.size();
  return missing <= 0 || memory.grow(missing) >= 0;
}

function serve(): bool {
  const vector = (__heap_base + 15) & ~15;
  const request = vector + VECTOR;
  if (!reserve(request + REQUEST) || !readAll(request, REQUEST, vector)) return false;
  const kernel = load<i32>(request), columns = load<i32>(request, 4), pixels = load<i32>(request, 8);
  const a = load<i32>(request, 12), b = load<i32>(request, 16);
  if (kernel < 0 || kernel > 2 || columns < 1 || pixels < 1) return false;
  if (kernel < 2 ? a < 8 || a % 8 != 0 : a > b || b - a >= columns * 2) return false;
  const rowBytes = <u64>columns * <u64>pixels * (kernel == 0 ? 2 : 4);
  const resultBytes = kernel < 2 ? <u64>columns * 40 : <u64>columns * <u64>(b - a + 1) * 4;
  const upper = (request + REQUEST + 15) & ~15;
  if (rowBytes > 0x3fff0000 || !reserve(<u64>upper + 2 * rowBytes + resultBytes + 16)) return false;
  const lower = upper + <usize>rowBytes, result = (lower + <usize>rowBytes + 15) & ~15;
  if (!readAll(upper, 2 * <usize>rowBytes, vector)) return false;
  const norms = result + ((<usize>columns) << 5);
  if (kernel == 0) similarityU16(upper, lower, columns, 0, columns, pixels, a, result, norms);
  else if (kernel == 1) similarityF32(upper, lower, columns, 0, columns, pixels, a, result, norms);
  else {
    memory.fill(result, 0, <usize>resultBytes);
    correlate(upper, lower, columns, 0, columns, pixels, a, b, result, b - a + 1);
  }
  return writeAll(result, <usize>resultBytes, vector);
}

/** Entry point of a WASI command. */
export function _start(): void {
  if (!serve()) proc_exit(3);
}
