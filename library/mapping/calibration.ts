/** Direct beam, ellipse and pixel size of the patterns of a scan, measured on a known crystal. */

import type { Crystal } from "../crystal/crystal.ts";
import { structureFactors } from "../crystal/structure_factors.ts";
import type { RunOptions } from "../engine/options.ts";
import { withEngine } from "../engine/with_engine.ts";
import { findPeaks, type PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import { finestPlacing, type PeakOptions } from "../passes/bragg_peaks/peak_settings.ts";
import type { ProbeTemplate } from "../passes/bragg_peaks/probe_template.ts";
import type { BadPixelSource } from "../passes/detector/preparation.ts";
import { measureOrigins } from "../passes/origin/measure_origins.ts";
import type { Scan } from "../scan/scan.ts";
import { pairOrigins } from "./conjugate_pairs.ts";
import { type Ellipse, fitEllipse, type FittedEllipse } from "./ellipse.ts";
import { scanBlocks } from "./grouped_errors.ts";
import { fitOrigin, fitOriginMap, fixedOrigin, type OriginMap, type OriginModel } from "./origin.ts";
import { fitPixelSize, type FittedPixelSize, ringsOf } from "./pixel_size.ts";
import { beamRadii, ringPeaks } from "./ring_peaks.ts";

/** Ways of measuring the direct beam. */
export const originMethods: readonly OriginMethod[] = ["peaks", "brightest", "friedel", "pairs", "fixed"];

/**
 * `peaks`: the highest peak near the expected place. `brightest`: the centre of mass of the brightest disk. `friedel`: the centre
 * of inversion of the pattern, for beam stops. `pairs`: the middle of conjugate pairs of peaks. `fixed`: the expected place.
 */
export type OriginMethod = "peaks" | "brightest" | "friedel" | "pairs" | "fixed";

/** What is known of the patterns, and how they are measured. */
export interface CalibrationConditions {
  /** The crystal whose rings are fitted. */
  readonly crystal: Crystal;
  /** Longest reciprocal lattice vector in Å^-1 that patterns show; default 1.5. */
  readonly maximumLength?: number;
  /** Å^-1 per detector pixel, about. */
  readonly qPixelSize: number;
  /** What disks look like. */
  readonly template: ProbeTemplate;
  /** How peaks are placed; default by fits of drawn disks, and by `polyRaw` with a measured probe. */
  readonly subpixel?: PeakOptions["subpixel"];
  /** Where the direct beam should be, in detector pixels. */
  readonly center: { readonly row: number; readonly column: number };
  /** How it is measured at each probe; default `peaks`. */
  readonly originMethod?: OriginMethod;
  /** How it may move over the scan; default a plane. */
  readonly originModel?: OriginModel;
  /** Whether the patterns' stretch is measured; default true. */
  readonly ellipse?: boolean;
  /** Pixels that show nothing; default found. */
  readonly badPixels?: BadPixelSource;
  /** int32 (row, column): a number for the grain of each probe, for the errors; default blocks of the scan. */
  readonly grains?: Int32Array;
}

/** What was measured, each with its error. */
export interface DetectorMeasurement {
  /** The direct beam at every probe. */
  readonly origin: OriginMap;
  /** The stretch as it was fitted; `undefined` where that was not wanted, or too few peaks lie on rings. */
  readonly ellipseFit?: FittedEllipse;
  /** The stretch where it is certain. */
  readonly ellipse?: Ellipse;
  /** The size of a detector pixel, by the rings of the crystal. */
  readonly pixelSizeFit: FittedPixelSize;
}

/** An ellipse less certain than this many standard errors is taken for round. */
const certain = 3;
/** Rounds of pixel size and ellipse: each is measured with the other. */
const rounds = 2;

/**
 * Finds the Bragg disks of every pattern, the direct beam among them, and how far the rings of a known crystal are stretched
 * and scaled on the detector (spec of Bragg disks, 5). Errors come from the differences between grains.
 *
 * @throws {BadParameter} when there are no peaks or rings, or an option is out of range
 * @throws {CorruptFile} when the direct beam is found in hardly any pattern
 * @throws {OutOfResources} when the memory limit does not suffice
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { builtInCrystal, calibrateDetector, diskTemplate, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 8, columns: 8, grains: 6, seed: 1, patternRows: 96, patternColumns: 96 });
 * const { center, diskRadius, qPixelSize } = scan.truth;
 * const { origin, pixelSizeFit } = await calibrateDetector(scan, {
 *   crystal: await builtInCrystal("Au"),
 *   qPixelSize: 1.1 * qPixelSize,
 *   template: diskTemplate(diskRadius),
 *   center: { row: center[0], column: center[1] },
 * });
 * console.assert(origin.used > 0.9 && Math.abs(pixelSizeFit.qPixelSize / qPixelSize - 1) < 0.02);
 * ```
 */
export async function calibrateDetector(
  scan: Scan,
  conditions: CalibrationConditions,
  options: RunOptions = {},
): Promise<DetectorMeasurement> {
  const { crystal, maximumLength = 1.5, template, badPixels } = conditions;
  const { subpixel = finestPlacing(template) } = conditions;
  const reflections = structureFactors(crystal, { maximumLength });
  return await withEngine(options, async (engine) => {
    const run = { ...options, engine };
    const peaks = await findPeaks(scan, { template, subpixel, badPixels }, run);
    const rings = ringsOf(reflections).map(({ length }) => length), least = beamRadii * template.radius;
    const origin = await originsOf(scan, peaks, conditions, rings[0] / conditions.qPixelSize, run);
    const grains = conditions.grains ?? scanBlocks(scan.shape);
    const stretched = ringPeaks(peaks, origin.fitted, least);
    const groups = stretched.probe.map((probe) => grains[probe]);
    let pixelSizeFit = fitPixelSize(stretched, reflections, conditions.qPixelSize, groups);
    let ellipseFit: FittedEllipse | undefined;
    for (let round = 0; conditions.ellipse !== false && round < rounds; round++) {
      ellipseFit = fitEllipse(stretched, rings, pixelSizeFit.qPixelSize, groups);
      const straight = ringPeaks(peaks, origin.fitted, least, certainEllipse(ellipseFit));
      const of = straight.probe.map((probe) => grains[probe]);
      pixelSizeFit = fitPixelSize(straight, reflections, pixelSizeFit.qPixelSize, of);
    }
    return { origin, ellipseFit, ellipse: certainEllipse(ellipseFit), pixelSizeFit };
  });
}

function certainEllipse(ellipse: FittedEllipse | undefined): Ellipse | undefined {
  if (ellipse === undefined || !(ellipse.ratio - 1 > certain * ellipse.error)) return undefined;
  return { ratio: ellipse.ratio, angle: ellipse.angle };
}

/** Halfway between the beam and a disk as bright lies another centre of inversion: parts of the first ring's radius. */
const inversionReach = 0.4;

/**
 * The direct beam of every probe.
 *
 * @param ring radius of the first ring in pixels, about
 */
async function originsOf(
  scan: Scan,
  peaks: PeakLists,
  { center, template: { radius }, originMethod = "peaks", originModel = "plane", badPixels }:
    CalibrationConditions,
  ring: number,
  run: RunOptions,
): Promise<OriginMap> {
  const { shape } = scan, reach = 2 * radius + 4;
  switch (originMethod) {
    case "fixed":
      return fixedOrigin(shape, center);
    case "peaks":
      return fitOrigin(peaks, shape, center, reach, originModel);
    case "pairs": {
      const search = { least: beamRadii * radius, tolerance: 2 * radius };
      // Disks may be paired with the wrong ones where the beam is far from the centre; the fit leaves these out.
      const first = pairOrigins(peaks, { ...search, guess: fixedOrigin(shape, center).fitted });
      const guess = fitOriginMap(first, shape, originModel, "two conjugate pairs of disks").fitted;
      return fitOriginMap(pairOrigins(peaks, { ...search, guess }), shape, originModel);
    }
    default: {
      const search = originMethod === "brightest"
        ? { method: originMethod, guess: center, reach, radius } as const
        : { method: originMethod, guess: center, reach: Math.min(reach, inversionReach * ring) } as const;
      const { places, looked } = await measureOrigins(scan, { ...search, badPixels }, run);
      return fitOriginMap(places, shape, originModel, undefined, looked);
    }
  }
}
