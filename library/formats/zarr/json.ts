/** JSON in Zarr stores, which Python may have written with numbers that JSON does not have. */

import { CorruptFile } from "../../scan/errors.ts";
import type { ZarrFiles } from "./files.ts";

/** An object of JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** Larger descriptions are none. */
const largestText = 4 * 2 ** 20;

/** Whether a value is an object of JSON. */
export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

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
    const value: unknown = JSON.parse(
      text.replace(/("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g, (_, quoted) => quoted ?? "null"),
    );
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
