/** How dense directions lie on the sphere, in multiples of a random distribution. */

import type { Vector3 } from "../crystal/matrix.ts";
import { BadParameter } from "../scan/errors.ts";
import { cosine, logarithm } from "../scan/portable_math.ts";
import { project } from "./projection.ts";

/** Cells along the disk of equal areas in which directions are gathered: about 1.3 degrees each. */
const cells = 128;
/** Values of the kernel between cosines of 0 and 1. */
const steps = 8192;

/**
 * A smooth density of directions that are meant either way round, such as normals of planes. Each direction is spread by
 * the kernel of de la Vallée Poussin, ((1 + cos angle) / 2)^k, whose mean over the sphere is 1, so that directions without
 * any order give 1 everywhere.
 */
export class DirectionDensity {
  /** Weight, and weighted sum of the directions, of each cell. */
  readonly #cells = new Float64Array(4 * cells * cells);
  readonly #kernel: Float64Array;
  #total = 0;
  #sources?: Float64Array;

  /**
   * Begins without directions.
   *
   * @param halfWidth angle in degrees at which the kernel is half as high as in its middle, 1 to 45
   * @throws {BadParameter} when it is another
   */
  constructor(readonly halfWidth: number) {
    if (!(halfWidth >= 1 && halfWidth <= 45)) {
      throw new BadParameter("densities of directions have a kernel of no such half-width", {
        expected: "a half-width from 1 to 45 degrees",
        found: String(halfWidth),
        parameter: "halfWidth",
        remedy: "give a half-width such as 10",
      });
    }
    const half = cosine(halfWidth * Math.PI / 360);
    const exponent = Math.max(1, Math.round(-logarithm(2) / (2 * logarithm(half))));
    this.#kernel = Float64Array.from({ length: steps + 1 }, (_, step) => {
      const there = (1 + step / steps) / 2;
      return (exponent + 1) / 2 * (wholePower(there, exponent) + wholePower(1 - there, exponent));
    });
  }

  /** Adds a direction, a unit vector. */
  add([x, y, z]: Vector3, weight: number): void {
    const sign = z < 0 ? -1 : 1;
    const [across, along] = project([sign * x, sign * y, sign * z], "equal-area");
    const cell = 4 * (cellOf(across) * cells + cellOf(along));
    this.#cells[cell] += weight;
    this.#cells[cell + 1] += weight * sign * x;
    this.#cells[cell + 2] += weight * sign * y;
    this.#cells[cell + 3] += weight * sign * z;
    this.#total += weight;
    this.#sources = undefined;
  }

  /** The density along a unit vector, in multiples of a random distribution; 0 where nothing was added. */
  at([x, y, z]: Vector3): number {
    const sources = this.#sources ??= this.#gather(), kernel = this.#kernel;
    let sum = 0;
    for (let source = 0; source < sources.length; source += 4) {
      const cosineOf = Math.abs(sources[source + 1] * x + sources[source + 2] * y + sources[source + 3] * z);
      const place = Math.min(1, cosineOf) * steps, step = Math.min(steps - 1, Math.floor(place));
      sum += sources[source] * (kernel[step] + (place - step) * (kernel[step + 1] - kernel[step]));
    }
    return sum;
  }

  /** The share of the weight and the mean direction of every cell that is not empty, in a fixed order. */
  *directions(): Generator<{ readonly direction: Vector3; readonly share: number }> {
    const sources = this.#sources ??= this.#gather();
    for (let source = 0; source < sources.length; source += 4) {
      const [share, x, y, z] = sources.subarray(source, source + 4);
      yield { direction: [x, y, z], share };
    }
  }

  /** The highest density, of those along the directions that were added; 0 where nothing was. */
  maximum(): number {
    let most = 0;
    for (const { direction } of this.directions()) most = Math.max(most, this.at(direction));
    return most;
  }

  /** Share of the weight, and the mean direction, of every cell that is not empty. */
  #gather(): Float64Array {
    const found: number[] = [];
    for (let cell = 0; cell < this.#cells.length; cell += 4) {
      const [weight, x, y, z] = this.#cells.subarray(cell, cell + 4);
      if (weight === 0) continue;
      const size = Math.sqrt(x * x + y * y + z * z);
      found.push(weight / this.#total, x / size, y / size, z / size);
    }
    return Float64Array.from(found);
  }
}

/** Where a coordinate of the disk, -1 to 1, lies among the cells. */
function cellOf(coordinate: number): number {
  return Math.min(cells - 1, Math.max(0, Math.floor((coordinate + 1) / 2 * cells)));
}

/** A whole power by products alone, whose last bits no machine chooses. */
function wholePower(base: number, exponent: number): number {
  let result = 1, square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
