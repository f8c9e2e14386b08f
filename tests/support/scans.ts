/** Small scans made by the tests themselves. */

import { createPixelArray, type DType } from "../../library/scan/dtype.ts";
import { scanFromArray } from "../../library/scan/scan_from_array.ts";
import type { Scan } from "../../library/scan/scan.ts";
import type { ScanShape } from "../../library/scan/shape.ts";
import { seededRandom } from "./random.ts";

/**
 * A scan of a few grains: each has its own pattern of spots on a common bright beam, with counting noise. Good enough to
 * be clustered, and made of nothing but this file.
 *
 * @param scale multiplies all counts; above about 100 the brightest need more than 15 bits
 */
export function grainScan(shape: ScanShape, dtype: DType = "u16", seed = 1, scale = 1): Scan {
  const random = seededRandom(seed);
  const { rows, columns, patternRows, patternColumns } = shape;
  const pixels = patternRows * patternColumns;
  const grains = Array.from({ length: 4 }, () => ({
    row: random() * rows,
    column: random() * columns,
    spots: Array.from(
      { length: 6 },
      () => ({ row: random() * patternRows, column: random() * patternColumns }),
    ),
  }));
  const expected = grains.map(({ spots }) =>
    Float64Array.from({ length: pixels }, (_, i) => {
      const row = Math.floor(i / patternColumns), column = i % patternColumns;
      const near = (y: number, x: number) => Math.exp(-((row - y) ** 2 + (column - x) ** 2) / 3);
      return 1 + 60 * near(patternRows / 2, patternColumns / 2) +
        spots.reduce((sum, spot) => sum + 25 * near(spot.row, spot.column), 0);
    })
  );
  const data = createPixelArray(dtype, rows * columns * pixels);
  for (let probe = 0; probe < rows * columns; probe++) {
    const row = Math.floor(probe / columns), column = probe % columns;
    const distances = grains.map((grain) => Math.hypot(grain.row - row, grain.column - column));
    const pattern = expected[distances.indexOf(Math.min(...distances))];
    for (let i = 0; i < pixels; i++) {
      const noise = (random() + random() + random() - 1.5) * Math.sqrt(pattern[i]);
      data[probe * pixels + i] = Math.max(0, Math.round((pattern[i] + noise) * scale));
    }
  }
  return scanFromArray(data, shape, { name: `grains ${seed}` });
}
