/** Names of saved files. */

import { basename } from "node:path";
import { BadParameter } from "../../../library/scan/errors.ts";
import type { Item } from "../items/item.ts";

/** Characters that a name may have: endings come behind it. */
const mostCharacters = 120;
/** Names of devices on Windows. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** The name of the scan or result, without ending, as every system allows it. */
export function defaultName(item: Item): string {
  const name = basename(item.content.path);
  const short = (item.content.found ? name : name.replace(/\.[^.]+$/, "")).replace(
    /[\\/:*?"<>|\p{Cc}]/gu,
    "_",
  ).trim().slice(0, mostCharacters).replace(/[. ]+$/, "");
  return short === "" || short.startsWith(".") || reserved.test(short) ? "crystallite" : short;
}

/**
 * The name, as it is.
 *
 * @throws {BadParameter} when it is more than the name of a file
 */
export function checkName(name: string): string {
  const fits = name.length >= 1 && name.length <= mostCharacters && !/[\\/:*?"<>|\p{Cc}]/u.test(name) &&
    !name.startsWith(".") && !/[. ]$/.test(name) && !reserved.test(name);
  if (fits) return name;
  throw new BadParameter("that is no name for files", {
    expected: "up to 120 characters that every system allows in names",
    found: name.slice(0, 130),
    remedy: "choose another name",
  });
}
