/** JSON in Zarr stores, which Python may have written with numbers that JSON does not have. */

import { CorruptFile } from "../../scan/errors.ts";
import { endOfString, parseJson } from "../../scan/parse_json.ts";
import { isRecord, type Json } from "../json_object.ts";
import type { ZarrFiles } from "./files.ts";

/** Larger descriptions are none. */
const largestText = 4 * 2 ** 20;

/**
 * The object in a file; `undefined` where there is no such file. `NaN` and `Infinity` become `null`.
 *
 * @throws {CorruptFile} when it is too large or no JSON object
 */
export async function readJson(files: ZarrFiles, name: string): Promise<Json | undefined> {
  const bytes = await files.read(name, largestText);
  if (!bytes) return undefined;
  const text = new TextDecoder().decode(bytes);
  try {
    const value = parseJson(withoutNonFinite(text));
    if (isRecord(value)) return value;
  } catch {
    // Said below.
  }
  throw new CorruptFile(`${name} in ${files.path} is damaged`, {
    file: files.path,
    dataset: name,
    expected: "a JSON object",
    found: text.slice(0, 40),
    remedy: "copy or save the store again",
  });
}

/** The text with `null` for `NaN` and `Infinity` where they stand outside strings. */
function withoutNonFinite(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at), start = quote < 0 ? text.length : quote;
    const end = quote < 0 ? text.length : endOfString(text, quote);
    pieces.push(text.slice(at, start).replace(/-?\b(?:NaN|Infinity)\b/g, "null"), text.slice(start, end));
    at = end;
  }
  return pieces.join("");
}
