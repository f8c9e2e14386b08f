/** What `calibrate` says: in run.json, and to a reader. */

import type { DetectorMeasurement, OriginMethod } from "../../library/mapping/calibration.ts";
import type { ProbeTemplate } from "../../library/passes/bragg_peaks/probe_template.ts";
import type { CalibrationRecord } from "../../library/results/read_calibration.ts";
import type { CommandRun } from "../console/command_context.ts";
import { formatNumber, formatPercent, formatTable } from "../console/format_quantity.ts";

/** What was measured with. */
export interface UsedSettings {
  readonly crystal: string;
  /** keV. */
  readonly beamEnergy: number;
  readonly template: ProbeTemplate;
  /** Where the template comes from. */
  readonly source: string;
  readonly method: OriginMethod;
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
 */
export function printCalibration(
  run: CommandRun,
  value: FullRecord,
  more: Readonly<Record<string, unknown>>,
  written: string | undefined,
): void {
  const { origin: { descan, residual, error, used, method }, ellipseFit, ellipse, pixelSizeFit } = value;
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
