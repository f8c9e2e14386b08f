/** The page about `--json`: what commands print is there, and what is there is printed. */

import assert from "node:assert/strict";
import { crystallite } from "./support/command_line.ts";
import { documented, jsonPage, keysOf, printedKeys } from "./support/documented_json.ts";
import { withFolder } from "./support/folders.ts";

const size = ["--rows", "20", "--columns", "20", "--pattern-rows", "64", "--pattern-columns", "64"];
const part = ["--plan", "plan.json", "--rows"];

/** Commands whose results the next ones use. `demo` and `serve` have tests of their own. */
const story: readonly (readonly string[])[] = [
  ["simulate", "--out", "film.h5", ...size, "--grains", "3", "--dose", "5000"],
  ["simulate", "--out", "series.h5", ...size, "--grains", "3", "--frames", "3"],
  ["info", "film.h5", "--q-center", "auto", "--bad-pixels", "auto"],
  ["info", "series.h5"],
  ["info", "nothing.h5"],
  ["info", "film.h5", "--roi", "0:40,0:4"],
  ["cluster", "film.h5", "--out", "result"],
  ["plan", "film.h5", "--out", "plan.json", "--parts", "2"],
  ["cluster", "film.h5", ...part, "0:10", "--part", "parts/a"],
  ["cluster", "film.h5", ...part, "10:20", "--part", "parts/b"],
  ["merge", "parts/a", "parts/b", "--labels", "parts/labels"],
  ["average", "film.h5", ...part, "0:20", "--labels", "parts/labels", "--part", "parts/c"],
  ["merge", "parts/a", "parts/b", "parts/c", "--out", "merged"],
  ["batch", "slurm", "film.h5", "--out", "job"],
  ["peaks", "film.h5", "--out", "peaks.h5"],
  ["calibrate", "result", "--crystal", "Au"],
  ["orient", "result", "--crystal", "Au", "--per-probe", "--peaks", "peaks.h5"],
  ["orient", "merged", "--crystal", "Au", "--q-pixel-size", "0.01 A^-1"],
  ["strain", "result", "--per-probe"],
  ["texture", "result"],
  ["describe", "result"],
  ["page", "result", "--out", "result.html"],
  ["score", "result", "film_truth.npz"],
  ["edit", "result", "--merge", "0,1", "--log"],
  ["filter", "film.h5", "--out", "filtered.npy"],
  ["convert", "series.h5", "--out", "series.zspy"],
  ["virtual", "film.h5", "--out", "image.npy", "--detector", "bf:5"],
  ["series", "series.h5", "--out", "series"],
  ["series", "series.h5", "--out", "alone", "--only", "0", "--hint", "none"],
  ["tracks", "series", "--log"],
  ["orient", "series", "--crystal", "Au"],
  ["strain", "series"],
  ["score", "series", "series_truth.npz", "--series"],
  ["watch", "film.h5", "--out", "watched"],
  ["doctor"],
  ["completions", "bash"],
  ["manual"],
  ["licenses"],
];

/** Keys that only what does not happen here would print. */
const elsewhere = new Set([
  "cluster background.grains",
  "doctor findings.remedy",
  "info readNoise",
  "info valueOffset",
  "orient pixelSizeFit",
  "page bin",
  "series doubtful",
  "series error",
  "series frames.error",
  "series frames.value",
  "series value",
]);

Deno.test("what --json prints is documented, and what is documented is printed", () =>
  withFolder(async (folder) => {
    const before = Deno.cwd(), printed = new Map<string, Set<string>>();
    Deno.chdir(folder);
    try {
      for (const words of story) {
        const { code, out, error } = await crystallite(...words, "--json", "--quiet");
        const lines: unknown[] = out.trim().split("\n").map((line) => JSON.parse(line));
        const section = code === 0 ? words[0] : "Failures";
        assert.ok(code === 0 || words[0] === "info", `${words.join(" ")}: ${error}${out}`);
        for (const line of lines) {
          const keys = printedKeys(section, line);
          printed.set(section, new Set([...printed.get(section) ?? [], ...keys]));
        }
      }
    } finally {
      Deno.chdir(before);
    }
    for (const [section, keys] of printed) {
      const never = Array.from(documented.get(section)!.keys)
        .filter((key) => !keys.has(key) && !elsewhere.has(`${section} ${key}`) && keysOf(section).has(key));
      assert.deepEqual(never, [], `${jsonPage} names what ${section} does not print`);
    }
  }));
