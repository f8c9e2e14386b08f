/** `orientations.csv` read back: what is known of the orientation of each cluster, as the file says it. */

import { CorruptFile } from "../scan/errors.ts";

/** One line of the table. */
export interface OrientationLine {
  /** Agreement of pattern and crystal, 0 to 1. */
  readonly score: number;
  /** By how much, in percent, the next best orientation agrees less. */
  readonly reliability: number;
  /** Part of the peaks that is explained, 0 to 1. */
  readonly explained: number;
  /** Number of peaks that lie on spots. */
  readonly peaks: number;
  /** Bunge's angles in degrees. */
  readonly phi1: number;
  readonly capitalPhi: number;
  readonly phi2: number;
  /** The crystal direction towards the source, such as `[0 1 1]`. */
  readonly zoneAxis: string;
  /** Whether half a turn about the zone axis fits as well. */
  readonly ambiguous: boolean;
}

/** Columns that are numbers, with the range that each must be in. */
const numeric: Readonly<Record<string, readonly [low: number, high: number]>> = {
  score: [-1, 1.0001],
  reliability: [0, 100],
  explained: [0, 1],
  peaks: [0, Infinity],
  phi1: [0, 360],
  Phi: [0, 180],
  phi2: [0, 360],
  ambiguous: [0, 1],
};

/**
 * Reads the table. Columns are found by their names; more than those that are needed may be there.
 *
 * @param file path for error messages
 * @param clusters number of clusters, each of which has a line
 * @returns a line for each cluster, `undefined` where no orientation was found
 * @throws {CorruptFile} when a column or line is missing, or a number is none
 */
export function parseOrientationTable(
  text: string,
  file: string,
  clusters: number,
): (OrientationLine | undefined)[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  const names = (lines.shift() ?? "").split(",");
  const missing = ["cluster", "zone_axis", ...Object.keys(numeric)].filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw misfit(
      `${file} has no column ${missing.join(", ")}`,
      file,
      "a table of orientations",
      names.join(","),
    );
  }
  if (lines.length !== clusters) {
    const found = `${lines.length} lines`;
    throw misfit(`${file} is the table of other clusters`, file, `${clusters} lines below the first`, found);
  }
  return lines.map((line, cluster) => {
    const fields = line.split(","), field = (name: string) => fields[names.indexOf(name)]?.trim() ?? "";
    const number = (name: string) => field(name) === "" ? NaN : Number(field(name));
    const right = fields.length === names.length && number("cluster") === cluster;
    if (right && field("score") === "") return undefined;
    const wrong = Object.entries(numeric).find(([name, [low, high]]) =>
      !(number(name) >= low && number(name) <= high)
    );
    if (!right || wrong) {
      throw misfit(
        `line ${cluster + 2} of ${file} is not an orientation of cluster ${cluster}`,
        file,
        wrong ? `${wrong[0]} from ${wrong[1][0]} to ${wrong[1][1]}` : `${names.length} fields`,
        line.slice(0, 200),
      );
    }
    return {
      ...{ score: number("score"), reliability: number("reliability"), explained: number("explained") },
      ...{ peaks: number("peaks"), zoneAxis: field("zone_axis"), ambiguous: number("ambiguous") === 1 },
      ...{ phi1: number("phi1"), capitalPhi: number("Phi"), phi2: number("phi2") },
    };
  });
}

function misfit(message: string, file: string, expected: string, found: string): CorruptFile {
  const remedy = "find the orientations again, with crystallite orient";
  return new CorruptFile(message, { file, expected, found: found.slice(0, 200), remedy });
}
