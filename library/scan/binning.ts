/** Binning of diffraction patterns: neighbouring detector pixels are summed. */

import type { Calibration } from "./calibration.ts";
import { bytesPerElement, type DType, type PixelArray } from "./dtype.ts";
import { deriveScan } from "./derive.ts";
import { BadParameter } from "./errors.ts";
import { RowBuffer } from "./row_buffer.ts";
import { checkRows, type Scan } from "./scan.ts";
import { pixelCount, probeCount, type ScanShape } from "./shape.ts";
import { recordedParts, type StoredPatterns, threadsRead } from "./stored.ts";

/**
 * The smallest number type that holds every sum of `factor` x `factor` pixels exactly; floats stay what they are.
 * Unsigned sums become u16, u32 or f64, signed ones i32 or f64 (which is exact up to 2^53).
 */
export function binnedDType(dtype: DType, factor: number): DType {
  if (dtype[0] === "f") return dtype;
  const bits = 8 * bytesPerElement(dtype);
  const pixels = factor * factor;
  if (dtype[0] === "i") return pixels * 2 ** (bits - 1) <= 2 ** 31 - 1 ? "i32" : "f64";
  const largest = pixels * (2 ** bits - 1);
  return largest < 2 ** 16 ? "u16" : largest < 2 ** 32 ? "u32" : "f64";
}

/**
 * Sums `factor` x `factor` detector pixels into one, in a number type that cannot overflow ({@link binnedDType}).
 * A binned pixel is bad where any of its pixels is. The reciprocal pixel size grows with it. Threads read it as they
 * read the scan. Factor 1 gives the scan itself; closing the result closes the scan.
 *
 * @throws {BadParameter} when the factor is not a whole number that divides both sides of the patterns
 */
export function binPatterns(scan: Scan, factor: number): Scan {
  const { patternRows, patternColumns } = scan.shape;
  if (
    !Number.isInteger(factor) || factor < 1 || patternRows % factor !== 0 || patternColumns % factor !== 0
  ) {
    throw cannotBin(scan, factor);
  }
  if (factor === 1) return scan;
  const shape = {
    ...scan.shape,
    patternRows: patternRows / factor,
    patternColumns: patternColumns / factor,
  };
  const dtype = binnedDType(scan.dtype, factor);
  const rowPixels = shape.columns * pixelCount(shape);
  const buffer = new RowBuffer(scan.dtype, scan.shape.columns * pixelCount(scan.shape));
  // Patterns of a row lie one below the other, so the row is one tall image.
  const lines = shape.columns * shape.patternRows;

  return deriveScan(scan, {
    shape,
    dtype,
    calibration: binCalibration(scan.calibration, factor),
    badPixels: scan.badPixels && binBadPixels(scan.badPixels, scan.shape, factor),
    // Sums of pixels that count may be larger.
    saturation: undefined,
    stored: scan.stored && binStored(scan, scan.stored, factor),
    readRows(first, count, into) {
      checkRows(shape, first, count, into);
      return buffer.lend(async (sourceRow) => {
        for (let row = 0; row < count; row++) {
          await scan.readRows(first + row, 1, sourceRow);
          const place = into.subarray(row * rowPixels, (row + 1) * rowPixels);
          sumLines(sourceRow, patternColumns, factor, place, lines);
        }
      });
    },
  });
}

/** Threads sum what they read. */
function binStored(
  { shape, dtype }: Scan,
  stored: StoredPatterns,
  factor: number,
): StoredPatterns | undefined {
  const { patternRows, patternColumns } = shape;
  // Sums of sums would be floats rounded twice.
  if (stored.some(({ kind }) => kind === "binned")) return undefined;
  const parts = recordedParts(stored), recorded = { patternRows, patternColumns, dtype };
  if (!threadsRead(parts, dtype)) return undefined;
  return [{ kind: "binned", factor, recorded, parts, patterns: probeCount(shape) }];
}

/**
 * Sums squares of an image, line by line of squares, each in float64 and in the order of its rows.
 *
 * @param columns of the image
 * @param sums of every square
 * @param lines of squares
 */
function sumLines(image: PixelArray, columns: number, factor: number, sums: PixelArray, lines: number): void {
  const across = columns / factor;
  for (let line = 0, to = 0; line < lines; line++) {
    const first = line * factor * columns;
    if (factor === 2) {
      for (let from = first; from < first + columns; from += 2) {
        sums[to++] = 0 + image[from] + image[from + 1] + image[from + columns] + image[from + columns + 1];
      }
      continue;
    }
    for (let column = 0; column < across; column++) {
      let sum = 0;
      for (let part = 0, start = first + factor * column; part < factor; part++, start += columns) {
        for (let from = start; from < start + factor; from++) sum += image[from];
      }
      sums[to++] = sum;
    }
  }
}

function cannotBin(scan: Scan, factor: number): BadParameter {
  const { patternRows, patternColumns } = scan.shape;
  const divisors: number[] = [];
  for (let divisor = 1; divisor <= Math.min(patternRows, patternColumns); divisor++) {
    if (patternRows % divisor === 0 && patternColumns % divisor === 0) divisors.push(divisor);
  }
  return new BadParameter(
    `patterns of ${patternRows} x ${patternColumns} pixels cannot be binned by ${factor}`,
    {
      file: scan.source.path,
      expected: `a factor that divides both sides: ${divisors.join(", ")}`,
      found: String(factor),
      parameter: "qBin",
      remedy: `give \`qBin\` one of ${divisors.join(", ")}`,
    },
  );
}

function binCalibration(calibration: Calibration, factor: number): Calibration {
  const { qPixelSize } = calibration;
  if (!qPixelSize) return calibration;
  const { row, column, unit } = qPixelSize;
  return { ...calibration, qPixelSize: { row: row * factor, column: column * factor, unit } };
}

/**
 * A map of bad pixels for the binned detector: a binned pixel is bad where any of its pixels is.
 *
 * @param badPixels nonzero = bad, (qy, qx) of the detector before binning
 * @param shape sizes before binning, which `factor` divides
 */
export function binBadPixels(
  badPixels: Uint8Array,
  shape: Pick<ScanShape, "patternColumns">,
  factor: number,
): Uint8Array {
  const columns = shape.patternColumns / factor;
  const binned = new Uint8Array(badPixels.length / (factor * factor));
  badPixels.forEach((bad, index) => {
    const row = Math.floor(index / shape.patternColumns), column = index % shape.patternColumns;
    if (bad) binned[Math.floor(row / factor) * columns + Math.floor(column / factor)] = 1;
  });
  return binned;
}
