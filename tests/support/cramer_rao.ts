/** How well strain can be known from patterns at best: the limit of Cramér and Rao under counting noise. */

import { inverse, type Matrix3 } from "../../library/crystal/matrix.ts";
import { DiskStamp } from "../../library/simulation/disks.ts";
import type { SimulatedScan } from "../../library/simulation/scan.ts";

/** Half the distance in pixels over which disks are moved to see how patterns change. */
const step = 1 / 16;

/**
 * Least standard deviation of e_xx (x down the detector) of any unbiased measurement of one pattern: what each disk's
 * gradient tells of its place under Poisson noise, carried through the least squares of an affine map with its offset.
 *
 * @param crystal whose disks count, and the direct beam
 */
export function strainLimit(scan: SimulatedScan, row: number, column: number, crystal: number): number {
  const { patternRows, patternColumns } = scan.shape, { diskRadius } = scan.truth;
  const { pointSpread } = scan.parameters;
  const stamp = new DiskStamp(diskRadius, pointSpread, 1 / step);
  const disks = scan.disks(row, column), expected = scan.expectedPattern(row, column), beam = disks.at(-1)!;
  const reach = Math.ceil(diskRadius + 3 + 4 * pointSpread), side = 2 * reach + 1;
  const moments = new Float64Array(9);
  for (const disk of disks) {
    if (disk.crystal !== crystal && disk !== beam) continue;
    const top = Math.round(disk.row) - reach, left = Math.round(disk.column) - reach;
    const gradient = new Float32Array(side * side);
    for (const sign of [1, -1]) {
      const place = [disk.row - top + sign * step, disk.column - left] as const;
      stamp.add(gradient, side, side, ...place, sign * disk.electrons / (2 * step));
    }
    let information = 0;
    gradient.forEach((slope, index) => {
      const y = top + Math.floor(index / side), x = left + index % side;
      const seen = y >= 0 && x >= 0 && y < patternRows && x < patternColumns;
      if (seen && slope !== 0) information += slope * slope / expected[y * patternColumns + x];
    });
    const terms = [disk.row - beam.row, disk.column - beam.column, 1];
    moments.forEach((_, index) =>
      moments[index] += information * terms[Math.floor(index / 3)] * terms[index % 3]
    );
  }
  return Math.sqrt(inverse(Array.from(moments) as unknown as Matrix3)[0]);
}
