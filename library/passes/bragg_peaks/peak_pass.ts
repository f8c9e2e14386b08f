/** Bragg peaks of every pattern of a scan. */

import { type Address, at, nowhere } from "../../engine/address.ts";
import type { KernelCall } from "../../engine/kernels.ts";
import { threadScratch } from "../../engine/kernels.ts";
import type { Memory, Ring } from "../../engine/memory.ts";
import type { RunOptions } from "../../engine/options.ts";
import type { Arena, Pass, PassScan } from "../../engine/pass.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import { runPasses } from "../../engine/run_passes.ts";
import { withEngine } from "../../engine/with_engine.ts";
import type { Scan } from "../../scan/scan.ts";
import { probeCount } from "../../scan/shape.ts";
import { type BadPixelSource, prepareDetector } from "../detector/preparation.ts";
import {
  centredImage,
  type CorrelogramSizes,
  correlogramSizes,
  imageSpectrum,
  planTable,
  templateRoom,
  upsamplingWaves,
} from "./fourier_plan.ts";
import { type PeakOptions, type PeakSettings, peakSettings } from "./peak_settings.ts";
import { surroundings } from "./probe_template.ts";
import { templateCover } from "./template_cover.ts";

/** Peaks of the patterns of a scan, those of a pattern together, the highest first. */
export interface PeakLists {
  /** Peaks of probe i, counted along rows of the scan, are offsets[i] .. offsets[i + 1] - 1; uint32 [probes + 1]. */
  readonly offsets: Uint32Array;
  /** Row on the detector in pixels, to a fraction; pixel centres are whole numbers. */
  readonly row: Float32Array;
  /** Column on the detector in pixels. */
  readonly column: Float32Array;
  /** Height of the correlogram: counts per pixel of the disk above its surroundings. */
  readonly height: Float32Array;
}

/**
 * Finds the Bragg peaks of every pattern (R. Yuan et al. and B. Savitzky et al., Microsc. Microanal. 27, 712, 2021): maxima
 * of the blurred cross-correlation with a template, placed by parabolas on the correlogram itself or on a finer grid. Where
 * pixels are masked, what is seen of the template counts.
 *
 * @throws {BadParameter} when an option is out of range
 * @throws {OutOfResources} when the memory limit does not suffice
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { diskTemplate, findPeaks, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 4, columns: 4, grains: 2, seed: 1 });
 * const peaks = await findPeaks(scan, { template: diskTemplate(2.5) });
 * console.assert(peaks.offsets.length === 17 && peaks.row.length === peaks.offsets[16]);
 * ```
 */
export async function findPeaks(
  scan: Scan,
  options: PeakOptions & { readonly badPixels?: BadPixelSource },
  run: RunOptions = {},
): Promise<PeakLists> {
  return await withEngine(run, async (engine) => {
    const { badPixels = { kind: "auto" } } = options;
    const preparation = await prepareDetector(scan, { badPixels, center: { kind: "index" } }, false, {
      ...run,
      engine,
    });
    preparation.warnings.forEach((warning) => run.onWarning?.(warning));
    const pass = new PeakPass(scan, options, preparation.badPixels.masked);
    return (await runPasses(engine, scan, preparation, [pass], run))[0];
  });
}

/** Bytes of one peak as kernels write it. */
const peakBytes = 12;

/** Finds peaks while patterns pass by. */
export class PeakPass implements Pass<PeakLists> {
  readonly name = "Bragg peaks";
  readonly #settings: PeakSettings;
  readonly #sizes: CorrelogramSizes;
  readonly #counts: Uint32Array;
  readonly #found: Float32Array[] = [];
  #arena!: Arena;
  #spectrum = nowhere;
  #tallPlan = nowhere;
  #widePlan = nowhere;
  #table = nowhere;
  #waves = nowhere;
  #cover = nowhere;
  #around = nowhere;
  #peakRows!: Ring;
  #countRows!: Ring;

  /** @param masked indices of detector pixels that count nothing */
  constructor(
    readonly scan: PassScan,
    readonly options: PeakOptions,
    readonly masked: readonly number[] = [],
  ) {
    const { patternRows, patternColumns } = scan.shape;
    this.#settings = peakSettings(options, patternRows, patternColumns);
    this.#sizes = options.template
      ? correlogramSizes(patternRows, patternColumns)
      : { tall: 0, wide: 8 * Math.ceil(patternColumns / 8), half: 0 };
    this.#counts = new Uint32Array(probeCount(scan.shape));
  }

  reserve(memory: Memory, band: number): void {
    const { masked, scan: { shape: { columns, patternRows, patternColumns } } } = this;
    const { tall, wide, half } = this.#sizes, { table, most, subpixel, upsampling } = this.#settings;
    this.#reserveTemplate(memory);
    if (masked.length > 0) {
      const sizes = { rows: patternRows, columns: patternColumns, wide };
      this.#cover = memory.table(
        "seen parts of the template",
        8 * patternRows * wide,
        () => templateCover(masked, this.options.template, sizes),
      );
    }
    this.#table = memory.table("peak settings", table.byteLength, () => table);
    this.#peakRows = memory.ring("peaks", 2 * band, peakBytes * most * columns);
    this.#countRows = memory.ring("numbers of peaks", 2 * band, 4 * columns);
    const planes = 8 * patternRows * wide, list = 2 * patternRows * patternColumns + 192;
    // The places of `multicorr` take room of their own, and the spectrum stays for them.
    const side = 4 * Math.ceil((3 * upsampling + 1) / 8), finer = subpixel === "multicorr";
    const room = Math.max(
      half > 0 ? templateRoom({ tall, wide, half }) : 0,
      finer ? 4 * (4 * side * half + side * side) : 0,
      4 * (wide + 64),
    );
    memory.scratch(planes + list + room + (finer ? 8 * half * wide : 0));
  }

  #reserveTemplate(memory: Memory): void {
    const { options: { template }, masked } = this, sizes = this.#sizes, { tall, wide, half } = sizes;
    if (!template) return;
    const { pixels, side, radius } = template, bytes = 8 * wide * half;
    this.#spectrum = memory.table(
      "spectrum of the template",
      bytes,
      () => imageSpectrum(centredImage(pixels, side), sizes, true),
    );
    this.#tallPlan = planTable(memory, tall);
    this.#widePlan = planTable(memory, wide);
    if (masked.length > 0) {
      this.#around = memory.table(
        "spectrum of its surroundings",
        bytes,
        () => imageSpectrum(centredImage(surroundings(side, radius), side), sizes, true),
      );
    }
    const { subpixel, upsampling } = this.#settings;
    if (subpixel !== "multicorr") return;
    this.#waves = memory.table(
      "waves",
      8 * upsampling * (tall + wide),
      () => upsamplingWaves(sizes, upsampling),
    );
  }

  begin(arena: Arena): void {
    this.#arena = arena;
  }

  /** @param wanted uint8 for each of these patterns, 0 where nobody asks for its peaks; default: all are wanted */
  follow(row: number, from: number, to: number, patterns: Address, wanted = nowhere): KernelCall[] {
    const { patternRows, patternColumns } = this.scan.shape, { tall, wide, half } = this.#sizes;
    const { subpixel, most } = this.#settings, { template } = this.options;
    const peaks = at(this.#peakRows(row), from * most * peakBytes),
      counts = at(this.#countRows(row), 4 * from);
    const type = workingType(this.scan.dtype), count = to - from;
    const find = [
      `peaks${type}` as const,
      ...[patterns, count, patternRows, patternColumns, tall, wide, half] as const,
      ...[this.#spectrum, this.#tallPlan, this.#widePlan, this.#table] as const,
      ...[this.#waves, this.#cover, this.#around, wanted, peaks, counts, threadScratch] as const,
    ] as const;
    if (subpixel !== "fit") return [find];
    return [find, [
      `placeDisks${type}`,
      ...[patterns, count, patternRows, patternColumns, most] as const,
      ...[template!.radius, template!.edge!, this.#cover, wide, peaks, counts, threadScratch] as const,
    ]];
  }

  /** Takes the peaks of finished rows out of the ring. */
  done(first: number, end: number): void {
    const { columns } = this.scan.shape, { most } = this.#settings;
    for (let row = first; row < end; row++) {
      const counts = this.#arena.view(Int32Array, this.#countRows(row), columns);
      const slots = this.#arena.view(Float32Array, this.#peakRows(row), 3 * most * columns);
      this.#counts.set(counts, row * columns);
      const peaks = new Float32Array(3 * counts.reduce((sum, count) => sum + count, 0));
      let filled = 0;
      counts.forEach((count, column) => {
        peaks.set(slots.subarray(3 * most * column, 3 * (most * column + count)), filled);
        filled += 3 * count;
      });
      this.#found.push(peaks);
    }
  }

  finish(): PeakLists {
    const offsets = new Uint32Array(this.#counts.length + 1);
    this.#counts.forEach((count, probe) => offsets[probe + 1] = offsets[probe] + count);
    const length = offsets[this.#counts.length];
    const lists = {
      offsets,
      row: new Float32Array(length),
      column: new Float32Array(length),
      height: new Float32Array(length),
    };
    let peak = 0;
    for (const peaks of this.#found) {
      for (let index = 0; index < peaks.length; index += 3, peak++) {
        lists.row[peak] = peaks[index];
        lists.column[peak] = peaks[index + 1];
        lists.height[peak] = peaks[index + 2];
      }
    }
    return lists;
  }
}
