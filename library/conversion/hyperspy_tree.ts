/** The tree of a HyperSpy signal: groups and their attributes, alike in `.hspy` and `.zspy`. */

import { version } from "../results/version.ts";
import { shiftPoint } from "../scan/shift_point.ts";
import { axesOf, type ScanDescription, writtenUnit } from "./description.ts";

/** A plain attribute. */
export type AttributeValue = string | number | boolean;

/** Attributes of each group by its path, parents first; the array is `data` in {@link HyperspyTree.experiment}. */
export interface HyperspyTree {
  readonly experiment: string;
  readonly groups: ReadonlyMap<string, Readonly<Record<string, AttributeValue>>>;
}

/** Version of the layout that this follows. */
const layoutVersion = "3.3";

/** @param format what the root says it is: HyperSpy or ZSpy */
export function hyperspyTree(description: ScanDescription, format: string): HyperspyTree {
  const { name, calibration, source, saturation } = description;
  const { beamEnergy, convergenceAngle, cameraLength, scanRotation } = calibration;
  const experiment = `Experiments/${name}`;
  const groups = new Map<string, Readonly<Record<string, AttributeValue>>>([
    ["", { file_format: format, file_format_version: layoutVersion }],
    ["Experiments", {}],
    [experiment, {}],
  ]);
  axesOf(description).forEach(({ name, length, step, unit, navigates }, index) => {
    groups.set(`${experiment}/axis-${index}`, {
      _type: "UniformDataAxis",
      name,
      units: unit === undefined ? "_None_" : writtenUnit(unit),
      navigate: navigates,
      is_binned: false,
      size: length,
      scale: step,
      offset: 0,
    });
  });
  const metadata = `${experiment}/metadata`, instrument = `${metadata}/Acquisition_instrument`;
  groups.set(metadata, {});
  groups.set(`${metadata}/General`, { title: name });
  groups.set(`${metadata}/Signal`, { signal_type: "electron_diffraction" });
  groups.set(instrument, {});
  // In kV, mm, mrad and degrees.
  groups.set(`${instrument}/TEM`, {
    ...(beamEnergy !== undefined && { beam_energy: beamEnergy }),
    ...(cameraLength !== undefined && { camera_length: shiftPoint(cameraLength, 3) }),
    ...(convergenceAngle !== undefined && { convergence_angle: convergenceAngle }),
    ...(scanRotation !== undefined && { scan_rotation: scanRotation }),
  });
  groups.set(`${experiment}/original_metadata`, {
    program: `crystallite ${version}`,
    path: source.path,
    format: source.format,
    ...(source.dataset !== undefined && { dataset: source.dataset }),
    ...source.notes,
    ...(saturation !== undefined && { detector_saturation: saturation }),
  });
  return { experiment, groups };
}
