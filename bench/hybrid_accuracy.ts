/**
 * How much strain gains from orientations of averages: rms errors of e_xx on simulated films with strain, bend and descan,
 * against the orientation of the grain's average (the hybrid of the paper) and against that of each pattern alone, by dose.
 *
 *     deno run -A bench/hybrid_accuracy.ts [--seeds 3] [--first 1] [--json FILE]
 */

import { parseArgs } from "node:util";
import type { SimulationParameters } from "../library/simulation/parameters.ts";
import { measureFilm } from "../tests/support/strained_film.ts";
import { wholeNumber } from "./flags.ts";
import { formatTable } from "../tasks/documentation/table.ts";

const { values: flags } = parseArgs({
  options: {
    seeds: { type: "string", default: "3" },
    first: { type: "string", default: "1" },
    json: { type: "string" },
  },
});
const seeds = wholeNumber(flags.seeds, "--seeds"), first = wholeNumber(flags.first, "--first");
const doses = [1000, 5000, 20_000, 400_000];

/**
 * Five grains a few degrees from a low zone axis. Disks are drawn as finely as can be: at the nearest of 64 places in a pixel they are
 * 0.0045 pixels off in the mean, which is more than the limit of the brightest at 400,000 electrons.
 */
const film: Partial<SimulationParameters> = {
  ...{ rows: 20, columns: 20, patternRows: 128, patternColumns: 128, grains: 5, twinFraction: 0 },
  ...{ descan: 3, diskSteps: 256, textureSpread: 4 },
};
const textures = ["100", "110", "mixed"] as const;

/** Sums of squares over films of one dose. */
interface Sums {
  possible: number;
  hybrid: { measured: number; squares: number };
  alone: { measured: number; squares: number; both: number };
  limit: number;
  rotation: number;
}

const table: { dose: number; possible: number; hybrid: number; alone: number; limit: number }[] = [];
const heads = [
  "electrons",
  "limit",
  "hybrid",
  "measured",
  "per probe",
  "measured",
  "hybrid there",
  "direction",
];
const lines: string[][] = [];
for (const dose of doses) {
  const sums: Sums = {
    ...{ possible: 0, limit: 0, rotation: 0 },
    hybrid: { measured: 0, squares: 0 },
    alone: { measured: 0, squares: 0, both: 0 },
  };
  for (const texture of textures) {
    for (let seed = first; seed < first + seeds; seed++) {
      const peaks = { leastRelative: 0.005 };
      const found = await measureFilm({ ...film, texture, seed, dose }, { peaks, alone: true });
      const { xx: error, limit: least, told: certainty } = found, part = found.measured / found.possible;
      const line = [
        error.toExponential(1),
        (error / least).toFixed(2),
        part.toFixed(2),
        certainty.toFixed(2),
      ];
      console.error(`${texture} ${seed} at ${dose}: ${line.join(" ")}`);
      const { measured, possible, xx, limit, rotation } = found, alone = found.alone!;
      sums.possible += possible;
      sums.limit += measured * limit * limit;
      sums.rotation += measured * rotation * rotation;
      sums.hybrid.measured += measured;
      sums.hybrid.squares += measured * xx * xx;
      sums.alone.measured += alone.measured;
      sums.alone.squares += alone.measured * alone.xx * alone.xx;
      sums.alone.both += alone.measured * alone.both * alone.both;
    }
  }
  const rms = (squares: number, count: number) => Math.sqrt(squares / count);
  const hybrid = rms(sums.hybrid.squares, sums.hybrid.measured);
  const alone = rms(sums.alone.squares, sums.alone.measured), limit = rms(sums.limit, sums.hybrid.measured);
  table.push({ dose, possible: sums.possible, hybrid, alone, limit });
  const part = (count: number) => `${Math.round(100 * count / sums.possible)} %`;
  lines.push([
    ...[String(dose), limit.toExponential(1), hybrid.toExponential(1), part(sums.hybrid.measured)],
    ...[alone.toExponential(1), part(sums.alone.measured)],
    rms(sums.alone.both, sums.alone.measured).toExponential(1),
    `${rms(sums.rotation, sums.hybrid.measured).toFixed(3)}°`,
  ]);
  console.error(lines.at(-1)!.join("  "));
}
console.log(formatTable(heads, lines, 0));
if (flags.json) await Deno.writeTextFile(flags.json, JSON.stringify(table, null, 2) + "\n");
