/** Virtual detectors: one number a probe, the counts on part of the detector. */

import { nowhere } from "../engine/address.ts";
import type { Engine } from "../engine/engine.ts";
import { withEngine } from "../engine/with_engine.ts";
import type { Memory, Ring } from "../engine/memory.ts";
import type { RunOptions } from "../engine/options.ts";
import type { Arena, Batches, Pass, PassScan, RowBlock } from "../engine/pass.ts";
import { rowCalls } from "../engine/row_calls.ts";
import { workingType } from "../engine/loaded_scan.ts";
import { runPasses } from "../engine/run_passes.ts";
import { CorruptFile } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount, probeCount } from "../scan/shape.ts";
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
  detector: VirtualDetector,
  options: RunOptions = {},
): Promise<Float32Array> {
  return await withEngine(options, async (engine) => {
    const { preparation, pixels } = await placeDetector(scan, detector, { ...options, engine });
    const pass = new VirtualImagePass(scan, pixels);
    return (await runPasses(engine, scan, preparation, [pass], options))[0];
  });
}

/**
 * Prepares the detector of a scan, whose warnings it hands on.
 *
 * @returns with the preparation 1 for each pixel of the virtual detector; `null` where all are
 * @throws {BadParameter} when the virtual detector has no pixel
 */
export async function placeDetector(
  scan: Scan,
  { detector, center, badPixels }: VirtualDetector,
  options: RunOptions & { readonly engine: Engine },
): Promise<{ readonly preparation: Preparation; readonly pixels: Uint8Array | null }> {
  const preparation = await prepareDetector(scan, { badPixels, center }, false, options);
  preparation.warnings.forEach((warning) => options.onWarning?.(warning));
  const { masked } = preparation.badPixels;
  const pixels = detectorMaskPixels(detector, scan.shape, preparation.center, masked, {
    what: "the virtual detector",
    parameter: "detector",
  });
  return { preparation, pixels };
}

/** Sums the counts of every pattern where a detector is. */
export class VirtualImagePass implements Pass<Float32Array> {
  readonly name = "virtual image";
  readonly #image: Float32Array;
  #weights = nowhere;
  #sums!: Ring;
  #arena!: Arena;

  /** @param detector 1 where pixels are summed; `null` means all */
  constructor(readonly scan: PassScan & Pick<Scan, "source">, readonly detector: Uint8Array | null) {
    this.#image = new Float32Array(probeCount(scan.shape));
  }

  reserve(memory: Memory, band: number): void {
    const { detector } = this, pixels = pixelCount(this.scan.shape);
    const weights = () => Float32Array.from({ length: pixels }, (_, pixel) => detector?.[pixel] ?? 1);
    this.#weights = memory.table("detector", 4 * pixels, weights);
    this.#sums = memory.ring("sums of counts", band, 8 * this.scan.shape.columns);
  }

  begin(arena: Arena): void {
    this.#arena = arena;
  }

  *block({ first, end, pointer }: RowBlock): Batches {
    const { shape, dtype } = this.scan, { columns } = shape, pixels = pixelCount(shape);
    yield rowCalls(first, end - first, columns, this.#arena.threads, (row, from, to) => [
      `virtual${workingType(dtype)}`,
      pointer(row),
      from,
      to,
      pixels,
      this.#weights,
      this.#sums(row),
    ]);
    for (let row = first; row < end; row++) {
      const sums = this.#arena.view(Float64Array, this.#sums(row), columns);
      this.#image.set(sums, row * columns);
      const bright = this.#image.subarray(row * columns, (row + 1) * columns)
        .findIndex((sum) => !Number.isFinite(sum));
      if (bright >= 0) throw tooBright(this.scan, row, bright);
    }
  }

  finish(): Float32Array {
    return this.#image;
  }
}

function tooBright(scan: Pick<Scan, "source">, row: number, column: number): CorruptFile {
  return new CorruptFile(`the sum of the pattern at row ${row}, column ${column} is beyond float32`, {
    file: scan.source.path,
    dataset: scan.source.dataset,
    expected: "sums below 3.4e38",
    found: "an infinite sum",
    parameter: "badPixels",
    remedy: "scale the data, or name the broken pixels with `badPixels: pixels`",
  });
}
