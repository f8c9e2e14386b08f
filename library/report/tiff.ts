/** TIFF, the one image format that microscopists' programs open without losing numbers: floats, and labels. */

/** Numbers of an image. */
type ImageValues = Float32Array | Uint16Array;

/** Tags of the one image a file holds: (tag, type, value); types 3 = 16-bit, 4 = 32-bit. */
const shortType = 3, longType = 4;

const headerBytes = 8;
/** Bytes of a directory of one image. */
const directoryBytes = 2 + 10 * 12 + 4;
/** A page of a stack: its directory, then its numbers, both at even offsets. */
const pageHeadBytes = 128;

/**
 * A little-endian, uncompressed, single-strip TIFF 6.0 image of 32-bit IEEE floats, black is zero.
 *
 * @param values float32 (rows, columns) row-major
 * @throws {RangeError} when `values` does not hold rows x columns numbers, or the file would pass 4 GiB
 */
export function encodeFloatTiff(values: Float32Array, rows: number, columns: number): Uint8Array {
  return encodeImage(values, rows, columns);
}

/**
 * The same of labels: unsigned 16-bit numbers.
 *
 * @param values uint16 (rows, columns) row-major
 * @throws {RangeError} when `values` does not hold rows x columns numbers, or the file would pass 4 GiB
 */
export function encodeLabelTiff(values: Uint16Array, rows: number, columns: number): Uint8Array {
  return encodeImage(values, rows, columns);
}

function encodeImage(values: ImageValues, rows: number, columns: number): Uint8Array {
  checkSize(values, rows, columns);
  // Directories begin at even offsets, as both kinds of numbers end.
  const directory = headerBytes + values.byteLength;
  const bytes = new Uint8Array(checkLength(directory + directoryBytes));
  const view = new DataView(bytes.buffer);
  writeHeader(view, directory);
  writeValues(view, headerBytes, values);
  writeDirectory(view, directory, { ...formatOf(values), rows, columns, values: headerBytes, next: 0 });
  return bytes;
}

/** Sizes of a TIFF file of several images. */
export interface TiffStack {
  readonly pages: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Bytes of a stack of float images, as ImageJ and others open it.
 *
 * @throws {RangeError} when it would pass 4 GiB
 */
export function tiffStackBytes({ pages, rows, columns }: TiffStack): number {
  return checkLength(headerBytes + pages * (pageHeadBytes + 4 * rows * columns));
}

/** The first bytes of a stack, which has at least one page. */
export function tiffStackHeader(): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  writeHeader(new DataView(bytes.buffer), headerBytes);
  return bytes;
}

/**
 * One page of a stack and where it lies in the file; pages can be written in any order.
 *
 * @throws {RangeError} when `values` does not hold an image
 */
export function tiffStackPage(
  { pages, rows, columns }: TiffStack,
  page: number,
  values: Float32Array,
): { offset: number; bytes: Uint8Array } {
  checkSize(values, rows, columns);
  const length = pageHeadBytes + 4 * values.length, offset = headerBytes + page * length;
  const bytes = new Uint8Array(length), view = new DataView(bytes.buffer);
  const next = page + 1 < pages ? offset + length : 0;
  writeDirectory(view, 0, { ...formatOf(values), rows, columns, values: offset + pageHeadBytes, next });
  writeValues(view, pageHeadBytes, values);
  return { offset, bytes };
}

/** Bits of a number, and what TIFF calls its kind: 1 = unsigned, 3 = IEEE float. */
function formatOf(values: ImageValues): { readonly bits: number; readonly kind: number } {
  return { bits: 8 * values.BYTES_PER_ELEMENT, kind: values instanceof Float32Array ? 3 : 1 };
}

function checkSize(values: ImageValues, rows: number, columns: number): void {
  if (values.length === rows * columns) return;
  throw new RangeError(`${values.length} values are not an image of ${rows} x ${columns}`);
}

function checkLength(bytes: number): number {
  if (bytes > 0xffff_ffff) throw new RangeError("a TIFF file cannot hold 4 GiB");
  return bytes;
}

function writeHeader(view: DataView, directory: number): void {
  view.setUint16(0, 0x4949, true);
  view.setUint16(2, 42, true);
  view.setUint32(4, directory, true);
}

function writeValues(view: DataView, at: number, values: ImageValues): void {
  if (values instanceof Float32Array) {
    for (let i = 0; i < values.length; i++) view.setFloat32(at + 4 * i, values[i], true);
  } else {
    for (let i = 0; i < values.length; i++) view.setUint16(at + 2 * i, values[i], true);
  }
}

/** Sizes of an image, where its numbers lie in the file, and the directory of the next image; 0 = none. */
interface ImageFacts {
  readonly rows: number;
  readonly columns: number;
  readonly values: number;
  readonly next: number;
  readonly bits: number;
  readonly kind: number;
}

function writeDirectory(
  view: DataView,
  at: number,
  { rows, columns, values, next, bits, kind }: ImageFacts,
): void {
  const entries: [tag: number, type: number, value: number][] = [
    [256, longType, columns], // ImageWidth
    [257, longType, rows], // ImageLength
    [258, shortType, bits], // BitsPerSample
    [259, shortType, 1], // Compression: none
    [262, shortType, 1], // PhotometricInterpretation: black is zero
    [273, longType, values], // StripOffsets
    [277, shortType, 1], // SamplesPerPixel
    [278, longType, rows], // RowsPerStrip
    [279, longType, bits / 8 * rows * columns], // StripByteCounts
    [339, shortType, kind], // SampleFormat
  ];
  view.setUint16(at, entries.length, true);
  entries.forEach(([tag, type, value], i) => {
    const entry = at + 2 + 12 * i;
    view.setUint16(entry, tag, true);
    view.setUint16(entry + 2, type, true);
    view.setUint32(entry + 4, 1, true);
    // A 16-bit value lies in the first two bytes, which little-endian 32 bits fill the same way.
    view.setUint32(entry + 8, value, true);
  });
  view.setUint32(at + directoryBytes - 4, next, true);
}
