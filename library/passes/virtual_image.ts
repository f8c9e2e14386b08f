/** Virtual detectors: one number a probe, the counts on part of the detector. */

import { at } from "../engine/address.ts";
import { type Engine, withEngine } from "../engine/engine.ts";
import type { RunOptions } from "../engine/options.ts";
import { chooseBand, type PassNeeds, rowCalls, streamRows, workingType } from "../engine/rows.ts";
import { CorruptFile } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount } from "../scan/shape.ts";
import { detectorMaskPixels, type FixedDetectorMask } from "./detector/detector_mask.ts";
import {
  type BadPixelSource,
  type DetectorCenter,
  type Preparation,
  prepareDetector,
} from "./detector/preparation.ts";

/** A virtual detector. */
export interface VirtualDetector {
  /** Pixels that are summed. A bright-field detector is a disk, a dark-field detector an annulus. */
  readonly detector: FixedDetectorMask;
  /** Where radii are measured from. */
  readonly center: DetectorCenter;
  /** Which detector pixels are not believed. */
  readonly badPixels: BadPixelSource;
}

/**
 * Sum of counts on a virtual detector for every probe.
 *
 * @returns float32 (row, column) sums of counts, in the scan's units
 * @throws {BadParameter} when the detector has no pixel
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { simulateScan, virtualImage } from "crystallite";
 *
 * const scan = simulateScan({ rows: 8, columns: 8, grains: 2, seed: 1 });
 * const darkField = await virtualImage(scan, {
 *   detector: { kind: "annulus", inner: 8, outer: 30 },
 *   center: { kind: "auto" },
 *   badPixels: { kind: "auto" },
 * });
 * console.assert(darkField.length === 64);
 * ```
 */
export async function virtualImage(
  scan: Scan,
  { detector, center, badPixels }: VirtualDetector,
  options: RunOptions = {},
): Promise<Float32Array> {
  return await withEngine(options, async (engine) => {
    const preparation = await prepareDetector(scan, { badPixels, center }, false, { ...options, engine });
    const { masked } = preparation.badPixels;
    const pixels = detectorMaskPixels(detector, scan.shape, preparation.center, masked);
    return await virtualPass(engine, scan, preparation, pixels, options);
  });
}

/** The pass over the scan; `detector` has 1 where pixels are summed, `null` means all. */
export async function virtualPass(
  engine: Engine,
  scan: Scan,
  { fill }: Pick<Preparation, "fill">,
  detector: Uint8Array | null,
  options: RunOptions,
): Promise<Float32Array> {
  const { rows, columns } = scan.shape;
  const pixels = pixelCount(scan.shape);
  const image = new Float32Array(rows * columns);
  const needs: PassNeeds = {
    behind: 0,
    ahead: 0,
    bytes: (band) => 4 * pixels + 8 * band * columns + 256,
  };
  const mark = engine.mark();
  try {
    const band = chooseBand(engine.available, scan, needs, engine.threads, options);
    const weights = engine.place(Float32Array.from({ length: pixels }, (_, pixel) => detector?.[pixel] ?? 1));
    const sums = engine.allocate(8 * band * columns);
    const settings = { needs, band, fill, stage: "virtual image" };
    await streamRows(engine, scan, settings, options, async ({ first, end, pointer }) => {
      await engine.run(rowCalls(first, end - first, columns, engine.threads, (row, from, to) => [
        `virtual${workingType(scan.dtype)}`,
        pointer(row),
        from,
        to,
        pixels,
        weights,
        at(sums, 8 * columns * (row - first)),
      ]));
      image.set(engine.view(Float64Array, sums, (end - first) * columns), first * columns);
      const bright = image.subarray(first * columns, end * columns).findIndex((sum) => !Number.isFinite(sum));
      if (bright >= 0) throw tooBright(scan, first + Math.floor(bright / columns), bright % columns);
    });
  } finally {
    engine.release(mark);
  }
  return image;
}

function tooBright(scan: Scan, row: number, column: number): CorruptFile {
  return new CorruptFile(`the sum of the pattern at row ${row}, column ${column} is beyond float32`, {
    file: scan.source.path,
    dataset: scan.source.dataset,
    expected: "sums below 3.4e38",
    found: "an infinite sum",
    parameter: "badPixels",
    remedy: "scale the data, or name the broken pixels with `badPixels: pixels`",
  });
}
