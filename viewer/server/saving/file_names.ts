/** Names of saved files. */

import { basename } from "node:path";
import { BadParameter } from "../../../library/scan/errors.ts";
import type { Item } from "../items/item.ts";

/** The name of the scan or result, without ending. */
export function defaultName(item: Item): string {
  const name = basename(item.content.path);
  const short = (item.content.found ? name : name.replace(/\.[^.]+$/, "")).replace(
    /[\\/:*?"<>|\p{Cc}]/gu,
    "_",
  );
  return short === "" || short.startsWith(".") ? "crystallite" : short;
}

/**
 * The name, as it is.
 *
 * @throws {BadParameter} when it is more than the name of a file
 */
export function checkName(name: string): string {
  const fits = name.length >= 1 && name.length <= 120 && !/[\\/:*?"<>|\p{Cc}]/u.test(name) &&
    !name.startsWith(".") && !/[. ]$/.test(name) && !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name);
  if (fits) return name;
  throw new BadParameter("that is no name for files", {
    expected: "up to 120 characters that every system allows in names",
    found: name.slice(0, 130),
    remedy: "choose another name",
  });
}
