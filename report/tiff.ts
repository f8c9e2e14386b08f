/** Float TIFF, the one image format that microscopists' programs open without losing numbers. */

/** Tags of the one image a file holds: (tag, type, value); types 3 = 16-bit, 4 = 32-bit. */
const shortType = 3, longType = 4;

/**
 * A little-endian, uncompressed, single-strip TIFF 6.0 image of 32-bit IEEE floats, black is zero.
 *
 * @param values float32 (rows, columns) row-major
 * @throws {RangeError} when `values` does not hold rows x columns numbers, or the file would pass 4 GiB
 */
export function encodeFloatTiff(values: Float32Array, rows: number, columns: number): Uint8Array {
  if (values.length !== rows * columns) {
    throw new RangeError(`${values.length} values are not an image of ${rows} x ${columns}`);
  }
  const headerBytes = 8;
  const stripBytes = values.length * 4;
  const entries: [tag: number, type: number, value: number][] = [
    [256, longType, columns], // ImageWidth
    [257, longType, rows], // ImageLength
    [258, shortType, 32], // BitsPerSample
    [259, shortType, 1], // Compression: none
    [262, shortType, 1], // PhotometricInterpretation: black is zero
    [273, longType, headerBytes], // StripOffsets
    [277, shortType, 1], // SamplesPerPixel
    [278, longType, rows], // RowsPerStrip
    [279, longType, stripBytes], // StripByteCounts
    [339, shortType, 3], // SampleFormat: IEEE float
  ];
  const directory = headerBytes + stripBytes;
  const directoryBytes = 2 + entries.length * 12 + 4;
  if (directory + directoryBytes > 0xffff_ffff) throw new RangeError("a TIFF file cannot hold 4 GiB");

  const bytes = new Uint8Array(directory + directoryBytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x4949, true);
  view.setUint16(2, 42, true);
  view.setUint32(4, directory, true);
  for (let i = 0; i < values.length; i++) view.setFloat32(headerBytes + 4 * i, values[i], true);
  view.setUint16(directory, entries.length, true);
  entries.forEach(([tag, type, value], i) => {
    const at = directory + 2 + 12 * i;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, 1, true);
    // A 16-bit value lies in the first two bytes, which little-endian 32 bits fill the same way.
    view.setUint32(at + 8, value, true);
  });
  return bytes;
}
