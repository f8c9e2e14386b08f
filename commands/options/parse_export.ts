/** The list of files to write, on the command line. */

import { notUnderstood } from "../../library/parameters/number.ts";

/**
 * What reads a list such as `npy,html` out of these names.
 *
 * @returns it throws {BadParameter} when the list is empty or names something else
 */
export function exportParser<Name extends string>(
  names: readonly Name[],
): (text: string) => ReadonlySet<Name> {
  return (text) =>
    new Set(
      text.split(",").map((word) => {
        const name = names.find((candidate) => candidate === word.trim());
        if (name === undefined) throw notUnderstood("--export", text, `a list out of ${names.join(",")}`);
        return name;
      }),
    );
}
