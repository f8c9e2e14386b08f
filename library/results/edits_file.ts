/** `edits.json`: the log of corrections by hand beside the result that they gave, or alone. */

import type { EditLog } from "../cluster/editing/log.ts";
import { parseEditLog } from "../cluster/editing/parse_log.ts";
import { CorruptFile } from "../scan/errors.ts";
import { readText } from "../scan/text_file.ts";
import { parseJson } from "../scan/parse_json.ts";

/** Name of the log in a result directory. */
export const editsName = "edits.json";

/** A log larger than this is not read. */
const largestLog = 256 * 2 ** 20;

/** The log as JSON text, an operation to a line, so that people and version control can read it. */
export function formatEditLog({ version, operations, cursor }: EditLog): string {
  return formatLog({ version, operations, cursor });
}

/**
 * The fields of a log as JSON text, each operation on a line.
 *
 * @param log its fields, in their order
 */
export function formatLog(log: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(log).map(([name, value]) => `  "${name}": ${formatField(value)}`);
  return `{\n${fields.join(",\n")}\n}\n`;
}

function formatField(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  const lines = value.map((operation) => `    ${JSON.stringify(operation)}`).join(",\n");
  return lines === "" ? "[]" : `[\n${lines}\n  ]`;
}

/**
 * Reads an edit log.
 *
 * @throws {FileUnavailable} when the file is missing or unreadable
 * @throws {CorruptFile} when it is too large, no JSON, or not a log
 */
export async function readEditLog(path: string): Promise<EditLog> {
  return parseEditLog(await readLog(path, largestLog, notALog), path);
}

/**
 * What a log file holds, as JSON.
 *
 * @param largest bytes of a file that is read
 * @param refuse makes the error about a file that is something else
 * @throws {FileUnavailable} when the file is missing or unreadable
 * @throws what `refuse` makes, when it is too large or no JSON
 */
export async function readLog(
  path: string,
  largest: number,
  refuse: (file: string, expected: string, found: string) => CorruptFile,
): Promise<unknown> {
  const text = await readText(
    path,
    largest,
    (expected, found) => refuse(path, `a file of ${expected}`, found),
  );
  try {
    return parseJson(text);
  } catch {
    throw refuse(path, "JSON", text.slice(0, 60));
  }
}

function notALog(file: string, expected: string, found: string): CorruptFile {
  return new CorruptFile(`${file} is not an edit log`, {
    file,
    expected,
    found,
    remedy: "use an edits.json as crystallite writes it",
  });
}
