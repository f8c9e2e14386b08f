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
import { parseArgs } from "node:util";
import { wholeNumber } from "../flags.ts";
import { methods } from "./methods.ts";
import { exists, hasModules, simulated } from "./python_tool.ts";
import { keyOf, measureMissing, readRecords } from "./records.ts";

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

const { values: flags } = parseArgs({
  args: Deno.args,
  options: {
    out: { type: "string", default: "build/quality.jsonl" },
    shared: { type: "string", default: "../shared" },
    python: { type: "string", default: "python3" },
    kinds: { type: "string", default: "" },
    seeds: { type: "string", default: "1,2,3" },
    methods: { type: "string", default: "" },
  },
});
const wantedKinds = new RegExp(flags.kinds), wantedMethods = new RegExp(flags.methods);
const seeds = flags.seeds.split(",").map((seed) => wholeNumber(seed, "--seeds"));
const program = join(flags.shared, "tools/simulate_dynamical.py");

if (!exists(program)) console.error(`skipped, not there: ${program}`);
else if (!hasModules(flags.python, "numpy, scipy, abtem")) {
  console.error(`skipped, ${flags.python} lacks numpy, scipy or abtem: scans of simulate_dynamical.py`);
} else await measureAll();

async function measureAll(): Promise<void> {
  const chosen = methods.filter(({ name }) => wantedMethods.test(name));
  const done = new Set(readRecords(flags.out).map(keyOf));
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
