/** What NeXus files say of the axes of a signal, in their old and new styles, and of the beam. */

import type { Calibration } from "../../scan/calibration.ts";
import { type AxisStep, positive, unknownStep } from "../axis_steps.ts";
import type { Hdf5File } from "./file.ts";
import { childPath, childrenOf, namesIn } from "./nexus_groups.ts";
import { stepAt } from "./open_arrays.ts";

/** Step of each axis of the signal. */
export function axisSteps(file: Hdf5File, group: string, signal: string, axes: number): AxisStep[] {
  const steps: AxisStep[] = Array.from({ length: axes }, () => unknownStep);
  for (const { name, axis } of [...markedAxes(file, group), ...namedAxes(file, group, signal)]) {
    const path = childPath(group, name);
    if (!(axis >= 0 && axis < axes) || !file.dataset(path)) continue;
    steps[axis] = { step: stepAt(file, path), unit: file.text(path, "units"), name: name.split("/").at(-1) };
  }
  return steps;
}

/** A data set that describes an axis of the signal, which is counted from 0. */
interface NamedAxis {
  readonly name: string;
  readonly axis: number;
}

/**
 * `axes` of the group, a list or names with commas, with `NAME_indices` where an axis is not at its place in the list; in
 * older files `axes` of the signal, names with colons or commas. A dot stands for an axis without a data set.
 */
function namedAxes(file: Hdf5File, group: string, signal: string): NamedAxis[] {
  const list = file.attribute(group, "axes") ?? file.attribute(signal, "axes");
  const names = (Array.isArray(list) ? list : [list]).flatMap((text) =>
    typeof text === "string" ? text.replace(/^\s*\[|\]\s*$/g, "").split(/[:,]/) : []
  ).map((name) => name.trim());
  return names.flatMap((name, place) => {
    if (name === "." || name === "") return [];
    const indices = file.attribute(group, `${name}_indices`);
    const index = Array.isArray(indices) ? (indices.length === 1 ? indices[0] : undefined) : indices;
    // An axis over several axes of the signal, such as the place of each probe, has no step.
    if (Array.isArray(indices) && indices.length > 1) return [];
    return [{ name, axis: Number(index ?? place) }];
  });
}

/** In the oldest files a data set says of which axis it is, counted from 1, and `primary` where there are several. */
function markedAxes(file: Hdf5File, group: string): NamedAxis[] {
  const found: (NamedAxis & { readonly primary: number })[] = [];
  for (const name of namesIn(file, group)) {
    const path = `${group}/${name}`, axis = Number(file.attribute(path, "axis"));
    if (axis >= 1) {
      found.push({ name, axis: axis - 1, primary: Number(file.attribute(path, "primary") ?? 1) });
    }
  }
  // The first choice comes last, and so goes before the others.
  return found.sort((a, b) => b.primary - a.primary);
}

/** Energy of the beam, from the instrument of the entry that holds a group. */
export function beamOf(file: Hdf5File, group: string): Calibration {
  const instrument = `/${group.split("/")[1]}/instrument`;
  const places = [
    ...childrenOf(file, instrument, "NXbeam").map((beam) => `${beam}/incident_energy`),
    ...childrenOf(file, instrument, "NXsource").flatMap((
      source,
    ) => [`${source}/energy`, `${source}/voltage`]),
  ];
  for (const place of places) {
    const value = positive(file.number(place)), unit = file.text(place, "units")?.trim();
    const factor = { eV: 1e-3, keV: 1, MeV: 1e3, V: 1e-3, kV: 1 }[unit ?? ""];
    if (value && factor) return { beamEnergy: value * factor };
  }
  return {};
}
