/**
 * How well the tracks of simulated series agree with their truth: sixteen kinds of specimen and of recording, each of 10 frames
 * of 64 x 64 probes. Series, tracks and scores are those of the commands `simulate`, `series` and `score`.
 *
 *     deno run -A bench/series_scores.ts [--seeds 501,502] [--only f_twins,hard] [--json FILE] [--workers N]
 */

import { parseArgs } from "node:util";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EventScores } from "../library/scoring/events.ts";
import type { TrackScore } from "../library/scoring/tracks.ts";
import { scoredKinds } from "../library/scoring/true_events.ts";
import { wholeNumber } from "./flags.ts";

type Flags = Readonly<Record<string, number | string>>;

/** 48 x 48 pixels, disks of 2.2 pixels in radius. */
const every: Flags = {
  ...{ rows: 64, columns: 64, "pattern-rows": 48, "pattern-columns": 48, frames: 10, grains: 16 },
  ...{ "convergence-angle": 2.76, "hot-pixels": 3, dose: 3000, spin: 0.3, drift: 0, dissolutions: 0 },
};
const particles: Flags = {
  ...every,
  ...{ layout: "particles", coverage: 0.42, merges: 3, births: 3, growth: 0.26, motion: 0.3 },
};
const film: Flags = {
  ...every,
  ...{ layout: "film", "twin-fraction": 0.2, growth: 0, motion: 0.1, coarsening: 0.8 },
};

const conditions: Readonly<Record<string, Flags>> = {
  p: particles,
  p_drift5: { ...particles, drift: 5 },
  p_dose500: { ...particles, dose: 500, drift: 2 },
  p_dose30k: { ...particles, dose: 30000, drift: 2 },
  p_spin2: { ...particles, spin: 2, drift: 2 },
  p_spin5: { ...particles, spin: 5, drift: 2 },
  p_move2: { ...particles, motion: 2, coverage: 0.3, grains: 20, growth: 0.2 },
  p_small: { ...particles, motion: 0.8, coverage: 0.3, grains: 40, growth: 0.14, drift: 3 },
  f: film,
  f_drift5: { ...film, drift: 5 },
  f_dose500: { ...film, dose: 500, drift: 2 },
  f_dose30k: { ...film, dose: 30000, drift: 2 },
  f_spin1: { ...film, spin: 1, drift: 2 },
  f_twins: { ...film, nucleations: 4, drift: 1 },
  f_bend: { ...film, bend: 0.5, drift: 2 },
  hard: { ...particles, dose: 500, drift: 5, spin: 2, motion: 1 },
};

/** What `score --series --json` says of a series. */
type Score = TrackScore & { readonly events: EventScores; readonly certain: EventScores };

const { values } = parseArgs({
  options: {
    ...{ seeds: { type: "string", default: "501,502" }, only: { type: "string" }, json: { type: "string" } },
    workers: { type: "string", default: "2" },
  },
});
const seeds = values.seeds.split(",").map((seed) => wholeNumber(seed, "--seeds"));
const names = values.only?.split(",") ?? Object.keys(conditions);
const program = fileURLToPath(new URL("../cli.ts", import.meta.url));

/** What a command prints with `--json`. */
async function printed(...words: string[]): Promise<unknown> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", program, ...words, "--json"],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
}

async function scoreOf(name: string, seed: number, folder: string): Promise<Score> {
  if (!(name in conditions)) {
    throw new Error(`--only takes ${Object.keys(conditions).join(", ")}, not ${name}`);
  }
  const scan = join(folder, `${name}_${seed}.npy`), out = join(folder, `${name}_${seed}`);
  const flags = Object.entries(conditions[name]).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  await printed("simulate", "--out", scan, "--seed", String(seed), ...flags);
  await printed("series", scan, "--out", out, "--preset", "auto", "--workers", values.workers);
  const score = await printed("score", out, `${out}_truth.npz`, "--series") as Score;
  for (const path of [scan, out]) await Deno.remove(path, { recursive: true });
  return score;
}

/** Events found, true and told, over series: those that are not doubtful. */
function eventsOf(scores: readonly Score[], kind: keyof EventScores): string {
  const sum = (field: "found" | "real" | "told") =>
    scores.reduce((total, score) => total + score.certain[kind][field], 0);
  return `${sum("found")} / ${sum("real")} / ${sum("told")}`;
}

function line(name: string, scores: readonly Score[]): string {
  const mean = (field: "hota" | "association" | "idf1") =>
    (scores.reduce((sum, score) => sum + score[field], 0) / scores.length).toFixed(3);
  const switches = scores.reduce((sum, score) => sum + score.identitySwitches, 0);
  const objects = scores.reduce((sum, score) => sum + score.objectFrames, 0);
  return `| ${name} | ${mean("hota")} | ${mean("association")} | ${
    mean("idf1")
  } | ${switches} of ${objects} | ${scoredKinds.map((kind) => eventsOf(scores, kind)).join(" | ")} |`;
}

const folder = await Deno.makeTempDir({ prefix: "crystallite-bench-" }), all: Record<string, Score[]> = {};
try {
  console.log(
    "| series | HOTA | association | IDF1 | switches | mergers | splits | births | deaths |\n" +
      "| --- ".repeat(9) +
      "|",
  );
  for (const name of names) {
    all[name] = [];
    for (const seed of seeds) all[name].push(await scoreOf(name, seed, folder));
    console.log(line(name, all[name]));
  }
  console.log(line("all", Object.values(all).flat()));
} finally {
  await Deno.remove(folder, { recursive: true });
}
if (values.json) {
  await Deno.writeTextFile(values.json, `${JSON.stringify({ seeds, scores: all }, null, 1)}\n`);
}
