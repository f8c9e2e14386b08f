/** Entries of a plan two by two, as whole numbers: what the correlation of zones multiplies at once. */

import type { OrientationPlan } from "./plan.ts";

/** Weights of two neighbouring angles of one shell; the second is 0 where there is no neighbour. */
export interface AnglePair {
  /** Place of the first in an image of shells: shell x inPlaneSteps + angle. */
  readonly place: number;
  readonly first: number;
  readonly second: number;
}

/** Weights as whole numbers are so many times as large at most; twice that would not fit 16 bits. */
const weightScale = 32767;

/** The pairs of each zone, and what whole numbers must keep to. */
export interface AnglePairs {
  readonly pairs: readonly (readonly AnglePair[])[];
  /** The largest number of an image, for sums to stay within 32 bits. */
  readonly top: number;
  /** Sums that differ by more than this differ in the same way without rounding. */
  readonly margin: number;
}

/** Puts the entries of a plan together. */
export function anglePairs({ start, place, weight, options: { inPlaneSteps } }: OrientationPlan): AnglePairs {
  let heaviest = 0, most = 0;
  const pairs = Array.from({ length: start.length - 1 }, (_, zone) => {
    const list: AnglePair[] = [];
    let sum = 0;
    for (let entry = start[zone]; entry < start[zone + 1]; entry++) {
      const next = entry + 1;
      const neighbours = next < start[zone + 1] && place[next] === place[entry] + 1 &&
        place[next] % inPlaneSteps !== 0;
      list.push({ place: place[entry], first: weight[entry], second: neighbours ? weight[next] : 0 });
      sum += weight[entry] + (neighbours ? weight[next] : 0);
      if (neighbours) entry++;
    }
    heaviest = Math.max(heaviest, sum);
    most = Math.max(most, 2 * list.length);
    return list;
  });
  // Each weight is half a unit off at most, and each number of the image.
  const largestSum = weightScale * heaviest + most / 2;
  const top = Math.min(32767, Math.floor(0x7fffffff / largestSum) - 1);
  const off = most * (top + 1) / 2 + weightScale * heaviest / 2;
  return { pairs, top, margin: 2 * Math.ceil(off) };
}

/** The pairs of all zones one after another. */
export function pairTables(pairs: readonly (readonly AnglePair[])[], inPlaneSteps: number): {
  /** int32 [zones + 1]. */
  readonly starts: Int32Array<ArrayBuffer>;
  /** int32: bytes from the start of an image in which each shell lies twice in a row. */
  readonly places: Int32Array<ArrayBuffer>;
  /** int16 [pair][2]. */
  readonly rounded: Int16Array<ArrayBuffer>;
  /** float32 [pair][2]. */
  readonly weights: Float32Array<ArrayBuffer>;
} {
  const all = pairs.flat(), starts = new Int32Array(pairs.length + 1);
  pairs.forEach((list, zone) => starts[zone + 1] = starts[zone] + list.length);
  const weights = Float32Array.from(all.flatMap(({ first, second }) => [first, second]));
  return {
    ...{ starts, weights },
    places: Int32Array.from(all, ({ place }) => {
      const angle = place % inPlaneSteps;
      return 4 * (2 * (place - angle) + angle);
    }),
    rounded: Int16Array.from(weights, (weight) => Math.round(weightScale * weight)),
  };
}

/** Angles that the image of assembly/nearby.ts goes on for after two turns. */
export const fineMore = 8;

/**
 * Bytes from the start of that image of each pair, and of its mirror image: the first angle from the end of the turn, the
 * second one before it. int32 [pairs] each.
 */
export function finePlaces(
  pairs: readonly (readonly AnglePair[])[],
  inPlaneSteps: number,
): [direct: Int32Array<ArrayBuffer>, mirrored: Int32Array<ArrayBuffer>] {
  const all = pairs.flat(), row = 2 * inPlaneSteps + fineMore;
  const of = (place: number, mirrored: boolean) => {
    const angle = place % inPlaneSteps;
    return 4 * ((place - angle) / inPlaneSteps * row + (mirrored ? inPlaneSteps - angle : angle));
  };
  return [
    Int32Array.from(all, ({ place }) => of(place, false)),
    Int32Array.from(all, ({ place }) => of(place, true)),
  ];
}
