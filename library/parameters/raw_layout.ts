/** How raw numbers lie in a file, on the command line. */

import { demand } from "../scan/demand.ts";
import {
  numberName,
  numberNamed,
  numberNames,
  type StoredNumber,
  storedNumbers,
} from "../scan/stored_number.ts";
import { notUnderstood, numberKind } from "./number.ts";
import type { Kind } from "./schema.ts";

/** A number type by numpy's name. */
export const numberTypeKind: Kind<StoredNumber> = {
  placeholder: "TYPE",
  parse: (text, flag) => {
    const type = numberNamed(text.trim());
    if (type === undefined) throw notUnderstood(flag, text, `one of ${numberNames}`);
    return type;
  },
  write: numberName,
  check: (type, name) => demand(storedNumbers.includes(type), name, `one of ${numberNames}`, type),
};

/** Lengths of two to five axes, slowest first: `256x256`, `64x64x256x256`. */
export const lengthsKind: Kind<readonly number[]> = {
  placeholder: "LENGTHS",
  parse: (text, flag) => {
    const parts = text.trim().split(/\s*[xX×,]\s*/), lengths = parts.map(Number);
    const sound = parts.length >= 2 && parts.length <= 5 && parts.every((part) => /^\d{1,9}$/.test(part)) &&
      lengths.every((length) => length >= 1);
    if (!sound) throw notUnderstood(flag, text, "two to five lengths, such as 256x256 or 64x64x256x256");
    return lengths;
  },
  write: (lengths) => lengths.join("x"),
  check: () => {},
};

/** A number of bytes. */
export const bytesKind: Kind<number> = numberKind("BYTES", {
  expected: "a whole number of bytes, at least 0",
  minimum: 0,
  whole: true,
});
