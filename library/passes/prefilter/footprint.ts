/** What the prefilter looks at: neighbours and detector pixels (spec stage 2). */

import { BadParameter } from "../../scan/errors.ts";
import { pixelCount, type ScanShape } from "../../scan/shape.ts";
import type { PrefilterParameters } from "./parameters.ts";

/** Correlation weights of the prefilter for half of the footprint; the other half follows from symmetry. */
export interface PrefilterWeights {
  /** Offsets (row, column): (0, 0) first, then those with row = 0 and column > 0, then those with row > 0. */
  readonly offsets: readonly (readonly [number, number])[];
  /** float32 (row, column, offset): weight 0..1 of the probe at `offset`; 0 where it is outside the scan. */
  readonly values: Float32Array;
}

/**
 * Half of the footprint: (0, 0), then (0, 1).. and the offsets of the rows below; the other half follows from
 * R(p, p + i) = R(p + i, p). A circle of radius 4 has 69 offsets in full.
 */
export function halfFootprint({ radius, footprint }: PrefilterParameters): [number, number][] {
  const offsets: [number, number][] = [];
  for (let row = 0; row <= radius; row++) {
    for (let column = row === 0 ? 0 : -radius; column <= radius; column++) {
      if (footprint === "square" || row * row + column * column <= (radius + 0.5) ** 2) {
        offsets.push([row, column]);
      }
    }
  }
  return offsets;
}

/** For each row of a half footprint its first offset and how far it reaches, two numbers each. */
export function footprintRows(offsets: PrefilterWeights["offsets"]): Int32Array {
  const last = offsets[offsets.length - 1][0];
  return Int32Array.from(
    Array.from({ length: last + 1 }, (_, down) => [
      offsets.findIndex(([row]) => row === down),
      offsets.findLast(([row]) => row === down)![1],
    ]).flat(),
  );
}

/** Weights before anything is known but whom they are for. */
export function noWeights(parameters: PrefilterParameters): PrefilterWeights {
  return { offsets: halfFootprint(parameters), values: new Float32Array(0) };
}

/**
 * The weight function w(q) = |q - q_mean|^2 / (Qy Qx), zero within `edge` pixels of the border and on masked pixels.
 *
 * @throws {BadParameter} when nothing is left
 */
export function patternWeights(shape: ScanShape, edge: number, masked: readonly number[] = []): Float32Array {
  const { patternRows, patternColumns } = shape;
  const weights = new Float32Array(pixelCount(shape));
  for (let row = edge; row < patternRows - edge; row++) {
    for (let column = edge; column < patternColumns - edge; column++) {
      const squared = (row - (patternRows - 1) / 2) ** 2 + (column - (patternColumns - 1) / 2) ** 2;
      weights[row * patternColumns + column] = squared / (patternRows * patternColumns);
    }
  }
  for (const pixel of masked) weights[pixel] = 0;
  if (!weights.some((weight) => weight > 0)) {
    throw new BadParameter(`a prefilter edge of ${edge} pixels leaves nothing of this detector`, {
      expected: `an edge below ${Math.ceil(Math.min(patternRows, patternColumns) / 2)} pixels`,
      found: String(edge),
      parameter: "prefilter.edge",
      remedy: "lower `prefilter.edge`",
    });
  }
  return weights;
}
