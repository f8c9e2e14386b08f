/** A plan in the memory of an engine, as the kernels of assembly/match.ts read it (assembly/layout.ts names fields). */

import { type Address, at } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { bytesOf } from "../../scan/dtype.ts";
import { electronWavelength } from "../../scan/electron.ts";
import { cosine, power, sine, squared } from "../../scan/portable_math.ts";
import { type AnglePair, anglePairs, fineMore, finePlaces, pairTables } from "./angle_pairs.ts";
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

/** Where places of arrays in the table, and of those in the scratch memory, are among the int32 fields at its start. */
const tableFields = 16, roomFields = 40;
/** Where the float64 constants begin, and where the arrays do; bytes. */
const constantsAt = 256, arraysAt = 384;
/** Leading zones that are followed, and numbers of a reflection that refinement keeps (assembly/climb.ts). */
const leading = 8, litNumbers = 8;

/** A plan where kernels find it. */
export class PlacedPlan {
  /** The table that kernels take. */
  readonly address: Address;
  readonly #rooms: (mostPeaks: number) => number[];

  /**
   * Copies the plan's tables into the engine's memory.
   *
   * @throws {OutOfResources} when they do not fit
   */
  constructor(readonly engine: Engine, readonly plan: OrientationPlan) {
    const short = screeningOf(plan), pairs = anglePairs(plan);
    const variants = latticeVariants(plan.crystal, plan.group);
    this.#rooms = (mostPeaks) => scratchRooms(plan, short, variants.length, mostPeaks);
    const { bytes, offsets } = joinArrays(tableArrays(plan, short, variants, pairs.pairs));
    const { zones, shells, group, options } = plan;
    const head = new DataView(bytes.buffer);
    const sizes = [zones.length, options.inPlaneSteps, shells.length, shownReflections(plan).length];
    const counts = [short.norms.length / 2, short.angles, short.stride, short.computed, short.rowBytes];
    [
      ...sizes,
      group.rotations.length,
      refinementRounds.length,
      ...counts,
      pairs.top,
      pairs.margin,
      variants.length,
    ]
      .forEach((value, field) => head.setInt32(4 * field, value, true));
    offsets.forEach((value, index) => head.setInt32(4 * (tableFields + index), value, true));
    constantsOf(plan).forEach((value, field) => head.setFloat64(constantsAt + 8 * field, value, true));
    this.address = engine.place(bytes);
  }

  /**
   * Says where in the scratch memory of threads things are for patterns of up to `mostPeaks` peaks.
   *
   * @returns bytes of scratch memory that a thread needs
   */
  prepare(mostPeaks: number): number {
    const { bytes, offsets } = layOut(this.#rooms(mostPeaks), 0);
    this.engine.view(Int32Array, at(this.address, 4 * roomFields), offsets.length).set(offsets);
    return bytes;
  }
}

/** Sizes in bytes of the arrays in the scratch memory. */
function scratchRooms(
  plan: OrientationPlan,
  short: Screening,
  variants: number,
  mostPeaks: number,
): number[] {
  const { zones, shells, group: { rotations }, options: { inPlaneSteps: steps } } = plan;
  const image = 8 * shells.length * steps, reflections = shownReflections(plan).length;
  return [
    ...[image, image, image, image, image, 4 * steps],
    ...[8 * zones.length, 8 * zones.length, 96 * (candidates + variants), 80 * candidates * rotations.length],
    ...[32 * mostPeaks, 8 * refinementRounds.length, 40 * reflections, 24 * reflections],
    ...[imageBytes(short), 16 * leading, 4 * shells.length * (2 * steps + fineMore)],
    ...[8 * zones.length + 16, 8 * zones.length, 8 * litNumbers * reflections],
  ];
}

/** The reflections but for the direct beam's. */
function shownReflections({ reflections: { count, lengths } }: OrientationPlan): number[] {
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
    ...[...finePlaces(pairs, steps), Float64Array.from(variants.flat())],
  ];
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
function layOut(sizes: readonly number[], first: number): { bytes: number; offsets: number[] } {
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
