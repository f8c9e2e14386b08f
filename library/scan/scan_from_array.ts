/** A scan that lies in memory. */

import type { Calibration } from "./calibration.ts";
import { demandLength } from "./demand.ts";
import { type DType, dtypeOf, type PixelArray } from "./dtype.ts";
import { BadParameter } from "./errors.ts";
import { checkRows, type Scan } from "./scan.ts";
import { formatShape, pixelCount, probeCount, type ScanShape } from "./shape.ts";

/**
 * A scan over an array that already lies in memory; the array is used, not copied.
 *
 * @param data pixels in the order (row, column, qy, qx)
 * @param shape sizes whose product is the array's length
 * @param options calibration, bad pixels and a name for messages
 * @throws {BadParameter} when array, bad pixels and shape do not fit, the array is of no type of pixels, or a size is not a
 * positive whole number
 *
 * @example
 * ```ts
 * import { scanFromArray } from "crystallite";
 *
 * const shape = { rows: 4, columns: 5, patternRows: 8, patternColumns: 8 };
 * const scan = scanFromArray(new Uint16Array(4 * 5 * 8 * 8), shape);
 * console.assert(scan.dtype === "u16");
 * ```
 */
export function scanFromArray(
  data: PixelArray,
  shape: ScanShape,
  options: { readonly calibration?: Calibration; readonly badPixels?: Uint8Array; readonly name?: string } =
    {},
): Scan {
  const sizes = [shape.rows, shape.columns, shape.patternRows, shape.patternColumns];
  if (!sizes.every((size) => Number.isInteger(size) && size > 0)) {
    throw new BadParameter("the sizes of a scan must be whole numbers of at least 1", {
      expected: "rows, columns, patternRows and patternColumns of at least 1",
      found: formatShape(shape),
      parameter: "shape",
      remedy: "give the sizes of the array's four axes",
    });
  }
  const rowLength = shape.columns * pixelCount(shape);
  if (data.length !== probeCount(shape) * pixelCount(shape)) {
    throw new BadParameter("the array does not fit the shape", {
      expected: `${formatShape(shape)} = ${probeCount(shape) * pixelCount(shape)} pixels`,
      found: `${data.length} pixels`,
      parameter: "shape",
      remedy: "give the sizes of the array's four axes",
    });
  }
  const { badPixels } = options;
  if (badPixels) demandLength("badPixels", badPixels, pixelCount(shape));
  return {
    shape,
    dtype: typeOf(data),
    calibration: options.calibration ?? {},
    source: { format: "array", path: options.name ?? "array in memory" },
    badPixels,
    warnings: [],
    readRows(first, count, into) {
      checkRows(shape, first, count, into);
      into.set(data.subarray(first * rowLength, (first + count) * rowLength));
    },
    close() {},
  };
}

/** The type of an array's numbers. */
function typeOf(data: PixelArray): DType {
  try {
    return dtypeOf(data);
  } catch (cause) {
    throw new BadParameter("the array is of no type that pixels have", {
      expected: "a typed array such as Uint16Array or Float32Array",
      found: Object.prototype.toString.call(data),
      remedy: "copy the numbers into a typed array",
    }, { cause });
  }
}
