/** The list of files to write, on the command line. */

import { type ExportGroup, exportGroups } from "../../library/results/result_files.ts";
import { notUnderstood } from "../../library/parameters/number.ts";

/**
 * Reads a list such as `npy,html`.
 *
 * @throws {BadParameter} when it is empty or names something else
 */
export function parseExport(text: string): ReadonlySet<ExportGroup> {
  const expected = `a list out of ${exportGroups.join(",")}`;
  return new Set(
    text.split(",").map((word) => {
      const group = exportGroups.find((candidate) => candidate === word.trim());
      if (group === undefined) throw notUnderstood("--export", text, expected);
      return group;
    }),
  );
}
