/** Mean and maximum pattern of a whole scan. */

import { type Engine, withEngine } from "../engine/engine.ts";
import type { KernelCall } from "../engine/kernels.ts";
import type { RunOptions } from "../engine/options.ts";
import { chooseBand, type FillTable, type PassNeeds, streamRows, workingType } from "../engine/rows.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount, probeCount } from "../scan/shape.ts";

/** Pixels whose sums and maxima stay in the first-level cache while patterns pass. */
const tilePixels = 1024;

/** float32 (qy, qx) each, in counts. */
export interface WholeScan {
  readonly mean: Float32Array<ArrayBuffer>;
  readonly maximum: Float32Array<ArrayBuffer>;
}

/**
 * One pass over the scan. Sums are float64 in the order of the probes, so that the mean is that of one cluster of all
 * probes.
 *
 * @param fill bad pixels that are filled first
 * @throws {CorruptFile} when the scan cannot be read or holds values that are not finite
 * @throws {Aborted} when the signal fires
 */
export async function wholeScan(scan: Scan, fill: FillTable, options: RunOptions = {}): Promise<WholeScan> {
  return await withEngine(options, (engine) => wholePass(engine, scan, fill, options));
}

async function wholePass(
  engine: Engine,
  scan: Scan,
  fill: FillTable,
  options: RunOptions,
): Promise<WholeScan> {
  const { columns } = scan.shape;
  const pixels = pixelCount(scan.shape);
  const needs: PassNeeds = { behind: 0, ahead: 0, bytes: () => 12 * pixels + 256 };
  const mark = engine.mark();
  try {
    const band = chooseBand(engine.available, scan, needs, engine.threads, options);
    const sums = engine.allocate(8 * pixels), maxima = engine.allocate(4 * pixels);
    engine.view(Float64Array, sums, pixels).fill(0);
    engine.view(Float32Array, maxima, pixels).fill(-Infinity);
    const kernel = `whole${workingType(scan.dtype)}` as const;
    const settings = { needs, band, fill, stage: "mean and maximum" };
    await streamRows(engine, scan, settings, options, async ({ first, end, pointer }) => {
      const calls: KernelCall[][] = [];
      for (let from = 0; from < pixels; from += tilePixels) {
        const to = Math.min(pixels, from + tilePixels), tile: KernelCall[] = [];
        // Rows follow each other in the ring only until it ends.
        for (let row = first; row < end; row++) {
          tile.push([kernel, pointer(row), columns, pixels, from, to, sums, maxima]);
        }
        calls.push(tile);
      }
      await engine.run(calls);
    });
    const probes = probeCount(scan.shape);
    const sum = engine.view(Float64Array, sums, pixels);
    return {
      mean: Float32Array.from({ length: pixels }, (_, pixel) => sum[pixel] / probes),
      maximum: new Float32Array(engine.view(Float32Array, maxima, pixels)),
    };
  } finally {
    engine.release(mark);
  }
}
