/** Orientation maps in the HDF5 layout of orix, with lattices and atoms, so that nothing has to be told it again. */

import type { Crystal } from "../crystal/crystal.ts";
import { elementSymbols } from "../crystal/elements.ts";
import { identity, type Matrix3, multiply } from "../crystal/matrix.ts";
import { encodeHdf5, type Hdf5Leaf, type Hdf5Tree } from "../formats/hdf5/tree_writer.ts";
import { eulerAngles } from "../mapping/euler.ts";
import { type ExchangeMap, micrometres } from "./exchange_map.ts";
import { plain } from "./orientation_content.ts";

/** The version of orix whose layout this is. */
const layoutVersion = "0.15.0";
/** Axes of the picture – right, up, towards the source – in those of the detector. */
const toPicture: Matrix3 = [0, -1, 0, 1, 0, 0, 0, 0, 1];
/** Colours by their names in matplotlib. */
const colours = ["tab:blue", "tab:orange", "tab:green", "tab:red", "tab:purple", "tab:brown", "tab:pink"];

/**
 * The file: Bunge's angles in radians about the axes of the picture (right, up, towards the source), a along x, steps in
 * micrometres. Probes without an orientation have the phase -1.
 */
export function encodeOrix({ crystals, groups, shape, pixelSize, at }: ExchangeMap): Uint8Array {
  const probes = shape.rows * shape.columns, step = micrometres(pixelSize);
  const phase = new Int32Array(probes).fill(-1), angles = [0, 1, 2].map(() => new Float64Array(probes));
  const quality = [0, 1, 2].map(() => new Float64Array(probes).fill(NaN));
  const degree = Math.PI / 180;
  for (let probe = 0; probe < probes; probe++) {
    const point = at(probe);
    if (!point) continue;
    phase[probe] = point.phase;
    const { phi1, capitalPhi, phi2 } = eulerAngles(multiply(point.orientation, toPicture));
    [phi1, capitalPhi, phi2].forEach((angle, index) => angles[index][probe] = angle * degree);
    [point.agreement, point.explained, point.matchedPeaks]
      .forEach((value, index) => quality[index][probe] = value ?? NaN);
  }
  const names = ["agreement", "explained", "matched_peaks"];
  // What is not known of any probe is left out.
  const known = names.flatMap((name, index) =>
    quality[index].every(Number.isNaN) ? [] : [[name, { values: quality[index] }] as const]
  );
  const places = (place: (probe: number) => number): Hdf5Leaf => ({
    values: Float64Array.from({ length: probes }, (_, probe) => place(probe)),
  });
  return encodeHdf5({
    ...{ manufacturer: text("orix"), version: text(layoutVersion) },
    crystal_map: {
      data: {
        y: places((probe) => Math.floor(probe / shape.columns) * step.row),
        x: places((probe) => probe % shape.columns * step.column),
        ...{ phi1: { values: angles[0] }, Phi: { values: angles[1] }, phi2: { values: angles[2] } },
        ...{ phase_id: { values: phase }, id: { values: phase.map((_, probe) => probe) } },
        is_in_data: { values: { truths: new Uint8Array(probes).fill(1) } },
        ...Object.fromEntries(known),
      },
      header: {
        ...{ grid_type: text("square"), ny: whole(probes), nx: whole(probes), rotations_per_point: whole(1) },
        ...{ y_step: real(step.row), x_step: real(step.column), scan_unit: text(pixelSize ? "um" : "px") },
        phases: Object.fromEntries(
          crystals.map((
            crystal,
            index,
          ) => [String(index), phaseTree(crystal, groups[index].laueClass, index)]),
        ),
      },
    },
  });
}

/** A phase with its lattice and atoms; of its symmetry only the Laue class is taken for known. */
function phaseTree(crystal: Crystal, laueClass: string, index: number): Hdf5Tree {
  const { a, b, c, alpha, beta, gamma } = crystal.cell;
  return {
    ...{ name: text(plain(crystal.name)), space_group: text("None"), point_group: text(laueClass) },
    color: text(colours[index % colours.length]),
    structure: {
      lattice: {
        abcABG: { values: Float64Array.of(a, b, c, alpha, beta, gamma) },
        baserot: { values: Float64Array.from(identity), shape: [3, 3] },
      },
      atoms: Object.fromEntries(
        crystal.atoms.map(({ element, occupancy, position, debyeWaller = 0 }, atom) => {
          // Isotropic: B = 8 pi^2 U.
          const vibration = identity.map((value) => value * debyeWaller / (8 * Math.PI * Math.PI));
          return [String(atom), {
            ...{ element: text(elementSymbols[element - 1]), label: text(""), occupancy: real(occupancy) },
            xyz: { values: Float64Array.from(position) },
            U: { values: Float64Array.from(vibration), shape: [3, 3] },
          }];
        }),
      ),
    },
  };
}

function text(value: string): Hdf5Leaf {
  return { values: { text: value } };
}

function whole(value: number): Hdf5Leaf {
  return { values: Int32Array.of(value) };
}

function real(value: number): Hdf5Leaf {
  return { values: Float64Array.of(value) };
}
