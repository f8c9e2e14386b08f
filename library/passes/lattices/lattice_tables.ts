/** Tables of assembly/lattices.ts: what counts say of displaced disks, and the points at which that is looked at. */

import { cosine, logarithm, sine } from "../../scan/portable_math.ts";

/** A disk that patterns of a cluster show, as its average tells. */
export interface ExpectedDisk {
  /** Where it lies from the direct beam in the average, in detector pixels. */
  readonly row: number;
  readonly column: number;
  /** Electrons per pixel of a pattern in the disk, above its background. */
  readonly height: number;
  /** Electrons per pixel of a pattern in the background. */
  readonly ground: number;
}

/** What all disks of a scan look like. */
export interface DiskShape {
  /** Radius in detector pixels. */
  readonly radius: number;
  /** Width in pixels over which the edge falls from 88 to 12 percent. */
  readonly edge: number;
}

/** The edge of the model is so many times as wide from all to nothing, as in assembly/disks.ts. */
export const edgeWidths = 1.5;
/** Steps of displacements in a pixel. */
const perPixel = 4;
/** Float32 of a row of a kernel's maps, and as many zeros at both ends of a stamp's rows. */
export const mapRow = 24;
/** Rows of a kernel's maps. */
export const mapSide = 21;
/** Classes of contrast: the highest, how many, and the ratio of neighbours. */
const highest = 50, ratio = 1.18;
export const contrastClasses = 48;
/** No background is less than this part of its disk: single electrons beside a disk must not decide where it is. */
const leastGround = 1 / highest;
/** Points of sampling beside the mean itself, and the first of the sequence that they are made of. */
const points = 128, firstPoint = 20;
export const samples = points + 1;

/** Half the side of a stamp in steps. */
export function stampSpan({ radius, edge }: DiskShape): number {
  return Math.ceil(perPixel * (radius + edgeWidths * edge / 2));
}

/** The part of a disk that is left at a distance in pixels from its middle: a smooth step in place of the edge. */
export function diskAt(distance: number, { radius, edge }: DiskShape): number {
  const width = edgeWidths * edge;
  const part = Math.min(1, Math.max(0, (radius + width / 2 - distance) / width));
  return part * part * (3 - 2 * part);
}

/** The background that a disk counts with, in electrons per pixel. */
export function countedGround({ height, ground }: ExpectedDisk): number {
  return Math.max(ground, leastGround * height);
}

/** The class whose contrast is nearest to that of a disk. */
export function contrastClass(disk: ExpectedDisk): number {
  const steps = logarithm(highest * countedGround(disk) / disk.height) / logarithm(ratio);
  return Math.min(contrastClasses - 1, Math.max(0, Math.round(steps)));
}

/** The contrast, height over background, of a class. */
export function contrastOf(number: number): number {
  let contrast = highest;
  for (let step = 0; step < number; step++) contrast /= ratio;
  return contrast;
}

/** Float32 of all stamps: logarithms of 1 + contrast x disk by classes, then the disk itself. */
export function stamps(shape: DiskShape): Float32Array {
  const span = stampSpan(shape), side = 2 * span + 1, stride = side + 2 * mapRow;
  const table = new Float32Array((contrastClasses + 1) * side * stride);
  for (let number = 0; number <= contrastClasses; number++) {
    const contrast = contrastOf(number);
    // Distances are roots of few whole numbers.
    const known = new Map<number, number>();
    const valueAt = (square: number) => {
      const part = diskAt(Math.sqrt(square) / perPixel, shape);
      return number < contrastClasses ? logarithm(1 + contrast * part) : part;
    };
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const square = (row - span) * (row - span) + (column - span) * (column - span);
        let value = known.get(square);
        if (value === undefined) known.set(square, value = valueAt(square));
        table[(number * side + row) * stride + mapRow + column] = value;
      }
    }
  }
  return table;
}

/** Bytes of {@link stamps}. */
export function stampBytes(shape: DiskShape): number {
  const side = 2 * stampSpan(shape) + 1;
  return 4 * (contrastClasses + 1) * side * (side + 2 * mapRow);
}

/**
 * What the place of a disk along one axis is known by, in pixels^-2: the expectation of the squared slope of the logarithm of
 * the likelihood (R. A. Fisher).
 */
export function informationOf(disk: ExpectedDisk, shape: DiskShape): number {
  const { height } = disk, ground = countedGround(disk), width = edgeWidths * shape.edge, steps = 64;
  const first = Math.max(0, shape.radius - width / 2), step = (shape.radius + width / 2 - first) / steps;
  let sum = 0;
  for (let index = 0; index < steps; index++) {
    const near = first + index * step, far = near + step;
    const slope = height * (diskAt(far, shape) - diskAt(near, shape)) / step;
    sum += slope * slope / (ground + height * diskAt((near + far) / 2, shape)) * Math.PI * (near + far) / 2 *
      step;
  }
  return sum;
}

/**
 * Normal numbers in six dimensions, evenly spread, in pairs about 0, and 0 itself last: float64 (samples, 8): six numbers, half the
 * sum of their squares, nothing. Halton's sequence made normal as G. Box and M. Muller do it.
 */
export function normalPoints(): Float64Array {
  const bases = [[2, 3], [5, 7], [11, 13]] as const, table = new Float64Array(8 * samples);
  for (let pair = 0; pair < points / 2; pair++) {
    const numbers = bases.flatMap(([one, other]) => {
      const length = Math.sqrt(-2 * logarithm(halton(pair + firstPoint, one)));
      const angle = 2 * Math.PI * halton(pair + firstPoint, other);
      return [length * cosine(angle), length * sine(angle)];
    });
    const half = numbers.reduce((sum, value) => sum + value * value, 0) / 2;
    table.set([...numbers, half], 16 * pair);
    table.set([...numbers.map((value) => -value), half], 16 * pair + 8);
  }
  return table;
}

/** The digits of a number in a base, mirrored at the point: above 0, below 1. */
function halton(index: number, base: number): number {
  let part = 1, sum = 0;
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    part /= base;
    sum += part * (rest % base);
  }
  return sum;
}
