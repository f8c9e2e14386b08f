/** Simulated scans in `.npy` files, for everything that is measured from opening to result. */

import { NpyWriter } from "../library/formats/npy_writer.ts";
import { simulateScan } from "../library/simulation/scan.ts";

/** Sizes of a scan of square patterns. */
export interface ScanSize {
  readonly rows: number;
  readonly columns: number;
  /** Detector pixels along either side of a pattern. */
  readonly side: number;
}

/** Bytes of the patterns, 16-bit counts. */
export function scanBytes({ rows, columns, side }: ScanSize): number {
  return 2 * rows * columns * side * side;
}

/** Electrons for each detector pixel, so that patterns of any size are as noisy: 20000 on 192 x 192 pixels. */
const dosePerPixel = 20000 / 192 ** 2;

/** Writes a simulated scan of 16-bit counts, one grain to each square of 16 x 16 probes; it stays in the page cache. */
export function writeSimulatedScan(path: string, { rows, columns, side }: ScanSize): void {
  const scan = simulateScan({
    rows,
    columns,
    patternRows: side,
    patternColumns: side,
    grains: Math.max(2, Math.round(rows * columns / 256)),
    dose: Math.round(dosePerPixel * side * side),
    hotPixels: 0,
    seed: 1,
  });
  const writer = NpyWriter.create(path, "u16", [rows, columns, side, side]);
  const row = new Uint16Array(columns * side * side);
  for (let index = 0; index < rows; index++) {
    scan.readRows(index, 1, row);
    writer.write(row);
  }
  writer.close();
}
