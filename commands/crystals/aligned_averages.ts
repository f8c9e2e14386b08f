/** The averages that orientations are found on: about a common origin where descan would smear their disks. */

import { join } from "node:path";
import type { Command } from "commander";
import { withEngine } from "../../library/engine/with_engine.ts";
import { NpyWriter } from "../../library/formats/npy_writer.ts";
import { openScan } from "../../library/formats/open.ts";
import { inTemporaryFolder } from "../../library/formats/temporary_file.ts";
import {
  alignedAverages,
  alignmentOf,
  averageOrigins,
  noticeableDescan,
} from "../../library/mapping/alignment.ts";
import { fitOriginMap, type OriginMap } from "../../library/mapping/origin.ts";
import { findDirectBeam } from "../../library/passes/detector/bad_pixels_and_beam.ts";
import { sampleDetector } from "../../library/passes/detector/detector_sample.ts";
import type { BadPixelSource } from "../../library/passes/detector/preparation.ts";
import { measureOrigins } from "../../library/passes/origin/measure_origins.ts";
import { readCalibratedOrigin, readCalibration } from "../../library/results/read_calibration.ts";
import type { StoredResult } from "../../library/results/read.ts";
import { openScanOf } from "../../library/results/scan_of_result.ts";
import { BadParameter, FileUnavailable } from "../../library/scan/errors.ts";
import type { Scan } from "../../library/scan/scan.ts";
import type { CommandRun } from "../console/command_context.ts";
import { formatNumber } from "../console/format_quantity.ts";
import { isUnclear } from "./calibration_summary.ts";
import { badPixelsOf } from "./probe_peaks.ts";
import { openAverages } from "./result_averages.ts";

/** What may be said of it. */
export interface AlignmentFlags {
  /** Whether averages are made about a common origin; by itself where it matters. */
  readonly align?: boolean;
  /** The scan that was clustered, where it lies elsewhere. */
  readonly scan?: string;
}

/** Adds `--align` and `--no-align`. */
export function addAlignmentOptions(command: Command): Command {
  return command
    .option(
      "--align",
      "average the patterns of each cluster about a common origin (default: where the direct beam moves by more than " +
        "half a pixel)",
    )
    .option("--no-align", "take the averages as they are (default: as said of --align)");
}

/** What run.json says of it. */
export interface AlignmentRecord {
  /** Whether all averages were made anew, about a common origin. */
  readonly aligned: boolean;
  /** Why not, where that was not asked for. */
  readonly reason?: string;
  /** Largest distance in pixels of an origin from the mean one, and how certain the origins are. */
  readonly origin?: Omit<OriginMap, "fitted" | "measured">;
  /** The common origin in detector pixels. */
  readonly center?: { readonly row: number; readonly column: number };
}

/** Averages to be looked at, until they are closed. */
export interface OrientedAverages {
  /** One pattern for each cluster, as a scan of one row. */
  readonly averages: Scan;
  /** Pixels that show nothing. */
  readonly badPixels: BadPixelSource;
  readonly record: AlignmentRecord;
  /** float32 (row, column, 2): the origin of each probe, where it is known. */
  readonly origin?: Float32Array;
  /** float32 (cluster, 2): the direct beam of each average, where `calibrate` measured it. */
  readonly knownOrigin?: Float32Array;
  /** Path of the file of aligned averages. */
  readonly path?: string;
  close(): void;
}

/** The beam is looked for within so many radii, and pixels, of where it is in the mean. */
const reachRadii = 2, reachPixels = 6;

/** The averages of a result, aligned if that was asked for, or if nothing was and the origin moves noticeably. */
export async function averagesToOrient(
  run: CommandRun,
  stored: StoredResult,
  flags: AlignmentFlags,
): Promise<OrientedAverages> {
  if (flags.align === false) return await asTheyAre(stored, { aligned: false });
  let scan: Scan;
  try {
    scan = await openScanOf(stored, flags.scan, { signal: run.options.signal });
  } catch (cause) {
    const absent = cause instanceof FileUnavailable || cause instanceof BadParameter;
    if (flags.align || flags.scan !== undefined || !absent) throw cause;
    return await warned(run, stored, `the scan cannot be read: ${cause.message}`);
  }
  try {
    const { origin: { fitted, measured: _, ...origin }, radius } = await originOf(run, stored, scan);
    const { used, descan } = origin, given = used === 0;
    if (!flags.align && !given && isUnclear(origin, radius)) {
      return await warned(run, stored, "the direct beam is not clear; crystallite calibrate has other ways", {
        origin,
      });
    }
    if (!flags.align && descan <= noticeableDescan) {
      return { ...await asTheyAre(stored, { aligned: false, origin }), origin: fitted };
    }
    return await aligned(run, stored, scan, fitted, origin);
  } finally {
    scan.close();
  }
}

async function asTheyAre(stored: StoredResult, record: AlignmentRecord): Promise<OrientedAverages> {
  const averages = await openAverages(stored, false), badPixels = badPixelsOf(stored, "masked");
  const known = readCalibratedOrigin(stored)?.fitted;
  const knownOrigin = known && averageOrigins(known, stored.labels, stored.run.clusters, false);
  return { averages, badPixels, record, knownOrigin, close: () => averages.close() };
}

async function warned(
  run: CommandRun,
  stored: StoredResult,
  reason: string,
  more: Partial<AlignmentRecord> = {},
): Promise<OrientedAverages> {
  run.warn(`averages are not aligned: ${reason}`);
  return await asTheyAre(stored, { aligned: false, reason, ...more });
}

/**
 * The origins that `calibrate` found, else those of the brightest disks, near the place that was given to `cluster` if one was;
 * and the radius of disks in pixels.
 */
async function originOf(
  run: CommandRun,
  stored: StoredResult,
  scan: Scan,
): Promise<{ readonly origin: OriginMap; readonly radius: number }> {
  const calibrated = readCalibratedOrigin(stored);
  if (calibrated) {
    return { origin: calibrated, radius: readCalibration(stored.run, stored.directory)!.diskRadius };
  }
  return await withEngine(run.options, async (engine) => {
    const options = { ...run.options, engine };
    const badPixels = badPixelsOf(stored);
    const beam = findDirectBeam(await sampleDetector(scan, options), scan.shape, badPixels.bad);
    const radius = Math.max(1, beam.radius), reach = reachRadii * radius + reachPixels;
    const guess = givenCenter(stored) ?? beam;
    const { places } = await measureOrigins(scan, {
      ...{ method: "brightest", guess, radius, reach },
      badPixels,
    }, options);
    return { origin: fitOriginMap(places, stored.shape), radius };
  });
}

/** Where the clustering was told that the direct beam is; `undefined` where it was not. */
export function givenCenter(
  { run: { center, parameters } }: StoredResult,
): { readonly row: number; readonly column: number } | undefined {
  return parameters.center.kind === "at" ? center : undefined;
}

/** Writes aligned averages to a temporary file and opens it. */
async function aligned(
  run: CommandRun,
  stored: StoredResult,
  scan: Scan,
  fitted: Float32Array,
  origin: NonNullable<AlignmentRecord["origin"]>,
): Promise<OrientedAverages> {
  const { shape: { patternRows, patternColumns }, run: { clusters, badPixels }, labels } = stored;
  const { center, shifts } = alignmentOf(fitted), pixels = patternRows * patternColumns;
  run.say(`the direct beam moves by up to ${formatNumber(origin.descan)} pixels: averages are aligned`);
  const folder = inTemporaryFolder(() => Deno.makeTempDirSync({ prefix: "crystallite-" }));
  const path = join(folder, "averages.npy"), bad = new Uint8Array(pixels);
  try {
    const writer = NpyWriter.create(path, "f32", [clusters, patternRows, patternColumns]);
    try {
      const clustering = { labels, clusters: stored.clusters, badPixels };
      for await (const { first, patterns } of alignedAverages(scan, clustering, shifts, run.options)) {
        // What no pattern of a cluster saw is told by the map of bad pixels.
        patterns.forEach((value, index) => {
          if (!Number.isNaN(value)) return;
          patterns[index] = 0;
          bad[index % pixels] = 1;
        });
        writer.write(patterns, first * pixels);
      }
      writer.close();
    } catch (cause) {
      writer.abort();
      throw cause;
    }
    const averages = await openScan(path, { scanShape: { rows: 1, columns: clusters } });
    const close = () => {
      averages.close();
      Deno.removeSync(folder, { recursive: true });
    };
    const record = { aligned: true, origin, center };
    const calibrated = readCalibratedOrigin(stored) !== undefined;
    return {
      ...{ averages, record, path, close, origin: fitted },
      knownOrigin: calibrated ? averageOrigins(fitted, labels, clusters, true) : undefined,
      badPixels: { kind: "pixels", bad, source: stored.directory },
    };
  } catch (cause) {
    Deno.removeSync(folder, { recursive: true });
    throw cause;
  }
}
