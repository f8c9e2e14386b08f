/** Compressions of HDF5 filters that are simple enough to be undone here: LZ4 blocks and LZF. */

const leastMatch = 4;
/** Longer pieces are copied by the runtime, shorter ones byte by byte. */
const longPiece = 48;

/**
 * Unpacks an LZ4 block.
 *
 * @throws {Error} unless it fills `target` exactly
 */
export function unpackLz4(source: Uint8Array, target: Uint8Array): void {
  let from = 0, to = 0;
  /** Lengths of 15 go on in bytes of up to 255. */
  const longer = (length: number): number => {
    if (length < 15) return length;
    for (let byte = 255; byte === 255;) {
      if (from >= source.length) throw new Error("an LZ4 block that ends too early");
      length += byte = source[from++];
    }
    return length;
  };
  while (from < source.length) {
    const token = source[from++], literals = longer(token >> 4);
    if (from + literals > source.length || to + literals > target.length) {
      throw new Error("an LZ4 block that leads beyond its end");
    }
    to = take(source, from, target, to, literals);
    from += literals;
    if (from === source.length) break;
    if (from + 2 > source.length) throw new Error("an LZ4 block that ends too early");
    const distance = source[from] | source[from + 1] << 8;
    from += 2;
    const length = longer(token & 15) + leastMatch;
    if (distance === 0 || distance > to || to + length > target.length) {
      throw new Error("an LZ4 block that leads beyond its end");
    }
    to = repeat(target, to, distance, length);
  }
  if (to !== target.length) throw new Error(`${to} bytes where there should be ${target.length}`);
}

/**
 * Unpacks LZF.
 *
 * @throws {Error} unless it fills `target` exactly
 */
export function unpackLzf(source: Uint8Array, target: Uint8Array): void {
  let from = 0, to = 0;
  while (from < source.length) {
    const control = source[from++];
    let length: number, distance = 0;
    if (control < 32) length = control + 1;
    else {
      length = control >> 5;
      if (length === 7) length += source[from++];
      length += 2;
      distance = ((control & 31) << 8) + source[from++] + 1;
    }
    const end = control < 32 ? from + length : from;
    if (!(end <= source.length && to + length <= target.length && distance <= to)) {
      throw new Error("LZF that leads beyond its end");
    }
    if (control < 32) {
      to = take(source, from, target, to, length);
      from = end;
    } else to = repeat(target, to, distance, length);
  }
  if (to !== target.length) throw new Error(`${to} bytes where there should be ${target.length}`);
}

/** Copies `length` bytes; returns where they end. */
function take(source: Uint8Array, from: number, target: Uint8Array, to: number, length: number): number {
  if (length >= longPiece) {
    target.set(source.subarray(from, from + length), to);
    return to + length;
  }
  for (const end = to + length; to < end;) target[to++] = source[from++];
  return to;
}

/** Copies what lies `distance` bytes before, which may be what is being written. */
function repeat(target: Uint8Array, to: number, distance: number, length: number): number {
  if (distance >= length && length >= longPiece) {
    target.copyWithin(to, to - distance, to - distance + length);
    return to + length;
  }
  const end = to + length;
  if (distance === 1 && length >= longPiece) target.fill(target[to - 1], to, end);
  else for (; to < end; to++) target[to] = target[to - distance];
  return end;
}
