/** Computing a simulated scan row by row, with progress. */

import type { RunOptions } from "../../library/engine/options.ts";
import type { SimulatedScan } from "../../library/simulation/scan.ts";
import { turn } from "../../library/engine/turn.ts";
import { pixelCount } from "../../library/scan/shape.ts";

/**
 * The scan rows in order, each u16 (columns, qy, qx). The array is used again for the next row.
 *
 * @throws {Aborted} when the signal fires
 */
export async function* simulatedRows(
  scan: SimulatedScan,
  { signal, onProgress }: RunOptions,
): AsyncGenerator<Uint16Array> {
  const { rows, columns } = scan.shape;
  const row = new Uint16Array(columns * pixelCount(scan.shape));
  for (let index = 0; index < rows; index++) {
    // Without a pause between rows Ctrl-C would wait for the end.
    await turn(signal);
    scan.readRows(index, 1, row);
    yield row;
    onProgress?.({ stage: "simulation", done: index + 1, total: rows });
  }
}
