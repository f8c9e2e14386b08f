/** `edits.json`: the log of corrections by hand beside the result that they gave, or alone. */

import type { Edit, EditLog } from "../cluster/editing/log.ts";
import { parseEditLog } from "../cluster/editing/parse_log.ts";
import { CorruptFile, fromSystemError } from "../scan/errors.ts";
import { parseJson } from "../scan/parse_json.ts";

/** Name of the log in a result directory. */
export const editsName = "edits.json";

/** A log larger than this is not read. */
const largestLog = 256 * 2 ** 20;

/** The log as JSON text, an operation to a line, so that people and version control can read it. */
export function formatEditLog({ version, operations, cursor }: EditLog): string {
  const lines = operations.map((operation: Edit) => `    ${JSON.stringify(operation)}`).join(",\n");
  const list = lines === "" ? "[]" : `[\n${lines}\n  ]`;
  return `{\n  "version": ${version},\n  "operations": ${list},\n  "cursor": ${cursor}\n}\n`;
}

/**
 * Reads an edit log.
 *
 * @throws {FileUnavailable} when the file is missing or unreadable
 * @throws {CorruptFile} when it is too large, no JSON, or not a log
 */
export async function readEditLog(path: string): Promise<EditLog> {
  let text: string;
  try {
    const { size } = await Deno.stat(path);
    if (size > largestLog) throw notALog(path, `a file of at most ${largestLog} bytes`, `${size} bytes`);
    text = await Deno.readTextFile(path);
  } catch (cause) {
    throw fromSystemError(cause, path, "read");
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw notALog(path, "JSON", text.slice(0, 60));
  }
  return parseEditLog(value, path);
}

function notALog(file: string, expected: string, found: string): CorruptFile {
  return new CorruptFile(`${file} is not an edit log`, {
    file,
    expected,
    found,
    remedy: "use an edits.json as crystallite writes it",
  });
}
