/** Tables of a series read back: by the names of their columns, so that columns of other versions pass through. */

import { CorruptFile } from "../../scan/errors.ts";
import { readText } from "../../scan/text_file.ts";

/** Largest table that is read. */
const largestTable = 512 * 2 ** 20;

/** Lines of a table, not taken apart yet. */
export interface CsvTable {
  readonly columns: readonly string[];
  readonly lines: readonly string[];
  /** Place of a column. */
  readonly place: (name: string) => number;
}

/**
 * Reads a table without quoted fields, as those of a series are.
 *
 * @param needed columns that must be there
 * @throws {FileUnavailable} when it is missing
 * @throws {CorruptFile} when it is too large, lacks a column, or has a line of another length
 */
export async function readCsvTable(path: string, needed: readonly string[]): Promise<CsvTable> {
  const text = await readText(path, largestTable, (expected, found) => noTable(path, expected, found));
  const [header = "", ...lines] = text.trimEnd().split("\n"), columns = header.split(",");
  const missing = needed.find((name) => !columns.includes(name));
  if (missing !== undefined) throw noTable(path, `a column ${missing}`, header.slice(0, 100));
  const odd = lines.findIndex((line) => count(line) !== columns.length);
  if (odd >= 0) {
    throw noTable(path, `${columns.length} fields`, `line ${odd + 2}: ${lines[odd].slice(0, 60)}`);
  }
  return { columns, lines, place: (name) => columns.indexOf(name) };
}

/** Fields of a line. */
function count(line: string): number {
  let fields = 1;
  for (let at = line.indexOf(","); at >= 0; at = line.indexOf(",", at + 1)) fields++;
  return fields;
}

function noTable(file: string, expected: string, found: string): CorruptFile {
  return new CorruptFile(`${file} is no table of a series`, {
    file,
    expected,
    found,
    remedy: "link the series again, with crystallite series",
  });
}
