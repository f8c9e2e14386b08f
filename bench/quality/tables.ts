/**
 * Tables of scores in Markdown, from the JSON lines of run.ts and foreign.ts.
 *
 *     deno run -A bench/quality/tables.ts [--set report] [--into docs/inside/quality.md] FILE...
 *
 * `--into` puts each table between its markers, `<!-- NAME -->` and `<!-- end NAME -->`, instead of printing it.
 */

import { parseArgs } from "node:util";
import { formatTable } from "../../tasks/documentation/table.ts";
import { conditions } from "./conditions.ts";
import { methods } from "./methods.ts";
import { type QualityRecord, readRecords } from "./records.ts";
import { medianOf as median } from "../../library/scan/median.ts";
import { spearman } from "./statistics.ts";

/** What is scored at least this stable is to be relied on. */
const stable = 0.95;

/** The tables by the names of their markers. */
function qualityTables(records: readonly QualityRecord[]): Record<string, string> {
  return {
    "scores by group": scoreTable(records, ({ group }) => group, "scans"),
    "scores by condition": scoreTable(records, ({ condition }) => condition, "condition"),
    "worth of the stability": stabilityTable(records.filter(({ stability }) => stability !== undefined)),
  };
}

/** Place of a record's condition in the list of conditions; those of others' scans come last. */
function placeOf({ condition }: QualityRecord): number {
  const place = conditions.findIndex(({ name }) => name === condition);
  return place < 0 ? conditions.length : place;
}

/** A line for each class of scans and method: median / worst. */
function scoreTable(
  records: readonly QualityRecord[],
  classOf: (record: QualityRecord) => string,
  head: string,
): string {
  const order = methods.map(({ name }) => name);
  const lines = Array.from(
    Map.groupBy(records, classOf),
    ([name, members]) =>
      Array.from(Map.groupBy(members, ({ method }) => method))
        .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
        .map(([method, runs]) => [name, method, ...scoreCells(runs)]),
  ).flat();
  const heads = [head, "method", "scans", "all probes", "interiors", "boundary F1", "split", "merged"];
  return formatTable(heads, lines, 2);
}

function scoreCells(runs: readonly QualityRecord[]): string[] {
  const scores = runs.map(({ score }) => score);
  const grains = scores.reduce((sum, { grains }) => sum + grains, 0);
  const perGrain = (errors: readonly number[]) =>
    (errors.reduce((sum, value) => sum + value, 0) / grains).toFixed(2);
  return [
    String(runs.length),
    medianAndWorst(scores.map(({ all }) => all.adjustedRandIndex)),
    medianAndWorst(scores.flatMap(({ interiors }) => interiors ? [interiors.adjustedRandIndex] : [])),
    medianAndWorst(scores.map(({ boundaryF1 }) => boundaryF1.onePixel)),
    perGrain(scores.map(({ split }) => split)),
    perGrain(scores.map(({ merged }) => merged)),
  ];
}

function medianAndWorst(values: readonly number[]): string {
  return values.length === 0 ? "–" : `${median(values).toFixed(2)} / ${Math.min(...values).toFixed(2)}`;
}

/** How well stability tells good maps from bad ones. */
function stabilityTable(records: readonly QualityRecord[]): string {
  const stability = records.map((record) => record.stability!);
  const all = records.map(({ score }) => score.all.adjustedRandIndex);
  const ranges: [string, (value: number) => boolean][] = [
    [`${stable} or more`, (value) => value >= stable],
    [`0.85 to ${stable}`, (value) => value >= 0.85 && value < stable],
    ["below 0.85", (value) => value < 0.85],
  ];
  const lines = ranges.map(([name, holds]) => {
    const members = records.filter((record) => holds(record.stability!));
    const inside = members.flatMap(({ score }) => score.interiors ? [score.interiors.adjustedRandIndex] : []);
    return [
      name,
      String(members.length),
      medianAndWorst(members.map(({ score }) => score.all.adjustedRandIndex)),
      medianAndWorst(inside),
    ];
  });
  const table = formatTable(["stability", "scans", "all probes", "interiors"], lines, 1);
  const correlation = spearman(stability, all);
  return `${table}\n\nRank correlation (Spearman) of stability and adjusted Rand index over all probes: ` +
    `${Number.isNaN(correlation) ? "none" : correlation.toFixed(2)} (${records.length} scans).`;
}

/**
 * Puts tables between their markers.
 *
 * @throws {Error} when a marker is missing
 */
export function fillMarkers(page: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const begin = `<!-- ${name} -->`, end = `<!-- end ${name} -->`;
    const from = text.indexOf(begin), to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`the markers of "${name}" are missing`);
    return `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`;
  }, page);
}

if (import.meta.main) {
  const { values: flags, positionals: files } = parseArgs({
    args: Deno.args,
    options: { into: { type: "string" }, set: { type: "string" } },
    allowPositionals: true,
  });
  const records = files.flatMap(readRecords)
    .filter(({ set }) => flags.set === undefined || set === flags.set)
    .sort((a, b) => placeOf(a) - placeOf(b));
  if (records.length === 0) throw new Error("no scores in these files");
  const tables = qualityTables(records);
  if (flags.into) Deno.writeTextFileSync(flags.into, fillMarkers(Deno.readTextFileSync(flags.into), tables));
  else for (const [name, table] of Object.entries(tables)) console.log(`## ${name}\n\n${table}\n`);
}
