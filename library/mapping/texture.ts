/** What the orientations of a scan's probes say together: how they are spread, and how they vary inside grains. */

import type { Crystal } from "../crystal/crystal.ts";
import type { Matrix3, Vector3 } from "../crystal/matrix.ts";
import type { LaueGroup } from "../crystal/point_group.ts";
import type { DirectionDensity } from "./direction_density.ts";
import { meanOrientations, orientationDeviation } from "./grain_spread.ts";
import { kernelAverageMisorientation, type KernelOptions } from "./local_misorientation.ts";
import {
  equalPoles,
  inversePoleDensity,
  poleDensity,
  type WeightedOrientation,
  widestFamilies,
} from "./pole_figure.ts";
import { orientationAt, type ProbeOrientations } from "./probe_orientations.ts";
import type { ClusterOrientation } from "./strain_spots.ts";

/** Axes of the sample: down the detector, to its right, towards the source. */
export type SampleAxis = "x" | "y" | "z";

/** Their unit vectors. */
export const sampleAxes: Readonly<Record<SampleAxis, Vector3>> = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };

/** A phase of the scan. */
export interface TexturePhase {
  readonly crystal: Crystal;
  readonly group: LaueGroup;
}

/** How texture is worked out. */
export interface TextureOptions extends KernelOptions {
  /** Families of planes of the pole figures; default: the three of the largest distance, for each phase. */
  readonly families?: readonly Vector3[];
  /** Directions of the inverse pole figures; default x, y and z. */
  readonly axes?: readonly SampleAxis[];
  /** Half-width in degrees of the kernel of the densities; default 10. */
  readonly halfWidth?: number;
}

/** The texture of a scan. */
export interface Texture {
  readonly poleFigures: readonly {
    readonly phase: number;
    readonly family: Vector3;
    readonly poles: readonly Vector3[];
    /** In the sample's frame. */
    readonly density: DirectionDensity;
  }[];
  readonly inversePoleFigures: readonly {
    readonly phase: number;
    readonly axis: SampleAxis;
    /** In the crystal's frame. */
    readonly density: DirectionDensity;
  }[];
  /** Mean orientation of each grain; `undefined` where it has none. */
  readonly grains: readonly (ClusterOrientation | undefined)[];
  /** float32 (rows, columns): kernel average misorientation in degrees, NaN where there is none. */
  readonly kam: Float32Array;
  /** float32 (rows, columns): turn in degrees from the mean orientation of the grain, NaN where there is none. */
  readonly grod: Float32Array;
}

/**
 * Pole figures and local misorientation; every probe counts as much as every other.
 *
 * @param labels int32 (rows, columns): grain of each probe, -1 for none
 * @param count number of grains
 * @throws {BadParameter} when a half-width is none
 */
export function textureOf(
  map: ProbeOrientations,
  labels: Int32Array,
  shape: { readonly rows: number; readonly columns: number },
  count: number,
  phases: readonly TexturePhase[],
  options: TextureOptions = {},
): Texture {
  const { axes = ["x", "y", "z"], halfWidth = 10 } = options;
  const rotations = phases.map(({ group }) => group.rotations);
  const grains = meanOrientations(map, labels, rotations, count);
  const orientations = weighted(map, phases.length);
  const present = phases.map((phase, index) => ({ ...phase, index }))
    .filter(({ index }) => orientations[index].length > 0);
  return {
    grains,
    poleFigures: present.flatMap(({ crystal, group, index }) =>
      (options.families ?? widestFamilies(crystal, group, 3)).map((family) => {
        const poles = equalPoles(group, crystal.cell, family);
        return { phase: index, family, poles, density: poleDensity(orientations[index], poles, halfWidth) };
      })
    ),
    inversePoleFigures: present.flatMap(({ group, index }) =>
      axes.map((axis) => {
        const density = inversePoleDensity(orientations[index], group, sampleAxes[axis], halfWidth);
        return { phase: index, axis, density };
      })
    ),
    kam: kernelAverageMisorientation(map, labels, shape, rotations, options),
    grod: orientationDeviation(map, labels, rotations, grains),
  };
}

/** The orientations of each phase; runs of equal ones, as clusters have them, are written once. */
function weighted(map: ProbeOrientations, phases: number): WeightedOrientation[][] {
  const found = Array.from({ length: phases }, (): { orientation: Matrix3; weight: number }[] => []);
  map.phases.forEach((phase, probe) => {
    if (phase < 0) return;
    const orientation = orientationAt(map, probe), last = found[phase].at(-1);
    if (last?.orientation.every((value, element) => value === orientation[element])) last.weight++;
    else found[phase].push({ orientation, weight: 1 });
  });
  return found;
}
