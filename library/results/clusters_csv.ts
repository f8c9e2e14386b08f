/**
 * `clusters.csv`: one line per cluster, numbers in full precision, readable by any spreadsheet; with their notes and tags where
 * there are any.
 */

import type { Cluster } from "../cluster/cluster.ts";
import { type ClusterNote, notesByCluster, tagsOf } from "../cluster/notes.ts";
import { CorruptFile } from "../scan/errors.ts";

/** Columns of the table in order; rows and columns of the scan count from 0, `row` and `column` are the centroid. */
export const clusterColumns = [
  "id",
  "size",
  "seed_row",
  "seed_column",
  "row",
  "column",
  "first_row",
  "last_row",
  "first_column",
  "last_column",
  "mean_similarity",
] as const;

/** The values of one line, in the order of {@link clusterColumns}. */
export function clusterValues({ id, size, seed, centroid, bounds, meanSimilarity }: Cluster): number[] {
  return [
    id,
    size,
    seed.row,
    seed.column,
    centroid.row,
    centroid.column,
    bounds.firstRow,
    bounds.lastRow,
    bounds.firstColumn,
    bounds.lastColumn,
    meanSimilarity,
  ];
}

/** Columns behind the others where there are notes: all of a cluster, and their tags. */
const noteColumns = ["note", "tags"] as const;

/** Notes and what says which cluster they are on. */
export interface NotedMap {
  readonly notes: readonly ClusterNote[] | undefined;
  /** int32 (row, column), -1 in no cluster. */
  readonly labels: Int32Array;
  /** Columns of the scan. */
  readonly columns: number;
}

/**
 * The table as text, lines ended by `\n`. Numbers are the shortest that give the same float64 back. Without notes on any of the
 * clusters there are no columns for them.
 */
export function formatClustersCsv(clusters: readonly Cluster[], noted?: NotedMap): string {
  const notes = noted?.notes ? notesByCluster(noted.notes, noted.labels, noted.columns) : new Map();
  const names = notes.size > 0 ? [...clusterColumns, ...noteColumns] : clusterColumns;
  const lines = clusters.map((cluster) => {
    const values = clusterValues(cluster);
    if (notes.size === 0) return values.join(",");
    const texts: string[] = (notes.get(cluster.id) ?? []).map(({ text }: ClusterNote) => text);
    const tags = new Set(texts.flatMap(tagsOf));
    return [...values, field(texts.join("; ")), field([...tags].join(" "))].join(",");
  });
  return `${[names.join(","), ...lines].join("\n")}\n`;
}

/**
 * Text as a field: in quotes, which are doubled within. Behind an apostrophe where a spreadsheet would take it for a formula;
 * what a note says to the letter is in `run.json`.
 */
function field(text: string): string {
  if (text === "") return "";
  const plain = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return `"${plain.replaceAll('"', '""')}"`;
}

/**
 * Reads what {@link formatClustersCsv} wrote.
 *
 * @param file path for error messages
 * @throws {CorruptFile} when the header, an id or a number is not as it should be
 */
export function parseClustersCsv(text: string, file: string): Cluster[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  const header = lines.shift() ?? "";
  const withNotes = header === [...clusterColumns, ...noteColumns].join(",");
  if (header !== clusterColumns.join(",") && !withNotes) {
    throw new CorruptFile(`${file} does not begin with the columns of a cluster table`, {
      file,
      expected: clusterColumns.join(","),
      found: header.slice(0, 200),
      remedy: "run the clustering again",
    });
  }
  return lines.map((line, id) => {
    const fields = line.split(","), noted = fields.length >= clusterColumns.length + noteColumns.length;
    // Behind the numbers anything may stand: notes are read from the record of the run.
    const numbers = withNotes && noted ? fields.slice(0, clusterColumns.length) : fields;
    const values = numbers.map((field) => field.trim() === "" ? NaN : Number(field));
    if (
      withNotes !== noted || values.length !== clusterColumns.length || !values.every(Number.isFinite) ||
      values[0] !== id
    ) {
      throw new CorruptFile(`line ${id + 2} of ${file} is not a cluster`, {
        file,
        expected: `${clusterColumns.length} numbers, the first of them ${id}`,
        found: line.slice(0, 200),
        remedy: "run the clustering again",
      });
    }
    const [
      ,
      size,
      seedRow,
      seedColumn,
      row,
      column,
      firstRow,
      lastRow,
      firstColumn,
      lastColumn,
      meanSimilarity,
    ] = values;
    return {
      id,
      size,
      seed: { row: seedRow, column: seedColumn },
      centroid: { row, column },
      bounds: { firstRow, lastRow, firstColumn, lastColumn },
      meanSimilarity,
    };
  });
}
