/** EMD files: py4DSTEM's EMD 1.0 and its older layouts, and the generic EMD 0.2 that other programs write. */

import type { Calibration, PixelSize } from "../../scan/calibration.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import {
  axisCalibration,
  type AxisStep,
  lastFour,
  positive,
  refuseSwappedAxes,
  turnedAxes,
  unknownStep,
} from "../axis_steps.ts";
import { conversion } from "../../scan/units.ts";
import type { OpenOptions } from "../format.ts";
import { maskFromPixels } from "../stored_mask.ts";
import { describeArray, lengthsOf } from "./array.ts";
import { turnedSentence, turnSteps } from "../turned_array.ts";
import { openTurned } from "./turned_array.ts";
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
  const path = chooseArray(file, distinctArrays(file, cubes, options), options);
  if (path === undefined) return undefined;
  const array = describeArray(file, path, file.dataset(path)!);
  const firstAxis = file.text(dimensionOf(file, parent(path), 0), "name");
  const arrangement = arrangeArray(file, array, options, firstAxis);
  const steps = dimensionSteps(file, parent(path), arrangement.axes), warnings: string[] = [];
  const microscope = microscopeFacts(file, `/${path.split("/")[1]}`);
  const turned = array.lengths.length === 4 ? turnedAxes(steps, options) : undefined;
  if (turned) {
    warnings.push(turnedSentence(turned));
    const description = { format: formatName(file, path), dataset: path, notes: microscope.notes, warnings };
    const calibration = { ...axisCalibration(turnSteps(steps, turned), warnings), ...microscope.calibration };
    return await openTurned(file, array, options, { ...description, calibration }, turned);
  }
  refuseSwappedAxes({ file: file.path, dataset: path }, steps, options);
  return await openArrays(file, [array], options, {
    format: formatName(file, path),
    dataset: path,
    calibration: {
      ...axisCalibration(steps, warnings),
      ...withOwnSizes(file, path, bundledCalibration(file, path, warnings)),
      ...microscope.calibration,
    },
    badPixels: maskFromPixels(
      file.value(`/${path.split("/")[1]}/metadatabundle/detector/bad_pixels`),
      pixelsOf(array.lengths),
    ),
    saturation: positive(file.number(`/${path.split("/")[1]}/metadatabundle/detector/saturation`)),
    notes: microscope.notes,
    warnings,
  }, arrangement);
}

/** Pixels of a pattern, from the lengths of an array. */
function pixelsOf(lengths: readonly number[]): number {
  return lengths.at(-2)! * lengths.at(-1)!;
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

/** The vector of an axis: EMD 1.0 counts from `dim0`, older files from `dim1`. */
function dimensionOf(file: Hdf5File, group: string, axis: number): string {
  return `${group}/dim${axis + (file.dataset(`${group}/dim0`) ? 0 : 1)}`;
}

/** Steps of the last four of the axes that are read; a vector of two values stands for a linear axis. */
function dimensionSteps(file: Hdf5File, group: string, axes: readonly number[]): AxisStep[] {
  return lastFour(axes).map((axis) => {
    if (axis === undefined) return unknownStep;
    const dimension = dimensionOf(file, group, axis);
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

/**
 * The sizes of files that we wrote, which have some along rows of their own, in the unit of the scan. Sizes that were
 * changed in py4DSTEM since then go before ours.
 */
function withOwnSizes(file: Hdf5File, path: string, bundled: Calibration): Calibration {
  const bundle = `/${path.split("/")[1]}/metadatabundle/scan_calibration`;
  if (!file.group(bundle)) return bundled;
  const [R, Q] = ["R", "Q"].map((name): [AxisStep, AxisStep] => {
    const unit = file.text(`${bundle}/${name}_pixel_units`);
    return [
      { step: file.number(`${bundle}/${name}_pixel_size_row`), unit },
      { step: file.number(`${bundle}/${name}_pixel_size`), unit },
    ];
  });
  const own = axisCalibration([...R, ...Q]);
  return {
    ...bundled,
    ...(isSameSize(bundled.pixelSize, own.pixelSize) && { pixelSize: own.pixelSize }),
    ...(isSameSize(bundled.qPixelSize, own.qPixelSize) && { qPixelSize: own.qPixelSize }),
  };
}

/** Whether two sizes are alike along columns; an absent first one leaves the second to be taken. */
function isSameSize(bundled: PixelSize | undefined, own: PixelSize | undefined): boolean {
  if (!own) return false;
  if (!bundled) return true;
  const factor = conversion(bundled.unit, own.unit);
  return factor !== undefined && Math.abs(bundled.column * factor / own.column - 1) < 1e-9;
}
