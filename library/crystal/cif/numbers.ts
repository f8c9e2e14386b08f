/** Numbers of CIF files. */

import { CorruptFile } from "../../scan/errors.ts";

/**
 * A number such as `4.078`, `4.078(2)` (with its standard uncertainty) or `1/3`; `undefined` for a missing one.
 *
 * @throws {CorruptFile} when the text is no number
 */
export function cifNumber(text: string | undefined, tag: string, file: string): number | undefined {
  if (text === undefined) return undefined;
  const plain = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?:\(\d+\))?$/.exec(text.trim());
  const fraction = /^([+-]?\d+)\/(\d+)$/.exec(text.trim());
  const value = plain ? Number(plain[1]) : fraction ? Number(fraction[1]) / Number(fraction[2]) : NaN;
  if (Number.isFinite(value)) return value;
  throw new CorruptFile(`${tag} of ${file} is no number`, {
    file,
    expected: `a number after ${tag}`,
    found: text.slice(0, 60),
    remedy: "correct the CIF file, or export it again",
  });
}
