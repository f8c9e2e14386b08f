/** How far maps of orientation and strain are from those of known crystals. */

import { disorientation } from "../crystal/matching/disorientation.ts";
import { type Matrix3, matrixAt } from "../crystal/matrix.ts";
import { medianOf } from "../scan/median.ts";

/** Orientations nearer to the truth than this, in degrees, are right. */
export const near = 3;
/** Probes with less of one crystal than this straddle a boundary, and are not looked at. */
const pure = 0.95;
/** Crystals with fewer such probes are not counted. */
const leastProbes = 9;

/** What is known of every probe. */
export interface KnownProbes {
  /** int32: crystal of each probe, negative for none. */
  readonly labels: Int32Array;
  /** Part of the probe that it has; absent = all of it. */
  readonly purity?: ArrayLike<number>;
}

/** How far orientations are from the truth. Patterns of one zone do not tell half a turn about the beam: it counts as none. */
export interface OrientationScore {
  /** Probes that lie in one crystal, and the part of them that has an orientation. */
  readonly probes: number;
  readonly oriented: number;
  /** Part of those with an orientation that has it within {@link near} degrees, and with the right phase. */
  readonly near: number;
  /** Median angle of those with the right phase, in degrees. */
  readonly median: number;
  /** Part of those with an orientation that has the right phase. */
  readonly phase: number;
  /** Crystals of nine such probes or more. */
  readonly grains: number;
  /** Part of these that have an orientation at half of their probes, and of which most are within {@link near} degrees. */
  readonly grainsOriented: number;
  readonly grainsNear: number;
}

/** Orientations of probes: 3 x 3 matrices, row-major, and phases, -1 for none. */
export interface ProbeMatrices {
  readonly matrices: Float64Array;
  readonly phases: Int32Array;
}

/**
 * Scores orientations.
 *
 * @param truth orientation of each crystal, and phase of each probe
 * @param rotations of the Laue group of each phase
 */
export function scoreOrientations(
  known: KnownProbes,
  found: ProbeMatrices,
  truth: { readonly orientations: Float64Array; readonly phases: Int32Array },
  rotations: readonly (readonly Matrix3[])[],
): OrientationScore {
  const counts = new Map<number, { probes: number; oriented: number; near: number }>();
  const angles: number[] = [];
  known.labels.forEach((label, probe) => {
    if (!isPure(known, probe)) return;
    const count = counts.get(label) ?? { probes: 0, oriented: 0, near: 0 };
    counts.set(label, count);
    count.probes++;
    const phase = found.phases[probe];
    if (phase < 0) return;
    count.oriented++;
    if (phase !== truth.phases[probe]) return;
    const own = matrixAt(found.matrices, 9 * probe),
      wanted = matrixAt(truth.orientations, 9 * label);
    const angle = Math.min(
      ...[own, halfTurn(own)].map((matrix) => disorientation(rotations[phase], matrix, wanted)),
    );
    angles.push(angle);
    if (angle <= near) count.near++;
  });
  const all = [...counts.values()], grains = all.filter(({ probes }) => probes >= leastProbes);
  const sum = (of: "probes" | "oriented" | "near") => all.reduce((total, count) => total + count[of], 0);
  const part = (some: number, whole: number) => whole > 0 ? some / whole : NaN;
  const ofGrains = (holds: (count: typeof grains[number]) => boolean) =>
    part(grains.filter(holds).length, grains.length);
  return {
    probes: sum("probes"),
    oriented: part(sum("oriented"), sum("probes")),
    near: part(sum("near"), sum("oriented")),
    median: medianOf(angles),
    phase: part(angles.length, sum("oriented")),
    grains: grains.length,
    grainsOriented: ofGrains(({ probes, oriented }) => 2 * oriented >= probes),
    grainsNear: ofGrains(({ probes, oriented, near }) => 2 * oriented >= probes && 2 * near > oriented),
  };
}

/** How far strain is from the truth, about the median: strain is relative to something that was chosen. */
export interface StrainScore {
  /** Probes that lie in one crystal, and the part of them that was measured. */
  readonly probes: number;
  readonly measured: number;
  /** Root mean square error of e_xx, e_yy, e_xy and of the dilation e_xx + e_yy. */
  readonly rms: { readonly xx: number; readonly yy: number; readonly xy: number; readonly dilation: number };
  /** Half of the probes have a smaller error of the dilation than this. */
  readonly typical: number;
}

/**
 * Scores strain.
 *
 * @param found and `truth`: (row, column, 4), e_xx, e_yy, e_xy and rotation; NaN for none
 * @param among probes to look at, where not all
 */
export function scoreStrain(
  known: KnownProbes,
  found: ArrayLike<number>,
  truth: ArrayLike<number>,
  among: (probe: number) => boolean = () => true,
): StrainScore {
  const inside = Array.from(known.labels.keys()).filter((probe) =>
    isPure(known, probe) && !Number.isNaN(truth[4 * probe])
  );
  const measured = inside.filter((probe) => !Number.isNaN(found[4 * probe]) && among(probe));
  const errors = (of: (strain: ArrayLike<number>, at: number) => number) => {
    const off = measured.map((probe) => of(found, 4 * probe) - of(truth, 4 * probe)), middle = medianOf(off);
    return off.map((value) => value - middle);
  };
  const rms = (values: readonly number[]) =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  const dilations = errors((strain, at) => strain[at] + strain[at + 1]);
  return {
    probes: inside.length,
    measured: inside.length > 0 ? measured.length / inside.length : NaN,
    rms: {
      xx: rms(errors((strain, at) => strain[at])),
      yy: rms(errors((strain, at) => strain[at + 1])),
      xy: rms(errors((strain, at) => strain[at + 2])),
      dilation: rms(dilations),
    },
    typical: medianOf(dilations.map(Math.abs)),
  };
}

function isPure({ labels, purity }: KnownProbes, probe: number): boolean {
  return labels[probe] >= 0 && (purity === undefined || purity[probe] >= pure);
}

/** The orientation after half a turn about the beam. */
function halfTurn(m: Matrix3): Matrix3 {
  return [-m[0], -m[1], m[2], -m[3], -m[4], m[5], -m[6], -m[7], m[8]];
}
