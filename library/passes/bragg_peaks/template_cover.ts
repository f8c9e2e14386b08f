/** How much of a template is seen where detector pixels are masked. */

import { type ProbeTemplate, surroundings } from "./probe_template.ts";

/** Where less of the disk, or of its surroundings, is seen, as parts of their weight, there is no telling. */
const leastDisk = 0.5, leastSurroundings = 0.25;

/**
 * For assembly/peaks.ts, float32 (rows, wide) twice: one over the part of the disk, and one over the part of its surroundings,
 * that is seen where the template lies there; 0 where too little is, 1 where nothing is masked.
 *
 * @param masked indices of pixels that count nothing, (rows, columns)
 * @param template `null` for spots, which must not touch masked pixels
 */
export function templateCover(
  masked: readonly number[],
  template: ProbeTemplate | null,
  { rows, columns, wide }: { readonly rows: number; readonly columns: number; readonly wide: number },
): Float32Array {
  const side = template?.side ?? 3, middle = (side - 1) / 2, plane = rows * wide;
  const around = template ? surroundings(side, template.radius) : new Float64Array(9).fill(1);
  const disk = template ? template.pixels.map((value, index) => value + around[index]) : around;
  const hidden = new Float64Array(2 * plane);
  for (const pixel of masked) {
    const down = Math.floor(pixel / columns), right = pixel % columns;
    for (let r = 0; r < side; r++) {
      const row = down - r + middle;
      if (row < 0 || row >= rows) continue;
      for (let c = 0; c < side; c++) {
        const column = right - c + middle;
        if (column < 0 || column >= columns) continue;
        hidden[row * wide + column] += disk[r * side + c];
        hidden[plane + row * wide + column] += around[r * side + c];
      }
    }
  }
  const cover = new Float32Array(2 * plane);
  for (let at = 0; at < plane; at++) {
    const seen = 1 - hidden[at], seenAround = 1 - hidden[plane + at];
    if (seen < leastDisk || seenAround < leastSurroundings) continue;
    cover[at] = 1 / seen;
    cover[plane + at] = 1 / seenAround;
  }
  return cover;
}
