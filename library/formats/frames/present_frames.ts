/** Files that say how many frames they have, and may hold fewer. */

import type { FileContext } from "../file_context.ts";
import type { FrameRecords, RecordFile } from "./records.ts";

/**
 * The frames of such a file: as many as it announces, or as many as there are; see missing_records.ts.
 *
 * @param start bytes before the first record
 * @param announced number of frames; 0 where the file does not say it
 */
export function presentFrames(
  { path, size }: FileContext,
  start: number,
  recordBytes: number,
  announced: number,
): Pick<FrameRecords, "planned"> & { readonly files: readonly [RecordFile] } {
  if (announced === 0) return { files: [{ path, start }] };
  const present = Math.floor((size - start) / recordBytes);
  // A file without any frame is refused where the records are located.
  const count = present >= 1 ? Math.min(present, announced) : announced;
  return { files: [{ path, start, count }], planned: announced };
}
