/** Patterns whose records lie in another order than theirs: scans that were not recorded row by row. */

import { CorruptFile } from "../../scan/errors.ts";
import type { FramePatterns } from "../../scan/stored.ts";

/**
 * The patterns in their own order, as parts that take their records from one file each.
 *
 * @param parts the records in the order of acquisition
 * @param order for each pattern the number of its record, -1 where there is none
 * @throws {CorruptFile} when there is no such record
 */
export function orderRecords(parts: readonly FramePatterns[], order: Int32Array): readonly FramePatterns[] {
  const records = parts.reduce((sum, { patterns }) => sum + patterns, 0);
  const missing = order.find((record) => record < -1 || record >= records);
  if (missing !== undefined) {
    throw new CorruptFile(`${parts[0].path} has no record ${missing}`, {
      file: parts[0].path,
      expected: `records 0 to ${records - 1}`,
      found: `a pattern in record ${missing}`,
      remedy: "copy or export all files of the scan again",
    });
  }
  const ordered: FramePatterns[] = [];
  let start = 0, from = 0, part = parts[0];
  const finish = (to: number) => {
    if (from === to) return;
    const own = order.slice(from, to).map((record) => record < 0 ? record : record - start);
    ordered.push({ ...part, order: own, patterns: to - from });
    from = to;
  };
  for (let position = 0; position < order.length; position++) {
    const record = order[position];
    if (record < 0 || (record >= start && record < start + part.patterns)) continue;
    finish(position);
    start = 0;
    let index = 0;
    while (record >= start + parts[index].patterns) start += parts[index++].patterns;
    part = parts[index];
  }
  finish(order.length);
  return ordered;
}
