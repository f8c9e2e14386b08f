/** HyperSpy's `.hspy` files. */

import type { Scan, Series } from "../../scan/scan.ts";
import { type AxisStep, positive, refuseSwappedAxes, turnedAxes } from "../axis_steps.ts";
import type { OpenOptions } from "../format.ts";
import { describeArray, lengthsOf } from "./array.ts";
import type { Hdf5File } from "./file.ts";
import { signalCalibration, signalNotes, signalSteps } from "../hyperspy_signal.ts";
import { maskFromPixels } from "../stored_mask.ts";
import { arrangeArray, chooseArray, openArrays } from "./open_arrays.ts";
import { turnedSentence, turnSteps } from "../turned_array.ts";
import { openTurned } from "./turned_array.ts";

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
  const arrangement = arrangeArray(file, array, options, file.text(`${experiment}/axis-0`, "name"));
  const warnings: string[] = [], description = { format: "HyperSpy", dataset: path, warnings };
  const steps = signalSteps(file, experiment, arrangement.axes), notes = signalNotes(file, experiment);
  const calibrated = (steps: readonly AxisStep[]) => signalCalibration(file, experiment, steps, warnings);
  const turned = array.lengths.length === 4 ? turnedAxes(steps, options) : undefined;
  if (turned) {
    // A signal that was transposed, so that its images are those of one detector pixel.
    warnings.push(turnedSentence(turned));
    const calibration = calibrated(turnSteps(steps, turned));
    return await openTurned(file, array, options, { ...description, calibration, notes }, turned);
  }
  refuseSwappedAxes({ file: file.path, dataset: path }, steps, options);
  return await openArrays(file, [array], options, {
    ...{ ...description, notes },
    calibration: calibrated(steps),
    badPixels: maskFromPixels(
      file.value(`${experiment}/original_metadata/bad_pixels`),
      array.lengths.at(-2)! * array.lengths.at(-1)!,
    ),
    saturation: positive(file.number(`${experiment}/original_metadata`, "detector_saturation")),
  }, arrangement);
}
