/**
 * Plots of scores for docs/inside/quality.md, as SVG, from the JSON lines of run.ts.
 *
 *     deno run -A bench/quality/plots.ts [--set report] [--into docs/images] FILE...
 *
 * Lines: median adjusted Rand index over all probes by what was varied; the bar reaches down to the worst scan. Dots:
 * stability against that index, one for each scan.
 */

import { parseArgs } from "node:util";
import { type QualityRecord, readRecords } from "./records.ts";
import { medianOf as median } from "../../library/scan/median.ts";

/** What is drawn of each method: line style as well as colour, for those who see no colours. */
const styles: Readonly<Record<string, { readonly colour: string; readonly dashes: string }>> = {
  "auto": { colour: "#0b6e99", dashes: "" },
  "growth auto": { colour: "#b4480f", dashes: "7 4" },
  "growth best T": { colour: "#777777", dashes: "2 3" },
};

/** A plot over conditions that differ in one number. */
interface Sweep {
  readonly file: string;
  readonly title: string;
  readonly axis: string;
  /** Condition and what stands below it. */
  readonly conditions: readonly (readonly [condition: string, label: string])[];
}

const sweeps: readonly Sweep[] = [
  {
    file: "quality_dose.svg",
    title: "Films by electrons per pattern",
    axis: "electrons per pattern",
    conditions: [300, 1000, 3000, 10000, 50000].map((dose) => [`film dose ${dose}`, String(dose)] as const),
  },
  {
    file: "quality_overlap.svg",
    title: "Films of 3,000 electrons by probe overlap",
    axis: "standard deviation of the probe, scan steps",
    conditions: ["0", "0.4", "", "1", "1.5"].map((sigma) =>
      sigma === "" ? ["film dose 3000", "0.7"] as const : [`film blur ${sigma} dose 3000`, sigma] as const
    ),
  },
  {
    file: "quality_bend.svg",
    title: "Films of 3,000 electrons by bending",
    axis: "bend between centre and rim of a grain, degrees",
    conditions: [["film dose 3000", "0.15"], ["film bend 0.5 dose 3000", "0.5"], [
      "film bend 1 dose 3000",
      "1",
    ]],
  },
];

const width = 520, height = 320, left = 52, right = 16, top = 64, bottom = 52;
const plotWidth = width - left - right, plotHeight = height - top - bottom;
const yOf = (value: number) => top + plotHeight * (1 - Math.max(0, value));

/** The frame: title, axis of the index, name of the other axis. */
function frame(title: string, axis: string, content: string): string {
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map((value) =>
    `<line x1="${left}" x2="${width - right}" y1="${yOf(value)}" y2="${yOf(value)}" stroke="#ddd"/>` +
    `<text x="${left - 8}" y="${yOf(value) + 4}" text-anchor="end">${value}</text>`
  ).join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif"
font-size="12" fill="#333"><title>${title}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${left}" y="18" font-size="14" font-weight="600">${title}</text>
<text x="${left}" y="34" fill="#666">adjusted Rand index, all probes</text>
${ticks}
<text x="${left + plotWidth / 2}" y="${height - 8}" text-anchor="middle">${axis}</text>
${content}
</svg>
`;
}

/** Medians as lines, with bars down to the worst. */
function sweepPlot({ title, axis, conditions }: Sweep, records: readonly QualityRecord[]): string {
  const xOf = (place: number) => left + plotWidth * (place + 0.5) / conditions.length;
  const labels = conditions.map(([, label], place) =>
    `<text x="${xOf(place)}" y="${top + plotHeight + 18}" text-anchor="middle">${label}</text>`
  );
  const lines = Object.entries(styles).map(([method, { colour, dashes }], index) => {
    const shift = 5 * (index - 1);
    const points = conditions.flatMap(([condition], place) => {
      const scores = records.filter((record) => record.condition === condition && record.method === method)
        .map(({ score }) => score.all.adjustedRandIndex);
      return scores.length === 0
        ? []
        : [{ x: xOf(place) + shift, y: yOf(median(scores)), worst: yOf(Math.min(...scores)) }];
    });
    const path = points.map(({ x, y }, i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
    const bars = points.map(({ x, y, worst }) =>
      `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${y.toFixed(1)}" y2="${worst.toFixed(1)}" ` +
      `stroke="${colour}" opacity="0.5"/><circle cx="${x.toFixed(1)}" cy="${
        y.toFixed(1)
      }" r="3" fill="${colour}"/>`
    ).join("");
    const key = left + 140 * index;
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes}"/>${bars}
<line x1="${key}" x2="${
      key + 20
    }" y1="47" y2="47" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes}"/>
<text x="${key + 24}" y="51">${method}</text>`;
  });
  return frame(title, axis, [...labels, ...lines].join("\n"));
}

/** Stability against agreement with the truth. */
function stabilityPlot(records: readonly QualityRecord[]): string {
  const xOf = (value: number) => left + plotWidth * (Math.max(0.5, value) - 0.5) / 0.5;
  const ticks = [0.5, 0.6, 0.7, 0.8, 0.9, 1].map((value) =>
    `<text x="${xOf(value)}" y="${top + plotHeight + 18}" text-anchor="middle">${value}</text>`
  );
  const dots = records.flatMap(({ stability, score }) =>
    stability === undefined ? [] : [
      `<circle cx="${xOf(stability).toFixed(1)}" cy="${
        yOf(score.all.adjustedRandIndex).toFixed(1)
      }" r="2.5" fill="#0b6e99" opacity="0.55"/>`,
    ]
  );
  const limit = `<line x1="${xOf(0.95)}" x2="${xOf(0.95)}" y1="${top}" y2="${
    top + plotHeight
  }" stroke="#999" stroke-dasharray="3 3"/>`;
  return frame(
    "What the stability is worth",
    "stability; left of 0.5 drawn at 0.5",
    [...ticks, limit, ...dots].join("\n"),
  );
}

if (import.meta.main) {
  const { values: flags, positionals } = parseArgs({
    args: Deno.args,
    options: { set: { type: "string", default: "report" }, into: { type: "string", default: "docs/images" } },
    allowPositionals: true,
  });
  const records = positionals.flatMap(readRecords).filter(({ set }) => set === flags.set);
  for (const sweep of sweeps) {
    Deno.writeTextFileSync(`${flags.into}/${sweep.file}`, sweepPlot(sweep, records));
  }
  Deno.writeTextFileSync(`${flags.into}/quality_stability.svg`, stabilityPlot(records));
}
