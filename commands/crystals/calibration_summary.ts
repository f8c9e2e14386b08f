/** What `calibrate` says: in run.json, and to a reader. */

import type { DetectorMeasurement, OriginMethod } from "../../library/mapping/calibration.ts";
import type { ProbeTemplate } from "../../library/passes/bragg_peaks/probe_template.ts";
import type { CalibrationRecord } from "../../library/results/read_calibration.ts";
import type { CommandRun } from "../console/command_context.ts";
import { formatNumber, formatPercent, formatTable } from "../console/format_quantity.ts";

/** Where fewer probes agree about the origin, as a part, or it is less certain in pixels, none is taken for granted. */
const fewestProbes = 0.6, leastCertain = 0.25;

/** Whether too few of the probes agree about the origin, or about places that are scattered. */
export function isUnclear(
  origin: Pick<DetectorMeasurement["origin"], "used" | "error" | "residual">,
  diskRadius: number,
): boolean {
  return origin.used < fewestProbes || isScattered(origin, diskRadius);
}

/** Whether the probes that go into the fit agree about places of more than half a disk, or about none that is certain. */
export function isScattered(
  { error, residual }: Pick<DetectorMeasurement["origin"], "error" | "residual">,
  diskRadius: number,
): boolean {
  return error > leastCertain || residual > Math.max(1, diskRadius / 2);
}

/** What was measured with. */
export interface UsedSettings {
  readonly crystal: string;
  /** keV. */
  readonly beamEnergy: number;
  readonly template: ProbeTemplate;
  /** Where the template comes from. */
  readonly source: string;
  readonly method: OriginMethod;
  /** Å^-1 per detector pixel that was given. */
  readonly guess: number;
}

/** The record of a calibration, and the fits behind it. */
export type FullRecord =
  & CalibrationRecord
  & Pick<DetectorMeasurement, "ellipseFit" | "pixelSizeFit">
  & {
    readonly origin: Omit<DetectorMeasurement["origin"], "fitted" | "measured"> & { method: OriginMethod };
  };

/** What run.json keeps. */
export function calibrationRecord(
  { origin: { model, residual, error, used, descan }, ellipse, ellipseFit, pixelSizeFit }:
    DetectorMeasurement,
  { crystal, beamEnergy, template, source, method }: UsedSettings,
): FullRecord {
  return {
    ...{ crystal, beamEnergy, diskRadius: template.radius, template: source },
    origin: { ...{ method, model }, residual, error, used, descan },
    ...(ellipse && { ellipse }),
    ...{ ellipseFit, qPixelSize: pixelSizeFit.qPixelSize, pixelSizeFit },
  };
}

/**
 * Prints a calibration.
 *
 * @param more what JSON has beside it
 * @param written path of what was written
 * @param given the size of a detector pixel that the fit began with
 */
export function printCalibration(
  run: CommandRun,
  value: FullRecord,
  more: Readonly<Record<string, unknown>>,
  written: string | undefined,
  given: number,
): void {
  const { origin: { descan, residual, error, used, method }, ellipseFit, ellipse, pixelSizeFit } = value;
  warnOfMovedSize(run, value.qPixelSize, given);
  if (method !== "fixed" && isUnclear(value.origin, value.diskRadius)) {
    run.warn(
      "the direct beam is not clear, and nothing that follows from it is certain: try --q-center, another --origin, or " +
        "--disk-radius",
    );
  }
  const fit = `${formatNumber(residual)} about the fit, which is certain to ${uncertainty(error)}, by ${
    formatPercent(used)
  } of the probes`;
  run.print(
    { ...more, ...value },
    formatTable([
      [
        "direct beam",
        method === "fixed" ? "as given" : `moves by up to ${formatNumber(descan)} pixels, ${fit}`,
      ],
      ["disks", `radius ${formatNumber(value.diskRadius)} pixels, ${value.template}`],
      ["ellipse", ellipseText(ellipseFit, ellipse !== undefined)],
      ["pixel size", pixelSizeText(pixelSizeFit)],
      ["written", written],
    ]),
  );
}

/** A size that was given is hardly wrong by more than this part; a crystal may be. */
const mostMoved = 0.05;

/** Says where a fitted pixel size is far from the one that was given: a crystal that is not there moves it, and then explains all. */
export function warnOfMovedSize(
  run: CommandRun,
  qPixelSize: number,
  given: number | undefined,
  remedy = "",
): void {
  if (given === undefined || !(Math.abs(qPixelSize / given - 1) > mostMoved)) return;
  run.warn(
    `the size of a detector pixel was fitted to ${formatNumber(qPixelSize)} 1/Å, ${
      formatPercent(Math.abs(qPixelSize / given - 1))
    } from the ${
      formatNumber(given)
    } 1/Å that was given: if that was right, the specimen is another crystal${remedy}`,
  );
}

function ellipseText(fit: DetectorMeasurement["ellipseFit"], applied: boolean): string | undefined {
  if (fit === undefined) return undefined;
  const { ratio, error, angle } = fit;
  const told = `stretched by ${formatPercent(ratio - 1)} ± ${percentError(error)}`;
  if (!applied) return `${told}: taken as round`;
  return `${told}, ${formatNumber(angle * 180 / Math.PI)}° from down towards the right`;
}

function pixelSizeText({ qPixelSize, error, peaks, rival }: DetectorMeasurement["pixelSizeFit"]): string {
  return `${formatNumber(qPixelSize, 6)} 1/Å ± ${
    percentError(error)
  }, by ${peaks} peaks; the next best agrees ${formatPercent(rival)} as well`;
}

/** A standard error in percent with two digits that count; one group of peaks alone gives none. */
function percentError(error: number): string {
  return Number.isFinite(error) ? `${uncertainty(100 * error)} %` : "an unknown error, of one grain";
}

/** An uncertainty with two digits that count. */
function uncertainty(error: number): string {
  return formatNumber(error, 2);
}
