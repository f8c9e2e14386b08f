/**
 * Scores every method on scans that are not of our simulator: those of another one, and measured patterns that were put
 * on a map of labels. Appends JSON lines as run.ts does, and leaves out what the file has.
 *
 *     deno run -A bench/quality/foreign.ts --out build/quality.jsonl [--shared ../shared] [--python python3] [--count 2]
 *         [--methods REGEX]
 *
 * `--shared` is the folder with `tools/simulate.py` (needs Python with numpy) and `data/scans/sped_ag_*`; what is missing
 * is skipped, and the output says so.
 */

import { join } from "node:path";
import { openScan } from "crystallite";
import { readLabelFile } from "../../library/formats/label_file.ts";
import { wholeNumber } from "../flags.ts";
import { connectedParts } from "./connected_parts.ts";
import { readForeignFlags } from "./foreign_flags.ts";
import { Subject } from "./methods.ts";
import { exists, hasModules, simulated } from "./python_tool.ts";
import { measureMissing } from "./records.ts";

/** Conditions as flags of the other simulator. */
const flagsOf: Readonly<Record<string, readonly string[]>> = {
  "film dose 1000": ["--dose", "1000"],
  "film dose 3000": ["--dose", "3000"],
  "film dose 50000": ["--dose", "50000"],
  "film blur 1 dose 3000": ["--dose", "3000", "--probe-blur", "1"],
  "film bend 0.5 dose 3000": ["--dose", "3000", "--bend", "0.5"],
  "particles dose 3000": ["--dose", "3000", "--layout", "particles"],
  "particles dose 50000": ["--dose", "50000", "--layout", "particles"],
};
/** Seeds that were not used while the method was made. */
const firstSeed = 9000;

const { flags, chosen, done } = readForeignFlags({ count: "2" });
const set = "foreign";

await measureMeasured();
if (hasModules(flags.python, "numpy")) await measureSimulated(wholeNumber(flags.count, "--count"));
else console.error(`skipped, ${flags.python} has no numpy: scans of simulate.py`);

/** Measured patterns of silver, placed on a map on which some patterns lie in several places. */
async function measureMeasured(): Promise<void> {
  const folder = join(flags.shared, "data/scans");
  const scan = join(folder, "sped_ag_64x208x56x56.npz"), truth = join(folder, "sped_ag_labels_placed.npy");
  if (!exists(scan)) return console.error(`skipped, not there: ${scan}`);
  const place = { set, group: "measured patterns", condition: "SPED of silver", seed: 0 };
  await measureMissing(flags.out, place, chosen, done, async () => {
    const { labels, columns } = await readLabelFile(truth);
    return new Subject(await openScan(scan), connectedParts(labels, columns), undefined);
  });
}

async function measureSimulated(count: number): Promise<void> {
  const program = join(flags.shared, "tools/simulate.py");
  if (!exists(program)) return console.error(`skipped, not there: ${program}`);
  const folder = await Deno.makeTempDir();
  try {
    for (const [index, [condition, given]] of Object.entries(flagsOf).entries()) {
      for (let place = 0; place < count; place++) {
        const seed = firstSeed + 100 * index + place, out = join(folder, "scan");
        const where = { set, group: "another simulator", condition: `simulate.py: ${condition}`, seed };
        await measureMissing(flags.out, where, chosen, done, async () => {
          const args = [program, out, "--seed", String(seed), "--probe-blur", "0.7", ...given];
          return await simulated(flags.python, args, out);
        });
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
