/** What a Bragg disk looks like: the template that patterns are correlated with. */

import { BadParameter } from "../../scan/errors.ts";
import { cosine, exponential } from "../../scan/portable_math.ts";

/** A disk and its surroundings: float64 (side, side), side odd, centred on the middle pixel; its sum is 0. */
export interface ProbeTemplate {
  /** Pixels along each side. */
  readonly side: number;
  /** Weights, row by row. */
  readonly pixels: Float64Array;
  /** Radius of the disk in detector pixels. */
  readonly radius: number;
  /** Width in pixels over which the edge falls from 88 to 12 percent, of round disks that are evenly lit. */
  readonly edge?: number;
}

/** Surroundings reach to so many radii. */
const outer = 2;

/**
 * The template of a round, evenly lit disk with a soft edge, less a ring around it, so that even backgrounds count nothing.
 *
 * @param radius of the disk in detector pixels
 * @param edge width in pixels over which it falls from 88 to 12 percent; default 1
 * @throws {BadParameter} when radius or edge are out of range
 *
 * @example
 * ```ts
 * import { diskTemplate } from "crystallite";
 *
 * const { pixels } = diskTemplate(5);
 * console.assert(Math.abs(pixels.reduce((sum, value) => sum + value, 0)) < 1e-12);
 * ```
 */
export function diskTemplate(radius: number, edge = 1): ProbeTemplate {
  if (!(radius >= 0.5 && radius <= 200 && edge > 0 && edge <= 2 * radius)) {
    throw new BadParameter("no disk is like this", {
      expected: "a radius from 0.5 to 200 pixels, and an edge up to its diameter",
      found: `radius ${radius}, edge ${edge} pixels`,
      parameter: "template",
      remedy: "give the radius of the disks in detector pixels",
    });
  }
  const reach = Math.ceil(outer * radius + 2 * edge), side = 2 * reach + 1;
  const probe = new Float64Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const down = row - reach, across = column - reach;
      const distance = Math.sqrt(down * down + across * across);
      probe[row * side + column] = 1 / (1 + exponential(4 * (distance - radius) / edge));
    }
  }
  return { ...templateOf(probe, side, radius), edge };
}

/**
 * The template of a probe: normalised, less its normalised surroundings.
 *
 * @param probe float64 (side, side), side odd, centred on the middle pixel
 */
export function templateOf(probe: Float64Array, side: number, radius: number): ProbeTemplate {
  const around = surroundings(side, radius), lit = probe.reduce((total, value) => total + value, 0);
  return { side, radius, pixels: probe.map((value, index) => value / lit - around[index]) };
}

/**
 * What is subtracted from a probe to make a template: 1 up to its radius, fading up to twice that, of sum 1; float64 (side,
 * side).
 */
export function surroundings(side: number, radius: number): Float64Array {
  const middle = (side - 1) / 2;
  const weights = Float64Array.from({ length: side * side }, (_, index) => {
    const down = Math.floor(index / side) - middle, across = index % side - middle;
    const part = (Math.sqrt(down * down + across * across) - radius) / (outer * radius - radius);
    const fade = cosine(Math.PI / 2 * Math.min(1, Math.max(0, part)));
    return fade * fade;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
