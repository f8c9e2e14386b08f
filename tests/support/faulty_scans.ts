/** Scans whose detector is at fault, made of sound ones. */

import { createPixelArray, type DType, type PixelArray } from "../../library/scan/dtype.ts";
import { pixelCount, probeCount, type ScanShape } from "../../library/scan/shape.ts";
import { simulateScan } from "../../library/simulation/scan.ts";
import { seededRandom } from "./random.ts";

/** A sound scan of some grains in memory. */
export function soundScan(seed: number, dose = 2000): { shape: ScanShape; data: Uint16Array } {
  const parameters = { rows: 14, columns: 16, patternRows: 48, patternColumns: 56, grains: 3 };
  const scan = simulateScan({ ...parameters, seed, dose, hotPixels: 0 });
  const data = new Uint16Array(probeCount(scan.shape) * pixelCount(scan.shape));
  scan.readRows(0, scan.shape.rows, data);
  return { shape: scan.shape, data };
}

/** The same numbers in another type, times a factor. */
export function inType(data: ArrayLike<number>, dtype: DType, factor = 1): PixelArray {
  const array = createPixelArray(dtype, data.length);
  for (let i = 0; i < data.length; i++) array[i] = data[i] * factor;
  return array;
}

/** Shapes of broken places. */
export const places = ["row", "column", "cross", "block", "border", "corner", "gap"] as const;

/** Detector pixels of a broken place, drawn at random. */
export function brokenPixels(place: typeof places[number], shape: ScanShape, seed: number): number[] {
  const { patternRows, patternColumns } = shape, random = seededRandom(seed);
  const draw = (length: number) => Math.floor(random() * length);
  const row = draw(patternRows), column = draw(patternColumns), size = 2 + draw(4);
  const belongs = (y: number, x: number): boolean => {
    switch (place) {
      case "row":
        return y === row;
      case "column":
        return x === column;
      case "cross":
        return y === row || x === column;
      case "block":
        return Math.abs(y - row) < size && Math.abs(x - column) < size;
      case "border":
        return y === 0 || x === 0 || y === patternRows - 1 || x === patternColumns - 1;
      case "corner":
        return y < 2 * size && x < 2 * size;
      case "gap":
        return Math.abs(y - patternRows / 2) < 2 || Math.abs(x - patternColumns / 2) < 2;
    }
  };
  return Array.from({ length: patternRows * patternColumns }, (_, pixel) => pixel)
    .filter((pixel) => belongs(Math.floor(pixel / patternColumns), pixel % patternColumns));
}
