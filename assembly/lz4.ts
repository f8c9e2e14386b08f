// One block of LZ4: a run of sequences, each some literal bytes and a match, a copy of bytes already decoded. Data may
// be hostile: nothing is read outside the block (and what of its file was read behind it), nothing written outside the
// decoded block and the slack behind it.

/** Bytes behind the decoded block that copies of 16 bytes at a time may write. */
export const SLACK: usize = 32;

/** 0, 1, 2, ... 15 */
// @ts-ignore: decorator
@inline
function positions(): v128 {
  return i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/** Subtracts `step` from the lanes that are not below it. */
// @ts-ignore: decorator
@inline
function reduce(lanes: v128, step: i32): v128 {
  const steps = i8x16.splat(<i8>step);
  return i8x16.sub(lanes, v128.and(steps, i8x16.ge_u(lanes, steps)));
}

/** Writes `count` bytes that repeat the `offset` < 16 bytes before `to`. */
// @ts-ignore: decorator
@inline
function repeat(to: usize, offset: u32, count: u32): void {
  const end = to + count;
  let pattern: v128;
  let step: usize = 16;
  if (offset == 1) {
    pattern = v128.load8_splat(to - 1);
  } else {
    const index = reduce(reduce(reduce(positions(), <i32>offset << 2), <i32>offset << 1), <i32>offset);
    pattern = i8x16.swizzle(v128.load(to - offset), offset == 2 ? v128.and(positions(), i8x16.splat(1)) : index);
    step -= <usize>(16 % offset);
  }
  do {
    v128.store(to, pattern);
    to += step;
  } while (to < end);
}

/** Copies `count` bytes, and up to 15 more. Source and destination may overlap where they are 16 bytes apart. */
// @ts-ignore: decorator
@inline
export function copyWild(to: usize, from: usize, count: u32): void {
  const end = to + count;
  do {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  } while (to < end);
}

/**
 * Decodes the block at source..sourceEnd to to..toEnd, exactly. Up to `readable` (at least sourceEnd) bytes may be
 * looked at; up to toEnd + SLACK may be overwritten. False where the block is damaged.
 */
export function decodeLz4(source: usize, sourceEnd: usize, readable: usize, to: usize, toEnd: usize): bool {
  const first = to;
  while (source < sourceEnd) {
    const token = <u32>load<u8>(source++);
    let count = token >> 4;
    if (count == 15) {
      let more: u32;
      do {
        if (source >= sourceEnd || count > toEnd - to) return false;
        more = <u32>load<u8>(source++);
        count += more;
      } while (more == 255);
    }
    if (count > sourceEnd - source || count > toEnd - to) return false;
    if (readable - source >= ((count + 15) & ~15)) {
      if (count) copyWild(to, source, count);
    } else {
      for (let i: u32 = 0; i < count; i++) store<u8>(to + i, load<u8>(source + i));
    }
    source += count;
    to += count;
    // The last sequence has no match.
    if (source == sourceEnd) return to == toEnd;

    if (sourceEnd - source < 2) return false;
    const offset = <u32>load<u16>(source);
    source += 2;
    count = (token & 15) + 4;
    if (count == 19) {
      let more: u32;
      do {
        if (source >= sourceEnd || count > toEnd - to) return false;
        more = <u32>load<u8>(source++);
        count += more;
      } while (more == 255);
    }
    if (offset == 0 || offset > to - first || count > toEnd - to) return false;
    if (offset >= 16 || count <= offset) copyWild(to, to - offset, count);
    else repeat(to, offset, count);
    to += count;
  }
  return false;
}
