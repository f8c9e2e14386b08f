/** What HyperSpy says of a signal, in HDF5 and in Zarr alike. */

import type { Calibration } from "../scan/calibration.ts";
import { UnsupportedFormat } from "../scan/errors.ts";
import type { ScanSource } from "../scan/scan.ts";
import { shiftPoint } from "../scan/shift_point.ts";
import { axisCalibration, type AxisStep, lastFour, positive, unknownStep } from "./axis_steps.ts";

/** Where axis i of the array is described by the attributes of the group `axis-i`. */
export interface HyperspyTree {
  readonly path: string;
  /** A number or text among the attributes of a group; `undefined` where there is none. */
  number(group: string, name: string): number | undefined;
  text(group: string, name: string): string | undefined;
}

/** The groups of a signal with the acceleration voltage and the like, and with the exposure of its detector. */
export function instrumentGroups(experiment: string): readonly string[] {
  const instrument = `${experiment}/metadata/Acquisition_instrument`;
  return [
    ...["TEM", "SEM"].map((kind) => `${instrument}/${kind}`),
    ...["Camera", "Diffraction"].map((detector) => `${instrument}/TEM/Detector/${detector}`),
  ];
}

/**
 * Steps of the last four axes of a signal, the last two of which must be those of its patterns.
 *
 * @param axes those of the array that are read, by number
 * @throws {UnsupportedFormat} when the signal is no stack of patterns
 */
export function signalSteps(tree: HyperspyTree, experiment: string, axes: readonly number[]): AxisStep[] {
  refuseOtherSignals(tree, experiment, axes);
  return axisSteps(tree, experiment, axes);
}

/**
 * Lengths, angles and the beam of a signal.
 *
 * @param steps along rows, columns, qy and qx
 * @param warnings gets a sentence where a unit was not understood
 */
export function signalCalibration(
  tree: HyperspyTree,
  experiment: string,
  steps: readonly AxisStep[],
  warnings: string[],
): Calibration {
  return { ...axisCalibration(steps, warnings), ...instrument(tree, experiment) };
}

/** Spectra and images in each pixel are told apart by which axes are navigated. Old files do not say. */
function refuseOtherSignals(file: HyperspyTree, experiment: string, axes: readonly number[]): void {
  const navigated = axes.map((axis) => file.number(`${experiment}/axis-${axis}`, "navigate"));
  const wrong = navigated.some((navigate, axis) =>
    navigate !== undefined && (navigate !== 0) !== (axis < axes.length - 2)
  );
  if (!wrong) return;
  const signalAxes = navigated.filter((navigate) => navigate === 0).length;
  throw new UnsupportedFormat(`${experiment} in ${file.path} is no stack of diffraction patterns`, {
    file: file.path,
    dataset: `${experiment}/data`,
    expected: "two signal axes, the last ones",
    found: `${signalAxes} signal axes of ${axes.length}`,
    remedy: "in HyperSpy, save signal.transpose(signal_axes=2)",
  });
}

function axisSteps(file: HyperspyTree, experiment: string, axes: readonly number[]): AxisStep[] {
  return lastFour(axes).map((axis) => {
    if (axis === undefined) return unknownStep;
    const group = `${experiment}/axis-${axis}`;
    return {
      step: file.number(group, "scale"),
      unit: file.text(group, "units"),
      name: file.text(group, "name"),
    };
  });
}

/** The first group that says something. */
function said(file: HyperspyTree, experiment: string, name: string): number | undefined {
  for (const group of instrumentGroups(experiment)) {
    const value = file.number(group, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** What else a signal says of how it was recorded. Times are in s. */
export function signalNotes(file: HyperspyTree, experiment: string): NonNullable<ScanSource["notes"]> {
  const dwellTime = positive(said(file, experiment, "dwell_time"));
  const exposure = positive(said(file, experiment, "exposure") ?? said(file, experiment, "exposure_time"));
  return {
    ...(dwellTime && { dwellTimeSeconds: dwellTime }),
    ...(exposure && { exposureSeconds: exposure }),
  };
}

/** Beam energy is stored in kV, the angle in mrad, the camera length in mm. */
function instrument(file: HyperspyTree, experiment: string): Calibration {
  const [microscope] = instrumentGroups(experiment);
  const beamEnergy = positive(said(file, experiment, "beam_energy"));
  const convergenceAngle = positive(said(file, experiment, "convergence_angle"));
  // Detectors have theirs in another unit.
  const cameraLength = positive(file.number(microscope, "camera_length"));
  const scanRotation = file.number(microscope, "scan_rotation") ?? NaN;
  return {
    ...(Number.isFinite(scanRotation) && { scanRotation }),
    ...(beamEnergy && { beamEnergy }),
    ...(convergenceAngle && { convergenceAngle }),
    ...(cameraLength && { cameraLength: shiftPoint(cameraLength, -3) }),
  };
}
