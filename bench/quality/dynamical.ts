/**
 * Scores every method on scans of an independent simulator of dynamical diffraction, kind by kind. Appends JSON lines as run.ts
 * does, and leaves out what the file has.
 *
 *     deno run -A bench/quality/dynamical.ts --out build/quality.jsonl [--shared ../shared] [--python python3] [--kinds REGEX]
 *         [--seeds 1,2,3] [--methods REGEX]
 *
 * `--shared` is the folder with `tools/simulate_dynamical.py`, which needs numpy, scipy and abtem; without it nothing is
 * measured, and the output says so. Seeds from 900 on are for figures that are reported: nothing may be tuned on them.
 */

import { join } from "node:path";
import { wholeNumber } from "../flags.ts";
import { readForeignFlags } from "./foreign_flags.ts";
import { exists, hasModules, simulated } from "./python_tool.ts";
import { measureMissing } from "./records.ts";

/** What the simulator can make; the last two are large. */
const kinds = [
  ...[
    "film",
    "lowdose",
    "highdose",
    "bend",
    "stacked",
    "precession",
    "twins",
    "variants",
    "liquid",
    "vacuum",
  ],
  ...["speckle", "descan", "detector", "drift", "adu", "hole", "hard", "many", "bigdetector"],
];

const { flags, chosen, done } = readForeignFlags({ kinds: "", seeds: "1,2,3" });
const wantedKinds = new RegExp(flags.kinds);
const seeds = flags.seeds.split(",").map((seed) => wholeNumber(seed, "--seeds"));
const program = join(flags.shared, "tools/simulate_dynamical.py");

if (!exists(program)) console.error(`skipped, not there: ${program}`);
else if (!hasModules(flags.python, "numpy, scipy, abtem")) {
  console.error(`skipped, ${flags.python} lacks numpy, scipy or abtem: scans of simulate_dynamical.py`);
} else await measureAll();

async function measureAll(): Promise<void> {
  const folder = await Deno.makeTempDir(), out = join(folder, "scan");
  try {
    // All kinds come with the first seed before any comes with the second: a run that was stopped covers them all.
    for (const seed of seeds) {
      for (const kind of kinds.filter((kind) => wantedKinds.test(kind))) {
        const place = {
          set: "dynamical",
          group: "dynamical simulator",
          condition: `simulate_dynamical.py: ${kind}`,
          seed,
        };
        await measureMissing(
          flags.out,
          place,
          chosen,
          done,
          () => simulated(flags.python, [program, kind, String(seed), out], out),
        );
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
