/** The patterns that are measured: simulated nanobeam diffraction of a gold film, 192 x 192 pixels of 16-bit counts. */

import { simulateScan } from "../library/simulation/scan.ts";

/** Patterns of a scan row. */
export const columns = 64;
/** Pixels along either side of a pattern. */
export const side = 192;
/** Pixels of a pattern. */
export const pixels = side * side;
/** Bytes of a row of 16-bit counts. */
export const rowBytes = 2 * columns * pixels;

/** A simulated scan of 64 columns, 16 grains to a square of 64 x 64 probes. */
function simulatedScan(rows: number) {
  return simulateScan({
    rows,
    columns,
    patternRows: side,
    patternColumns: side,
    grains: Math.max(1, Math.round(16 * rows / columns)),
    hotPixels: 0,
    seed: 1,
  });
}

/** The rows of a simulated scan. */
export function simulatedRows(rows: number): Uint16Array {
  const counts = new Uint16Array(rows * columns * pixels);
  simulatedScan(rows).readRows(0, rows, counts);
  return counts;
}
