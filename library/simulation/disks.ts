/** The disks that beams of a convergent probe leave on the detector. */

import { exponential, squared } from "../scan/portable_math.ts";

/** Draws disks of one radius, blurred by the detector's point spread, at the nearest of some positions between pixels. */
export class DiskStamp {
  readonly #radius: number;
  readonly #pointSpread: number;
  readonly #steps: number;
  /** Pixels from the middle of a mask to its border. */
  readonly #reach: number;
  /** Masks by position between pixels, made when first needed: (step along rows) * steps + step along columns. */
  readonly #masks: (Float32Array | undefined)[];

  /**
   * @param radius of the disks, and `pointSpread`, the standard deviation of the blur, in pixels
   * @param steps positions from one pixel to the next, along each axis
   */
  constructor(radius: number, pointSpread: number, steps: number) {
    this.#steps = steps;
    this.#masks = new Array(steps * steps);
    this.#radius = radius;
    this.#pointSpread = pointSpread;
    this.#reach = Math.ceil(radius + 1) + Math.ceil(3.5 * pointSpread);
  }

  /** The largest part of a disk's electrons that falls on one pixel. */
  get peak(): number {
    return this.#maskAt(0, 0).reduce((most, value) => Math.max(most, value), 0);
  }

  /**
   * Adds a disk of `electrons` about (row, column) to a pattern of `rows` x `columns`; what lies beyond is lost.
   */
  add(
    pattern: Float32Array,
    rows: number,
    columns: number,
    row: number,
    column: number,
    electrons: number,
  ): void {
    const steps = this.#steps;
    const stepRow = Math.round(row * steps), stepColumn = Math.round(column * steps);
    const baseRow = Math.floor(stepRow / steps), baseColumn = Math.floor(stepColumn / steps);
    const mask = this.#maskAt(stepRow - baseRow * steps, stepColumn - baseColumn * steps);
    const reach = this.#reach, side = 2 * reach + 2;
    const top = baseRow - reach, left = baseColumn - reach;
    const firstRow = Math.max(0, -top), lastRow = Math.min(side, rows - top);
    const firstColumn = Math.max(0, -left), lastColumn = Math.min(side, columns - left);
    for (let i = firstRow; i < lastRow; i++) {
      const source = i * side, target = (top + i) * columns + left;
      for (let j = firstColumn; j < lastColumn; j++) pattern[target + j] += electrons * mask[source + j];
    }
  }

  #maskAt(stepRow: number, stepColumn: number): Float32Array {
    const steps = this.#steps;
    return this.#masks[stepRow * steps + stepColumn] ??= this.#makeMask(stepRow / steps, stepColumn / steps);
  }

  /** A disk with an edge one pixel soft, about (reach + row, reach + column), blurred; its sum is 1. */
  #makeMask(row: number, column: number): Float32Array {
    const side = 2 * this.#reach + 2;
    const disk = new Float64Array(side * side);
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++) {
        const distance = Math.sqrt(squared(i - this.#reach - row) + squared(j - this.#reach - column));
        disk[i * side + j] = Math.min(1, Math.max(0, this.#radius + 0.5 - distance));
      }
    }
    const blurred = blurColumns(blurColumns(disk, side, this.#pointSpread), side, this.#pointSpread);
    const sum = blurred.reduce((total, value) => total + value, 0);
    return Float32Array.from(blurred, (value) => value / sum);
  }
}

/** Blurs a square along its columns and transposes it, so that twice blurs both axes. */
function blurColumns(square: Float64Array, side: number, sigma: number): Float64Array {
  const blurred = new Float64Array(side * side);
  const reach = Math.ceil(3.5 * sigma);
  const kernel = Array.from(
    { length: 2 * reach + 1 },
    (_, i) => sigma > 0 ? exponential(-0.5 * squared((i - reach) / sigma)) : 1,
  );
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      let sum = 0;
      for (let k = Math.max(-reach, -i); k <= Math.min(reach, side - 1 - i); k++) {
        sum += kernel[k + reach] * square[(i + k) * side + j];
      }
      blurred[j * side + i] = sum;
    }
  }
  return blurred;
}
