/** EMD files: py4DSTEM's EMD 1.0 and its older layouts, and the generic EMD 0.2 that other programs write. */

import type { Calibration } from "../../scan/calibration.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import { axisCalibration, type AxisStep, lastFour, refuseSwappedAxes, unknownStep } from "../axis_steps.ts";
import type { OpenOptions } from "../format.ts";
import { describeArray, lengthsOf } from "./array.ts";
import { microscopeFacts } from "./emd_metadata.ts";
import type { Hdf5File } from "./file.ts";
import { arrangeArray, chooseArray, distinctArrays, openArrays, stepAt } from "./open_arrays.ts";

const arrayNames = new Set(["data", "datacube", "counted_datacube"]);

/**
 * Opens the data cube of an EMD file: an array of four or five axes, or of three with a scan shape, in a group that
 * carries `emd_group_type`. The first axis is the scan row, as in py4DSTEM.
 *
 * @returns `undefined` when the file has no such array
 */
export async function openEmd(file: Hdf5File, options: OpenOptions): Promise<Scan | Series | undefined> {
  const least = options.scanShape ? 3 : 4;
  const cubes: string[] = [];
  for (const { path, dataset } of file.walk()) {
    const group = parent(path);
    if (!arrayNames.has(path.slice(group.length + 1)) || lengthsOf(file, path, dataset).length < least) {
      continue;
    }
    if (file.attribute(group || "/", "emd_group_type") !== undefined) cubes.push(path);
  }
  const path = chooseArray(file, await distinctArrays(file, cubes, options), options);
  if (path === undefined) return undefined;
  const array = describeArray(file, path, file.dataset(path)!);
  const arrangement = arrangeArray(file, array, options);
  const steps = dimensionSteps(file, parent(path), arrangement.axes), warnings: string[] = [];
  refuseSwappedAxes({ file: file.path, dataset: path }, steps, options);
  const microscope = microscopeFacts(file, `/${path.split("/")[1]}`);
  return await openArrays(file, [array], options, {
    format: formatName(file, path),
    dataset: path,
    calibration: {
      ...axisCalibration(steps, warnings),
      ...bundledCalibration(file, path, warnings),
      ...microscope.calibration,
    },
    notes: microscope.notes,
    warnings,
  }, arrangement);
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** EMD puts its version on the root or on the first group. */
function formatName(file: Hdf5File, path: string): string {
  const top = "/" + path.split("/")[1];
  for (const group of ["/", top]) {
    const major = file.number(group, "version_major"), minor = file.number(group, "version_minor");
    if (major !== undefined && minor !== undefined) return `EMD ${major}.${minor}`;
  }
  return "EMD";
}

/**
 * Steps of the last four of the axes that are read. EMD 1.0 counts its dimension vectors from `dim0`, older files from `dim1`; a vector
 * of two values stands for a linear axis.
 */
function dimensionSteps(file: Hdf5File, group: string, axes: readonly number[]): AxisStep[] {
  const origin = file.dataset(`${group}/dim0`) ? 0 : 1;
  return lastFour(axes).map((axis) => {
    if (axis === undefined) return unknownStep;
    const dimension = `${group}/dim${axis + origin}`;
    return {
      step: stepAt(file, dimension),
      unit: file.text(dimension, "units"),
      name: file.text(dimension, "name"),
    };
  });
}

/** The calibration that py4DSTEM keeps beside its data, which goes before the axes; where, and its names, changed often. */
function bundledCalibration(file: Hdf5File, path: string, warnings: string[]): Calibration {
  const top = `/${path.split("/")[1]}`;
  const places = [`${top}/metadatabundle`, `${top}/metadata`, parent(path)].map((place) =>
    `${place}/calibration`
  );
  const bundle = places.find((place) => file.group(place));
  if (bundle === undefined) return {};
  const step = (name: string): AxisStep => ({
    step: file.number(`${bundle}/${name}_pixel_size`),
    unit: file.text(`${bundle}/${name}_pixel_units`) ?? file.text(`${bundle}/${name}_pixel_size_units`),
  });
  return axisCalibration([step("R"), step("R"), step("Q"), step("Q")], warnings);
}
