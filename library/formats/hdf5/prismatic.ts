/** Prismatic's simulations: EMD 0.5 with one data cube for each depth of the specimen. */

import { UnsupportedFormat } from "../../scan/errors.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import { axisCalibration, type AxisStep, positive } from "../axis_steps.ts";
import type { OpenOptions } from "../format.ts";
import { listNames } from "../list_names.ts";
import { describeArray } from "./array.ts";
import type { Hdf5Array } from "./array_axes.ts";
import type { Hdf5File } from "./file.ts";
import { arrangeArray, chooseArray, normalisePath, openArrays, stepAt } from "./open_arrays.ts";

const simulation = "/4DSTEM_simulation";
const cubesGroup = `${simulation}/data/datacubes`;
const parameters = `${simulation}/metadata/metadata_0/original/simulation_parameters`;

/**
 * Opens a simulation. Several depths make a series, one frame for each depth; `--dataset` takes one of them as a
 * scan.
 *
 * @returns `undefined` when the file is no simulation of Prismatic's
 * @throws {UnsupportedFormat} when it has no data cube, and the user names no data set
 */
export async function openPrismatic(
  file: Hdf5File,
  options: OpenOptions,
): Promise<Scan | Series | undefined> {
  const paths = file.names(cubesGroup).sort().map((name) => `${cubesGroup}/${name}/datacube`)
    .filter((path) => file.dataset(path) !== undefined);
  if (paths.length === 0 && options.dataset === undefined && file.group(simulation)) {
    throw noCubes(file);
  }
  const arrays = paths.map((path) => describeArray(file, path, file.dataset(path)!));
  const together = normalisePath(options.dataset ?? cubesGroup) === cubesGroup && arrays.length > 1 &&
    arrays.every((array) => isLike(array, arrays[0]));
  if (together) {
    const [first] = arrays;
    const { shape } = arrangeArray(file, first, options);
    const description = describe(file, first, cubesGroup);
    return await openArrays(file, arrays, options, {
      ...description,
      warnings: [`the ${arrays.length} frames are depths of the specimen, not times`],
    }, { frames: arrays.length, shape });
  }
  const chosen = chooseArray(file, paths, options);
  const array = arrays[paths.indexOf(chosen ?? "")];
  return array && await openArrays(file, [array], options, describe(file, array, array.path));
}

function noCubes(file: Hdf5File): UnsupportedFormat {
  return new UnsupportedFormat(
    `${file.path} is a simulation of Prismatic that saved no diffraction patterns`,
    {
      file: file.path,
      expected: cubesGroup,
      found: listNames(file.names(`${simulation}/data`)),
      remedy: "simulate again with --save-4D-output",
    },
  );
}

function isLike(array: Hdf5Array, other: Hdf5Array): boolean {
  return array.lengths.length === 4 && array.numbers === other.numbers &&
    array.lengths.join() === other.lengths.join();
}

function describe(file: Hdf5File, array: Hdf5Array, dataset: string) {
  const beamEnergy = positive(file.number(parameters, "E"));
  const convergenceAngle = positive(file.number(parameters, "A"));
  return {
    format: "Prismatic EMD",
    dataset,
    calibration: {
      ...axisCalibration(dimensionSteps(file, array)),
      ...(beamEnergy && { beamEnergy }),
      ...(convergenceAngle && { convergenceAngle }),
    },
  };
}

/** Steps of the four axes. The file says nm and 1/nm, but its numbers are Angstrom and 1/Angstrom. */
function dimensionSteps(file: Hdf5File, array: Hdf5Array): AxisStep[] {
  const group = array.path.slice(0, array.path.lastIndexOf("/"));
  return [1, 2, 3, 4].map((axis) => ({
    step: stepAt(file, `${group}/dim${axis}`),
    unit: axis <= 2 ? "A" : "A^-1",
  }));
}
