/** Recordings that hold fewer frames than they announce: read only where the user says how many form the scan. */

import type { FileContext } from "../file_context.ts";
import type { OpenOptions } from "../format.ts";

/** How many frames are read, and a sentence about those that are missing. */
export interface PresentFrames {
  /** `undefined` for as many as there are. */
  readonly count?: number;
  readonly warnings: readonly string[];
}

/**
 * The frames of a file that says how many it has. With a scan shape of the user, those that are there are enough: the
 * recording may have been stopped. Without one it is for `locateRecords` to refuse the file.
 *
 * @param start bytes before the first record
 * @param announced number of frames; 0 where the file does not say it
 */
export function presentFrames(
  { path, size }: FileContext,
  start: number,
  recordBytes: number,
  announced: number,
  { scanShape }: OpenOptions,
): PresentFrames {
  if (announced === 0) return { warnings: [] };
  const present = Math.floor((size - start) / recordBytes);
  if (!scanShape || present >= announced || present < 1) return { count: announced, warnings: [] };
  return {
    count: present,
    warnings: [`${path} announces ${announced} frames and holds ${present}, which were read`],
  };
}
