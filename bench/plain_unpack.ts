/** Unpacking of bitshuffle-LZ4 chunks in plain TypeScript, for 16-bit counts in whole blocks; for comparison only. */

/** Unpacks sound chunks into `into`, one after the other, each of `elements` counts. */
export function unpackChunks(chunks: readonly Uint8Array[], elements: number, into: Uint16Array): void {
  chunks.forEach((chunk, index) => {
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const blockElements = view.getUint32(8) / 2, planes = new Uint8Array(2 * blockElements);
    for (let done = 0, at = 12; done < elements; done += blockElements) {
      const count = Math.min(blockElements, elements - done), packed = view.getUint32(at);
      decodeLz4(chunk.subarray(at + 4, at + 4 + packed), planes);
      joinPlanes(planes, count, into.subarray(index * elements + done));
      at += 4 + packed;
    }
  });
}

function decodeLz4(block: Uint8Array, into: Uint8Array): void {
  let from = 0, to = 0;
  const lengthen = (count: number) => {
    if (count < 15) return count;
    let more;
    do count += more = block[from++]; while (more === 255);
    return count;
  };
  while (from < block.length) {
    const token = block[from++];
    for (let left = lengthen(token >> 4); left > 0; left--) into[to++] = block[from++];
    if (from >= block.length) return;
    const offset = block[from] | block[from + 1] << 8;
    from += 2;
    for (let left = lengthen(token & 15) + 4; left > 0; left--, to++) into[to] = into[to - offset];
  }
}

function joinPlanes(planes: Uint8Array, elements: number, into: Uint16Array): void {
  const stride = elements / 8;
  into.fill(0, 0, elements);
  for (let bit = 0; bit < 16; bit++) {
    for (let i = 0; i < stride; i++) {
      const bits = planes[bit * stride + i];
      if (bits === 0) continue;
      for (let element = 0; element < 8; element++) into[8 * i + element] |= (bits >> element & 1) << bit;
    }
  }
}
