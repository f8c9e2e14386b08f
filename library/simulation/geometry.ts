/** Where reciprocal space falls on the detector; beam, camera and calibration in agreement. */

import type { Calibration } from "../scan/calibration.ts";
import { electronWavelength } from "../scan/electron.ts";
import { demandOfSimulation, type SimulationParameters } from "./parameters.ts";

/** The geometry of all patterns of a scan. */
export interface DetectorGeometry {
  /** Position of the direct beam (row, column) in pixels, where there is no descan. */
  readonly center: readonly [row: number, column: number];
  /** Size of a pixel in Å^-1. */
  readonly qPixelSize: number;
  /** Radius of the disks in pixels. */
  readonly diskRadius: number;
  /** Wavelength of the beam in Å. */
  readonly wavelength: number;
  /** Length in Å^-1 beyond which no disk touches the detector. */
  readonly reach: number;
}

/**
 * The geometry that the parameters describe.
 *
 * @throws {BadParameter} when the disks would be smaller than a pixel or larger than the detector
 */
export function detectorGeometry(parameters: SimulationParameters): DetectorGeometry {
  const { patternRows, patternColumns, offset, maximumQ, beamEnergy, convergenceAngle } = parameters;
  const halfSize = Math.min(patternRows, patternColumns) / 2;
  const wavelength = electronWavelength(beamEnergy);
  const qPixelSize = maximumQ / halfSize;
  const diskRadius = convergenceAngle * 1e-3 / wavelength / qPixelSize;
  const toMilliradians = (radius: number) => (radius * qPixelSize * wavelength * 1e3).toPrecision(3);
  demandOfSimulation(
    diskRadius >= 0.5 && diskRadius <= halfSize,
    "convergenceAngle",
    `${toMilliradians(0.5)} to ${toMilliradians(halfSize)} mrad on this detector`,
    convergenceAngle,
  );
  const farRow = patternRows / 2 + Math.abs(offset[0]);
  const farColumn = patternColumns / 2 + Math.abs(offset[1]);
  const corner = Math.sqrt(farRow * farRow + farColumn * farColumn);
  const shrink = Math.min(1, parameters.ellipse);
  return {
    center: [(patternRows - 1) / 2 + offset[0], (patternColumns - 1) / 2 + offset[1]],
    qPixelSize,
    diskRadius,
    wavelength,
    reach: (corner + diskRadius + parameters.descan + 1) / shrink * qPixelSize,
  };
}

/** The calibration that a file of this experiment would carry. */
export function calibrationOf(parameters: SimulationParameters, geometry: DetectorGeometry): Calibration {
  const { pixelSize, beamEnergy, convergenceAngle } = parameters;
  const { qPixelSize } = geometry;
  return {
    pixelSize: { row: pixelSize, column: pixelSize, unit: "nm" },
    qPixelSize: { row: qPixelSize / parameters.ellipse, column: qPixelSize, unit: "A^-1" },
    beamEnergy,
    convergenceAngle,
  };
}
