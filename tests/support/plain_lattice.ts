/** What assembly/lattices.ts computes, in plain loops and float64: no stamps, no classes of contrast. */

import {
  countedGround,
  diskAt,
  type DiskShape,
  type ExpectedDisk,
  informationOf,
  normalPoints,
  samples,
} from "../../library/passes/lattices/lattice_tables.ts";

/** A pattern and what is known of it. */
export interface PlainPattern extends DiskShape {
  readonly pattern: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
  /** Not zero where a pixel shows nothing. */
  readonly masked?: ArrayLike<number>;
  readonly origin: readonly [row: number, column: number];
  readonly disks: readonly ExpectedDisk[];
}

/** Mean of D11, D12, o1, D21, D22, o2, their covariance, and how many samples count. */
export interface PlainLattice {
  readonly mean: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  readonly effective: number;
}

const half = 10, side = 21;

/** The posterior mean; see the kernel for what it is. */
export function plainLattice(input: PlainPattern): PlainLattice {
  const { disks } = input, maps = disks.map((disk) => mapOf(input, disk));
  const likelihood = (p: readonly number[]) => {
    const outside = [0, 1, 3, 4].some((i) => Math.abs(p[i]) > 0.04) || [2, 5].some((i) => Math.abs(p[i]) > 2);
    if (outside) return -Infinity;
    return maps.reduce((sum, { values, row, column }, index) => {
      const { row: down, column: across } = disks[index];
      const y = within(4 * (p[0] * down + p[1] * across + p[2]) + row);
      const x = within(4 * (p[3] * down + p[4] * across + p[5]) + column);
      const i = Math.floor(y), j = Math.floor(x), along = cubic(y - i), right = cubic(x - j);
      const between = (line: readonly number[]) =>
        right.reduce((total, weight, k) => total + weight * line[j - 1 + k], 0);
      return sum + along.reduce((total, weight, k) => total + weight * between(values[i - 1 + k]), 0);
    }, 0);
  };
  const points = normalPoints();
  let mean = [0, 0, 0, 0, 0, 0], covariance = firstCovariance(input), effective = 0, moved = 0;
  for (let round = 0; round < 4 || (round < 12 && (effective < 25 || moved > 0.5)); round++) {
    const part = [0.25, 0.6][round] ?? 1;
    const root = cholesky(covariance), wide = round === 0 ? 2.1 : 1.4;
    const drawn = Array.from({ length: samples }, (_, s) => {
      const z = points.subarray(8 * s, 8 * s + 6);
      const point = mean.map((value, i) => value + wide * root[i].reduce((sum, r, j) => sum + r * z[j], 0));
      return { point, log: part * likelihood(point) + points[8 * s + 6] };
    });
    const most = Math.max(...drawn.map(({ log }) => log));
    const weights = drawn.map(({ log }) => Math.exp(log - most));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const average = (of: (point: readonly number[]) => number) =>
      drawn.reduce((sum, { point }, s) => sum + weights[s] * of(point), 0) / total;
    const next = mean.map((_, i) => average((point) => point[i]));
    const steps: number[] = [];
    root.forEach((line, i) =>
      steps.push((next[i] - mean[i] - steps.reduce((sum, step, j) => sum + line[j] * step, 0)) / line[i])
    );
    moved = steps.reduce((sum, step) => sum + step * step, 0);
    effective = total * total / weights.reduce((sum, weight) => sum + weight * weight, 0);
    const share = Math.min(1, effective / 40);
    covariance = covariance.map((line, i) =>
      line.map((value, j) => {
        const spread = average((point) => (point[i] - next[i]) * (point[j] - next[j]));
        return value + share * (part * spread - value);
      })
    );
    mean = next;
  }
  return { mean, covariance, effective };
}

function within(index: number): number {
  return Math.min(side - 2.001, Math.max(1, index));
}

/** Catmull and Rom's weights of four neighbours. */
function cubic(t: number): number[] {
  return [
    (-t + 2 * t * t - t ** 3) / 2,
    (2 - 5 * t * t + 3 * t ** 3) / 2,
    (t + 4 * t * t - 3 * t ** 3) / 2,
    (-t * t + t ** 3) / 2,
  ];
}

/** Log likelihoods of displacements in quarters of a pixel about the place that is nearest in these. */
function mapOf({ pattern, rows, columns, masked, origin, radius, edge }: PlainPattern, disk: ExpectedDisk) {
  const place = [4 * (origin[0] + disk.row), 4 * (origin[1] + disk.column)];
  const middle = place.map((value) => Math.floor(value + 0.5)), reach = radius + edge + 4;
  const contrast = disk.height / countedGround(disk);
  const values = Array.from({ length: side }, (_, i) =>
    Array.from({ length: side }, (_, j) => {
      const row = (middle[0] + i - half) / 4, column = (middle[1] + j - half) / 4;
      let sum = 0;
      for (let y = Math.floor(row - reach); y <= row + reach; y++) {
        for (let x = Math.floor(column - reach); x <= column + reach; x++) {
          const part = diskAt(Math.hypot(y - row, x - column), { radius, edge }), pixel = y * columns + x;
          const shown = y >= 0 && x >= 0 && y < rows && x < columns && !masked?.[pixel];
          sum += shown ? pattern[pixel] * Math.log(1 + contrast * part) : disk.height * part;
        }
      }
      return sum;
    }));
  return { values, row: place[0] - middle[0] + half, column: place[1] - middle[1] + half };
}

/** The inverse of the information that disks promise, by elimination. */
function firstCovariance({ disks, radius, edge }: PlainPattern): number[][] {
  const matrix = Array.from(
    { length: 6 },
    (_, i) =>
      Array.from(
        { length: 6 },
        (_, j) =>
          Math.floor(i / 3) !== Math.floor(j / 3) ? 0 : disks.reduce((sum, disk) => {
            const terms = [disk.row, disk.column, 1];
            return sum + informationOf(disk, { radius, edge }) * terms[i % 3] * terms[j % 3];
          }, 0),
      ),
  );
  const inverse = matrix.map((_, i) => matrix.map((_, j) => Number(i === j)));
  matrix.forEach((line, step) => {
    const pivot = line[step];
    for (let j = 0; j < 6; j++) {
      line[j] /= pivot;
      inverse[step][j] /= pivot;
    }
    matrix.forEach((other, i) => {
      if (i === step) return;
      const factor = other[step];
      for (let j = 0; j < 6; j++) {
        other[j] -= factor * line[j];
        inverse[i][j] -= factor * inverse[step][j];
      }
    });
  });
  return inverse;
}

function cholesky(matrix: readonly (readonly number[])[]): number[][] {
  const root = matrix.map((line) => line.map(() => 0));
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = matrix[i][j] -
        root[i].reduce((sum, value, k) => k < j ? sum + value * root[j][k] : sum, 0);
      root[i][j] = i === j ? Math.sqrt(rest) : rest / root[j][j];
    }
  }
  return root;
}
