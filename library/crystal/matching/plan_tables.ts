/** A plan as one block of bytes, as the kernels of assembly/match.ts read it (assembly/layout.ts names fields). */

import { bytesOf } from "../../scan/dtype.ts";
import { electronWavelength } from "../../scan/electron.ts";
import { cosine, power, sine, squared } from "../../scan/portable_math.ts";
import { type AnglePair, anglePairs, finePlaces, pairTables } from "./angle_pairs.ts";
import type { Matrix3 } from "../matrix.ts";
import { latticeVariants } from "./lattice_variants.ts";
import type { OrientationPlan } from "./plan.ts";
import { imageBytes, type Screening, screeningOf } from "./screening.ts";

/** Candidates that are refined. */
export const candidates = 8;
/** Turns that refinement tries, in degrees, each with the width in Å^-1 at which agreement is judged. */
export const refinementRounds = [[1, 0.05], [0.5, 0.03], [0.25, 0.02], [0.125, 0.02], [
  0.0625,
  0.02,
]] as const;
/** Agreement without refinement is judged at this width in Å^-1. */
export const coarseWidth = 0.05;
/** Candidates are at least so far apart, in degrees; orientations nearer than `same` are the same for the reliability. */
export const apart = 4, same = 5;
/** A half turn that agrees at least this much, relative to the match, cannot be told from it. */
export const asGood = 0.98;

type TableArray = Int16Array | Int32Array | Float32Array | Float64Array;

/** Where places of arrays in the table are among the int32 fields at its start. */
const tableFields = 16;
/** Where the float64 constants begin, and where the arrays do; bytes. */
const constantsAt = 256, arraysAt = 384;

/** What kernels take of a plan, and what the memory that they need follows from. */
export interface PlanTables {
  /** The table, but for where things are in the scratch memory. */
  readonly bytes: Uint8Array;
  /** Bytes of the image that screening makes of a pattern. */
  readonly imageBytes: number;
  /** Number of variants that the lattice hardly tells from an orientation. */
  readonly variants: number;
}

/** Plans whose tables were made: that takes as long as some hundred patterns, and plans are used again and again. */
const made = new WeakMap<OrientationPlan, PlanTables>();

/** The tables of a plan, made once. */
export function planTables(plan: OrientationPlan): PlanTables {
  const known = made.get(plan);
  if (known) return known;
  const tables = makeTables(plan);
  made.set(plan, tables);
  return tables;
}

function makeTables(plan: OrientationPlan): PlanTables {
  const short = screeningOf(plan), pairs = anglePairs(plan);
  const variants = latticeVariants(plan.crystal, plan.group);
  const { bytes, offsets } = joinArrays(tableArrays(plan, short, variants, pairs.pairs));
  const { zones, shells, group, options } = plan;
  const head = new DataView(bytes.buffer);
  const sizes = [zones.length, options.inPlaneSteps, shells.length, shownReflections(plan).length];
  const counts = [short.norms.length / 2, short.angles, short.stride, short.computed, short.rowBytes];
  const pairLimits = [pairs.top, pairs.margin];
  [...sizes, group.rotations.length, refinementRounds.length, ...counts, ...pairLimits, variants.length]
    .forEach((value, field) => head.setInt32(4 * field, value, true));
  offsets.forEach((value, index) => head.setInt32(4 * (tableFields + index), value, true));
  constantsOf(plan).forEach((value, field) => head.setFloat64(constantsAt + 8 * field, value, true));
  return { bytes, imageBytes: imageBytes(short), variants: variants.length };
}

/** The reflections but for the direct beam's. */
export function shownReflections({ reflections: { count, lengths } }: OrientationPlan): number[] {
  return Array.from({ length: count }, (_, index) => index).filter((index) => lengths[index] > 0);
}

/** The arrays of the table, in the order of their fields. */
function tableArrays(
  plan: OrientationPlan,
  short: Screening,
  variants: readonly Matrix3[],
  pairs: readonly (readonly AnglePair[])[],
): TableArray[] {
  const { frames, shells, group, reflections, options } = plan, { inPlaneSteps: steps } = options;
  const { starts, places, rounded, weights } = pairTables(pairs, steps);
  const turns = Float64Array.from({ length: 2 * steps }, (_, index) => {
    const angle = (index >> 1) * 2 * Math.PI / steps;
    return index % 2 === 0 ? cosine(angle) : sine(angle);
  });
  const spots = shownReflections(plan).flatMap((index) => [
    ...reflections.vectors.subarray(3 * index, 3 * index + 3),
    ...[reflections.lengths[index], power(reflections.intensities[index], options.intensityPower)],
  ]);
  const rounds = refinementRounds.flatMap(([degrees, width]) => {
    const step = degrees * Math.PI / 180;
    return [step, cosine(step), sine(step), width];
  });
  return [
    ...[starts, places, rounded, weights],
    ...[frames.flat(), turns, shells, group.rotations.flat(), spots, rounds].map((values) =>
      Float64Array.from(values)
    ),
    ...[short.strengths, short.starts, short.spots, short.norms, short.memberStarts, short.members],
    ...[...finePlaces(pairs, steps), Float64Array.from(variants.flat()), sieveOf(plan)],
  ];
}

/**
 * What assembly/sieve.ts tests of four reflections at a time: float32 [reflections / 4][x, y, z, least and most along the
 * beam, |g|][4]. The excitation error rises with the component along the beam; limits are wider by more than rounding.
 */
function sieveOf(plan: OrientationPlan): Float32Array<ArrayBuffer> {
  const { reflections: { vectors, lengths }, options } = plan, shown = shownReflections(plan);
  const wavelength = electronWavelength(options.beamEnergy), range = 3 * options.excitationWidth;
  const table = new Float32Array(24 * Math.ceil(shown.length / 4));
  // What is not there lies above everything.
  for (let place = 12; place < table.length; place += 24) table.fill(Infinity, place, place + 4);
  shown.forEach((index, place) => {
    const length = lengths[index], curve = wavelength * length * length / 2, slack = 1e-5 * (1 + length);
    const below = 1 - range * wavelength, above = 1 + range * wavelength;
    const least = below > 0 ? (curve - range) / below - slack : -Infinity;
    [...vectors.subarray(3 * index, 3 * index + 3), least, (curve + range) / above + slack, length]
      .forEach((value, field) => table[24 * (place >> 2) + 4 * field + place % 4] = value);
  });
  return table;
}

/** The constants, in the order of their fields. */
function constantsOf(plan: OrientationPlan): number[] {
  const { options, reflections } = plan;
  const { beamEnergy, kernel, excitationWidth, intensityPower } = options;
  const trace = (degrees: number) => 1 + 2 * cosine(degrees * Math.PI / 180);
  return [
    ...[electronWavelength(beamEnergy), kernel, 3 * excitationWidth],
    // The power of what fades as exp(-s^2 / 2 w^2) is what fades with a width of w / sqrt(power).
    Math.max(intensityPower, 1e-6) / (2 * excitationWidth * excitationWidth),
    ...[trace(apart), trace(same), coarseWidth, refinementRounds.at(-1)![1], asGood],
    reflections.lengths.reduce((most, length) => Math.max(most, length), 0),
    spotSpacing(plan),
  ];
}

/** A distance in Å^-1 that no two spots of a pattern are nearer than: reflections that show differ little along the beam. */
function spotSpacing({ reflections, options }: OrientationPlan): number {
  const { lengths, vectors } = reflections, few = 200;
  const shortest = Array.from(lengths.keys()).sort((one, other) => lengths[one] - lengths[other]).slice(
    0,
    few,
  );
  let least = Infinity;
  for (const one of shortest) {
    for (const other of shortest) {
      if (other <= one) continue;
      const [x, y, z] = [0, 1, 2].map((axis) => vectors[3 * one + axis] - vectors[3 * other + axis]);
      least = Math.min(least, x * x + y * y + z * z);
    }
  }
  const along = 6 * options.excitationWidth +
    electronWavelength(options.beamEnergy) * squared(options.maximumLength) / 2;
  return Math.sqrt(Math.max(0, least - squared(along)));
}

/** Places of arrays of so many bytes, one after another from `first` on, for vectors of 16 bytes. */
export function layOut(sizes: readonly number[], first: number): { bytes: number; offsets: number[] } {
  let bytes = first;
  const offsets = sizes.map((size) => {
    const offset = bytes;
    bytes += Math.ceil(size / 16) * 16;
    return offset;
  });
  return { bytes, offsets };
}

/** Arrays one after another behind the fields of the table. */
function joinArrays(arrays: readonly TableArray[]): { bytes: Uint8Array; offsets: number[] } {
  const { bytes, offsets } = layOut(arrays.map(({ byteLength }) => byteLength), arraysAt);
  const joined = new Uint8Array(bytes);
  arrays.forEach((array, index) => joined.set(bytesOf(array), offsets[index]));
  return { bytes: joined, offsets };
}
