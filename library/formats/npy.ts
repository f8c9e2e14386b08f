/** numpy's `.npy` files, read in place row by row. */

import { bytesOf, type PixelArray } from "../scan/dtype.ts";
import { CorruptFile } from "../scan/errors.ts";
import { plainFrame } from "../scan/frames.ts";
import { arrangePatterns, type PatternDescription, type PatternReader } from "../scan/pattern_reader.ts";
import type { Scan, ScanSource, Series } from "../scan/scan.ts";
import { pixelCount, probeCount } from "../scan/shape.ts";
import { storedFrames } from "../scan/stored.ts";
import { keepsForm, numberBytes, type StoredNumber } from "../scan/stored_number.ts";
import { arrangeAxes, type AxesArrangement } from "./axes.ts";
import { swapBytes } from "./byte_order.ts";
import { convertNumbers, readNumbers } from "./convert_numbers.ts";
import { type ByteSource, endsEarly, FileSource, orClose } from "../scan/byte_source.ts";
import type { Format, OpenOptions } from "./format.ts";
import { refuseDataset } from "./refuse_dataset.ts";
import type { StreamedBytes } from "./member_stream.ts";
import { presentRows } from "./partial_rows.ts";
import { scatteredNotes, ScatteredReader } from "./scattered_patterns.ts";
import { hasNpyMagic, type NpyHeader, parseDescriptor, readNpyHeader } from "./npy_header.ts";

/** numpy's `.npy`: C and Fortran order, both byte orders, 4D, 5D, or 3D with a scan shape. */
export const npyFormat: Format = {
  name: "numpy .npy",
  endings: ["npy"],
  recognises: ({ head }) => hasNpyMagic(head),
  async open({ path }, options) {
    refuseDataset(path, options);
    const file = FileSource.open(path);
    return await orClose(file, () => openNpy(file, options, { format: "npy", path }));
  },
};

/** What is known of an array beside its own file. */
export type ArrayKnowledge = Partial<Pick<PatternDescription, "calibration" | "warnings">>;

/**
 * Opens the npy file that `file` holds; the scan closes it.
 *
 * @param source what is said about the origin; the size in bytes is added
 * @throws {CorruptFile} when the header or the length of the file is wrong
 * @throws {UnsupportedFormat} when the array is of another number type, or not 3D to 5D
 * @throws {ShapeUnknown} when the array is 3D and no scan shape is given
 */
export function openNpy(
  file: ByteSource | StreamedBytes,
  options: OpenOptions,
  source: ScanSource,
  { calibration = {}, warnings = [] }: ArrayKnowledge = {},
): Scan | Series {
  const header = readNpyHeader(file);
  const { numbers, swapped } = parseDescriptor(header.descriptor, file.path),
    numberSize = numberBytes(numbers);
  const place = { file: source.path, dataset: source.dataset };
  const whole = arrangeAxes(header.shape, numberSize, options, place);
  const arrangement = options.partial && !header.fortranOrder
    ? presentPart(whole, header, numberSize, file, options)
    : whole;
  const dataBytes = arrangement === whole
    ? checkLength(header, numberSize, file)
    : probeCount(arrangement.shape) * pixelCount(arrangement.shape) * numberSize;
  const ignored = file.size - header.dataOffset - dataBytes;
  const { patternRows, patternColumns } = arrangement.shape;
  const patternBytes = patternRows * patternColumns * numberSize;

  const scattered = header.fortranOrder;
  const reader: PatternReader = scattered
    ? new ScatteredReader({
      source: file,
      offset: header.dataOffset,
      numbers,
      swapped,
      scan: arrangement.axes.slice(0, -2).map((axis) => header.shape[axis]),
      patternRows,
      patternColumns,
      firstAxisFastest: true,
    })
    : {
      readPatterns(first, _count, into) {
        const offset = header.dataOffset + first * patternBytes, kind = { numbers, swapped };
        if ("readLater" in file) return readNumbersLater(file, offset, kind, into);
        readNumbers(file, offset, kind, into);
      },
      close: () => file.close(),
    };
  return arrangePatterns({
    ...arrangement,
    numbers,
    calibration,
    source: { bytes: file.size, ...source, ...(scattered && { notes: scatteredNotes }) },
    // The checksum of an archive's member is followed while it is read in order, so threads read whole files only.
    stored: file instanceof FileSource && !scattered
      ? [storedFrames({
        path: file.path,
        offset: header.dataOffset,
        recordBytes: patternBytes,
        frame: plainFrame(patternRows, patternColumns, numbers, swapped),
        patterns: dataBytes / patternBytes,
      })]
      : undefined,
    warnings: [
      ...arrangement.warnings,
      ...warnings,
      ...(ignored > 0 ? [`${ignored} bytes after the end of the array were ignored`] : []),
    ],
  }, reader);
}

/** The whole rows that are there of an array that goes on; all of it where that is there. */
function presentPart(
  whole: AxesArrangement,
  { dataOffset }: NpyHeader,
  bytesPerPixel: number,
  { path, size }: ByteSource,
  { skipFrames }: OpenOptions,
): AxesArrangement {
  const found = Math.floor((size - dataOffset) / (pixelCount(whole.shape) * bytesPerPixel));
  if (found >= probeCount(whole.shape)) return whole;
  // Rows are counted once the first patterns are left out.
  if (skipFrames) return { ...whole, shape: { ...whole.shape, rows: 1, columns: Math.max(1, found) } };
  const { announcedRows = whole.announcedRows, ...scan } = presentRows(path, found, whole.shape);
  return { ...whole, shape: { ...whole.shape, ...scan }, announcedRows };
}

/**
 * Checks that the data are there before memory is taken for them.
 *
 * @returns number of bytes of the array
 * @throws {CorruptFile} when the file is shorter
 */
export function checkLength(header: NpyHeader, bytesPerPixel: number, file: ByteSource): number {
  const bytes = header.shape.reduce((product, length) => product * length, bytesPerPixel);
  if (!Number.isSafeInteger(bytes)) {
    throw new CorruptFile(`${file.path} claims the impossible shape ${header.shape.join(" x ")}`, {
      file: file.path,
      expected: "a shape whose bytes fit a file",
      found: header.shape.join(" x "),
      remedy: "save the array again with numpy.save",
    });
  }
  const available = file.size - header.dataOffset;
  if (bytes > available) throw endsEarly(file.path, header.dataOffset, bytes, available);
  return bytes;
}

/** As `readNumbers`, of bytes for which one may have to wait. */
async function readNumbersLater(
  file: StreamedBytes,
  offset: number,
  { numbers, swapped }: { readonly numbers: StoredNumber; readonly swapped: boolean },
  into: PixelArray,
): Promise<void> {
  const size = numberBytes(numbers);
  const bytes = keepsForm(numbers) ? bytesOf(into) : new Uint8Array(into.length * size);
  await file.readLater(offset, bytes);
  if (swapped) swapBytes(bytes, size);
  if (!keepsForm(numbers)) convertNumbers(numbers, bytes, into);
}
