/** How far the results of the worked examples are from the truth: the table of docs/using/examples/README.md. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tableRows } from "../documentation/markdown.ts";
import { formatTable } from "../documentation/table.ts";

/** What is asked of `score --json`, and how much may change without anybody minding. */
interface Asked {
  readonly name: string;
  /** Where the number stands. */
  readonly at: readonly string[];
  /** How far it may be from the table. */
  readonly tolerance: number;
}

const orientation = (title: string, at: string): Asked[] => [
  { name: `share of grains within 3°, ${title}`, at: [at, "grainsNear"], tolerance: 0.13 },
  { name: `share of oriented probes within 3°, ${title}`, at: [at, "near"], tolerance: 0.1 },
  { name: `median error of orientation in degrees, ${title}`, at: [at, "median"], tolerance: 0.3 },
];
const strain = (title: string, at: string): Asked => ({
  name: `rms error of dilation in %, ${title}`,
  at: [at, "rms", "dilation"],
  tolerance: 0.05,
});
const scan: readonly Asked[] = [
  { name: "adjusted Rand index inside grains", at: ["interiors", "adjustedRandIndex"], tolerance: 0.05 },
  ...orientation("clusters", "orientation"),
  ...orientation("probes alone", "probeOrientation"),
  strain("clusters", "strainOfBoth"),
  strain("probes alone", "probeStrain"),
  { name: "share of probes with strain, clusters", at: ["strain", "measured"], tolerance: 0.05 },
  { name: "share of probes with strain, probes alone", at: ["probeStrain", "measured"], tolerance: 0.05 },
];

const tracks: readonly Asked[] = [
  { name: "HOTA of the tracks", at: ["hota"], tolerance: 0.1 },
  { name: "IDF1 of the tracks", at: ["idf1"], tolerance: 0.1 },
];
const phase: Asked = {
  name: "share of probes with the right phase",
  at: ["orientation", "phase"],
  tolerance: 0.1,
};

/** What is asked of each result; its truth is NAME_truth.npz beside it. */
const asked: Readonly<Record<string, readonly Asked[]>> = {
  gold: scan,
  silver: scan,
  phases: [...scan, phase],
  growth: tracks,
  "small-gold": scan,
  "small-growth": tracks,
};
/** Results of the commands of the README itself. */
export const smallest: readonly string[] = ["small-gold", "small-growth"];

/** A figure of a result. */
export interface Figure {
  readonly result: string;
  readonly name: string;
  readonly value: number;
  readonly tolerance: number;
}

/** Scores the results of a folder. */
export async function readFigures(
  folder: string,
  results: readonly string[] = Object.keys(asked),
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const result of results) {
    const of = asked[result], truth = join(folder, `${result}_truth.npz`);
    const args = ["score", join(folder, result), truth, ...of === tracks ? ["--series"] : [], "--json"];
    const score = await scoreOf(args);
    for (const { name, at, tolerance } of of) {
      const found = at.reduce<unknown>(
        (value, key) => (value as Record<string, unknown> | undefined)?.[key],
        score,
      );
      if (typeof found !== "number") throw new Error(`${result} has no ${at.join(".")}`);
      // Strain is told in percent.
      figures.push({ result, name, value: at.includes("dilation") ? 100 * found : found, tolerance });
    }
  }
  return figures;
}

async function scoreOf(args: readonly string[]): Promise<unknown> {
  const program = fileURLToPath(new URL("../../cli.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", program, ...args],
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Sentences about figures that are not what a page says. */
export function compareFigures(markdown: string, figures: readonly Figure[]): string[] {
  const rows = tableRows(markdown);
  return figures.flatMap(({ result, name, value }) => {
    const row = rows.find((cells) => cells[0] === `\`${result}\`` && cells[1] === name);
    if (!row) return [`the table has no ${name} of ${result}, which is ${value.toFixed(3)}`];
    const [, , said, tolerance] = row;
    return Math.abs(value - Number(said)) <= Number(tolerance)
      ? []
      : [`${result}: ${name} is ${value.toFixed(3)}, the page says ${said} ± ${tolerance}`];
  });
}

/** Lines about the figures, between the two marks of a page. */
export function writeFigures(page: URL, figures: readonly Figure[]): void {
  const rows = figures.map((
    { result, name, value, tolerance },
  ) => [`\`${result}\``, name, value.toFixed(3), String(tolerance)]);
  const table = formatTable(["result", "figure", "value", "may change by"], rows);
  const text = Deno.readTextFileSync(page);
  const [before, after] = text.split(/<!-- figures -->[\s\S]*<!-- end of figures -->/);
  if (after === undefined) throw new Error(`${page} has no place for the figures`);
  Deno.writeTextFileSync(page, `${before}<!-- figures -->\n\n${table}\n\n<!-- end of figures -->${after}`);
}
