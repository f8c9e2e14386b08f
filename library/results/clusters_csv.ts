/** `clusters.csv`: one line per cluster, numbers in full precision, readable by any spreadsheet. */

import type { Cluster } from "../cluster/cluster.ts";
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

/** The table as text, lines ended by `\n`. Numbers are the shortest that give the same float64 back. */
export function formatClustersCsv(clusters: readonly Cluster[]): string {
  const lines = [clusterColumns.join(","), ...clusters.map((cluster) => clusterValues(cluster).join(","))];
  return `${lines.join("\n")}\n`;
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
  if (header !== clusterColumns.join(",")) {
    throw new CorruptFile(`${file} does not begin with the columns of a cluster table`, {
      file,
      expected: clusterColumns.join(","),
      found: header.slice(0, 200),
      remedy: "run the clustering again",
    });
  }
  return lines.map((line, id) => {
    const values = line.split(",").map((field) => field.trim() === "" ? NaN : Number(field));
    if (values.length !== clusterColumns.length || !values.every(Number.isFinite) || values[0] !== id) {
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
