/** Masks of bad pixels as NeXus files have them. */

import { lengthsOf } from "./array.ts";
import type { Hdf5File } from "./file.ts";

/** Bad pixels of a file. */
export interface PixelMask {
  /** 1 = bad, (qy, qx) row-major; nothing where the file has no mask that fits. */
  readonly map?: Uint8Array;
  /** Plain sentences about masks that are there but cannot be used. */
  readonly warnings: readonly string[];
}

/**
 * Bad pixels by a file's mask, of any type of number: 0 stands for good ones, all else says what is wrong with them.
 *
 * @param paths where a mask may lie; the first that fits counts
 * @param rows of the detector
 * @param columns of the detector
 */
export function readPixelMask(
  file: Hdf5File,
  paths: readonly string[],
  rows: number,
  columns: number,
): PixelMask {
  const warnings: string[] = [];
  for (const path of paths) {
    const dataset = file.dataset(path);
    if (!dataset) continue;
    const lengths = lengthsOf(file, path, dataset);
    const mask = lengths.join() === `${rows},${columns}` ? file.value(path) : undefined;
    if (Array.isArray(mask)) {
      return { map: Uint8Array.from(mask as number[], (value) => value === 0 ? 0 : 1), warnings: [] };
    }
    const found = lengths.join(" x ");
    warnings.push(
      `${path} (${found}) is not used: it is no map of ${rows} x ${columns} pixels, or too large`,
    );
  }
  return { warnings };
}
