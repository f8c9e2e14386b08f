/** HyperSpy's `.hspy` files. */

import type { Calibration } from "../../scan/calibration.ts";
import { UnsupportedFormat } from "../../scan/errors.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import { axisCalibration, type AxisStep, positive } from "../axis_steps.ts";
import type { OpenOptions } from "../format.ts";
import { describeArray, lengthsOf } from "./array.ts";
import type { Hdf5File } from "./file.ts";
import { chooseArray, openArrays } from "./open_arrays.ts";

/**
 * Opens the signal of a HyperSpy file: axis i of the array is described by the group `axis-i`, and the last two
 * axes are the detector.
 *
 * @returns `undefined` when the file is not HyperSpy's, or has no signal with enough axes
 * @throws {UnsupportedFormat} when the signal is no stack of patterns
 */
export async function openHyperspy(file: Hdf5File, options: OpenOptions): Promise<Scan | Series | undefined> {
  if (file.text("/", "file_format")?.toLowerCase() !== "hyperspy") return undefined;
  const least = options.scanShape ? 3 : 4;
  const signals = file.names("/Experiments").map((name) => `/Experiments/${name}/data`).filter((path) => {
    const dataset = file.dataset(path);
    return dataset !== undefined && lengthsOf(file, path, dataset).length >= least;
  });
  const path = chooseArray(file, signals, options);
  if (path === undefined) return undefined;
  const array = describeArray(file, path, file.dataset(path)!);
  const experiment = path.slice(0, -"/data".length);
  refuseOtherSignals(file, experiment, array.lengths.length);
  return await openArrays(file, [array], options, {
    format: "HyperSpy",
    dataset: path,
    calibration: {
      ...axisCalibration(axisSteps(file, experiment, array.lengths.length)),
      ...instrument(file, `${experiment}/metadata/Acquisition_instrument/TEM`),
    },
  });
}

/** Spectra and images in each pixel are told apart by which axes are navigated. Old files do not say. */
function refuseOtherSignals(file: Hdf5File, experiment: string, axes: number): void {
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

function axisSteps(file: Hdf5File, experiment: string, axes: number): AxisStep[] {
  return [4, 3, 2, 1].map((fromEnd) => {
    const axis = `${experiment}/axis-${axes - fromEnd}`;
    return { step: file.number(axis, "scale"), unit: file.text(axis, "units") };
  });
}

/** Beam energy is stored in kV, the angle in mrad, the camera length in mm. */
function instrument(file: Hdf5File, microscope: string): Calibration {
  const beamEnergy = positive(file.number(microscope, "beam_energy"));
  const convergenceAngle = positive(file.number(microscope, "convergence_angle"));
  const cameraLength = positive(file.number(microscope, "camera_length"));
  return {
    ...(beamEnergy && { beamEnergy }),
    ...(convergenceAngle && { convergenceAngle }),
    ...(cameraLength && { cameraLength: cameraLength / 1000 }),
  };
}
