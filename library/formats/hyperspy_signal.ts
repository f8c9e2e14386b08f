/** What HyperSpy says of a signal, in HDF5 and in Zarr alike. */

import type { Calibration } from "../scan/calibration.ts";
import { UnsupportedFormat } from "../scan/errors.ts";
import { axisCalibration, type AxisStep, positive, refuseSwappedAxes } from "./axis_steps.ts";
import type { OpenOptions } from "./format.ts";

/** Where axis i of the array is described by the attributes of the group `axis-i`. */
export interface HyperspyTree {
  readonly path: string;
  /** A number or text among the attributes of a group; `undefined` where there is none. */
  number(group: string, name: string): number | undefined;
  text(group: string, name: string): string | undefined;
}

/** The group of a signal with the acceleration voltage and the like. */
export function microscopeOf(experiment: string): string {
  return `${experiment}/metadata/Acquisition_instrument/TEM`;
}

/**
 * Lengths, angles and the beam of a signal, whose last two axes must be the detector.
 *
 * @param warnings gets a sentence where a unit was not understood
 * @throws {UnsupportedFormat} when the signal is no stack of patterns, or its axes stand the other way round
 */
export function signalCalibration(
  tree: HyperspyTree,
  experiment: string,
  axes: number,
  options: OpenOptions,
  warnings: string[],
): Calibration {
  refuseOtherSignals(tree, experiment, axes);
  const steps = axisSteps(tree, experiment, axes);
  refuseSwappedAxes({ file: tree.path, dataset: `${experiment}/data` }, steps, options);
  return {
    ...axisCalibration(steps, warnings),
    ...instrument(tree, microscopeOf(experiment)),
  };
}

/** Spectra and images in each pixel are told apart by which axes are navigated. Old files do not say. */
function refuseOtherSignals(file: HyperspyTree, experiment: string, axes: number): void {
  const navigated = Array.from(
    { length: axes },
    (_, axis) => file.number(`${experiment}/axis-${axis}`, "navigate"),
  );
  const wrong = navigated.some((navigate, axis) =>
    navigate !== undefined && (navigate !== 0) !== (axis < axes - 2)
  );
  if (!wrong) return;
  const signalAxes = navigated.filter((navigate) => navigate === 0).length;
  throw new UnsupportedFormat(`${experiment} in ${file.path} is no stack of diffraction patterns`, {
    file: file.path,
    dataset: `${experiment}/data`,
    expected: "two signal axes, the last ones",
    found: `${signalAxes} signal axes of ${axes}`,
    remedy: "in HyperSpy, save signal.transpose(signal_axes=2)",
  });
}

function axisSteps(file: HyperspyTree, experiment: string, axes: number): AxisStep[] {
  return [4, 3, 2, 1].map((fromEnd) => {
    const axis = `${experiment}/axis-${axes - fromEnd}`;
    return { step: file.number(axis, "scale"), unit: file.text(axis, "units") };
  });
}

/** Beam energy is stored in kV, the angle in mrad, the camera length in mm; the rotation, which we write, in degrees. */
function instrument(file: HyperspyTree, microscope: string): Calibration {
  const beamEnergy = positive(file.number(microscope, "beam_energy"));
  const convergenceAngle = positive(file.number(microscope, "convergence_angle"));
  const cameraLength = positive(file.number(microscope, "camera_length"));
  const scanRotation = file.number(microscope, "scan_rotation") ?? NaN;
  return {
    ...(Number.isFinite(scanRotation) && { scanRotation }),
    ...(beamEnergy && { beamEnergy }),
    ...(convergenceAngle && { convergenceAngle }),
    ...(cameraLength && { cameraLength: cameraLength / 1000 }),
  };
}
