/**
 * Parts as they are sent to threads. A stack of pages may have thousands that differ in their places only; as objects each
 * costs as much to send as a file to open.
 */

import {
  type ContiguousPatterns,
  type FramePatterns,
  recordedParts,
  type StoredPart,
  type StoredPatterns,
} from "../scan/stored.ts";

/** A part in one file, which does not name records one by one. */
type PlainPart = ContiguousPatterns | FramePatterns;

/** Parts of one kind that follow each other. */
interface PartGroup {
  /** The first of them; of one whose pixels are summed, without what that consists of. */
  readonly part: StoredPart;
  /** What that consists of. */
  readonly recorded?: PartList;
  /** Their files, the parts of which begin at `offsets`, one after the other; absent where there is only the first. */
  readonly paths?: string;
  readonly offsets?: Float64Array;
}

/** Parts in few objects. */
export type PartList = readonly PartGroup[];

/** Between paths, none of which holds it. */
const separator = "\0";

/** The parts as few objects. */
export function packParts(stored: StoredPatterns): PartList {
  const groups: PartGroup[] = [];
  for (let first = 0; first < stored.length;) {
    const part = stored[first];
    let end = first + 1;
    while (end < stored.length && isAlike(part, stored[end])) end++;
    if (part.kind === "binned") {
      groups.push({ part: { ...part, parts: [] }, recorded: packParts(part.parts) });
    } else if (end === first + 1) groups.push({ part });
    else {
      const together = stored.slice(first, end) as readonly PlainPart[];
      groups.push({
        part,
        paths: together.map(({ path }) => path).join(separator),
        offsets: Float64Array.from(together, ({ offset }) => offset),
      });
    }
    first = end;
  }
  return groups;
}

/** The parts again. */
export function unpackParts(list: PartList): StoredPatterns {
  return list.flatMap(({ part, recorded, paths, offsets }): StoredPatterns =>
    part.kind === "binned"
      ? [{ ...part, parts: recordedParts(unpackParts(recorded!)) }]
      : paths === undefined
      ? [part]
      : paths.split(separator).map((path, index) => ({ ...part as PlainPart, path, offset: offsets![index] }))
  );
}

/** Whether two parts differ in their places only. */
function isAlike(a: StoredPart, b: StoredPart): boolean {
  if (a.kind === "contiguous") return b.kind === "contiguous" && a.patterns === b.patterns;
  return a.kind === "frames" && b.kind === "frames" && a.frame === b.frame && !a.order && !b.order &&
    !a.paths &&
    !b.paths &&
    a.recordBytes === b.recordBytes && a.patterns === b.patterns;
}
