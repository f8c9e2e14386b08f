/**
 * One scan through crystallite, a careful numpy and scipy program, LiberTEM and py4DSTEM, one after the other in one
 * run, with the same number of threads or processes. What is not installed is skipped and said so.
 *
 *     deno run -A bench/peers/compare.ts [--rows 64] [--columns 128] [--side 192] [--workers 2] [--repeats 3]
 *         [--rounds 1] [--part 24x24] [--python python3] [--py4dstem-python python3] [--json FILE]
 *
 * The scan is simulated into the folder for temporary files and lies in the page cache. Every program clusters it
 * without blur and with a blur of 3 pixels, and averages the clusters. Results are compared before any time is
 * believed: equal clusters, similarities within 1e-5. py4DSTEM takes a part of the scan, since it takes minutes for
 * what others do in a second; its times are scaled by the number of probes. Each program runs --repeats times in its
 * process, and all take turns for --rounds; the best run of each counts.
 */

import { parseArgs } from "node:util";
import { wholeNumber } from "../flags.ts";
import { formatTable } from "../../tasks/documentation/table.ts";
import { machine } from "../machine.ts";
import { scanBytes, writeSimulatedScan } from "../scan_file.ts";
import { Comparison, ownName } from "./comparison.ts";
import { type Seconds, steps } from "./outcome.ts";

function printTable({ entries, settings: { size } }: Comparison): void {
  const rows = entries.map((entry) => {
    const scale = entry.scaled / entry.total;
    const own = entries.find(({ name, blur }) => name === ownName && blur === entry.blur)!;
    const cell = (value: number, digits: number) => Number.isFinite(value) ? value.toFixed(digits) : "";
    const ratio = (step: keyof Seconds) => cell(scale * entry.best[step] / own.best[step], 1);
    return [
      String(entry.blur),
      entry.name,
      entry.shape.join(" x "),
      ...steps.flatMap((step) =>
        Number.isNaN(entry.best.similarity) ? ["", ""] : [
          cell(scale * entry.best[step], 3),
          entry === own ? "" : ratio(step),
        ]
      ),
      entry.scaled.toFixed(3),
      (scanBytes(size) / entry.scaled / 1e9).toFixed(3),
      entry === own ? "" : cell(entry.scaled / own.scaled, 1),
    ];
  });
  const heads = [
    "blur",
    "program",
    "probes",
    ...steps.flatMap((step) => [`${step} s`, "x"]),
    "total s",
    "GB/s",
    "x",
  ];
  console.log(formatTable(heads, rows, 3));
}

/** The interpreter if it has the modules; otherwise the skipped peer is noted, and how to get it. */
async function pythonWith(
  python: string,
  modules: string,
  file: string,
  skipped: string[],
): Promise<string | undefined> {
  const command = new Deno.Command(python, { args: ["-I", "-c", `import ${modules}`], stderr: "null" });
  if (await command.output().then(({ success }) => success, () => false)) return python;
  skipped.push(`${modules}: ${python} lacks it; python -m pip install -r bench/peers/${file}`);
  return undefined;
}

function describe(comparison: Comparison, rounds: number): void {
  const { entries, settings: { size, workers, repeats, part } } = comparison;
  const { processor, cores, system, runtime } = machine();
  console.log(`${processor}, ${cores} cores, ${system}, ${runtime}`);
  console.log(
    `${size.rows} x ${size.columns} probes of ${size.side} x ${size.side} 16-bit counts, ` +
      `${(scanBytes(size) / 1e9).toFixed(2)} GB in the page cache; ` +
      `${workers} workers; best of ${repeats * rounds}`,
  );
  console.log(`x = times as long as crystallite's library in this run; py4DSTEM on ${part} probes, scaled\n`);
  printTable(comparison);
  console.log();
  // Every program once: the runs at other blurs are of the same versions.
  const described = new Map(entries.map((entry) => [entry.name.split(",")[0], entry]));
  for (const [name, { versions, notes }] of described) {
    const libraries = Object.entries(versions).map(([library, version]) => `${library} ${version}`);
    console.log(`${name}: ${[...libraries, ...notes].join("; ")}`);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "64" },
      columns: { type: "string", default: "128" },
      side: { type: "string", default: "192" },
      workers: { type: "string", default: "2" },
      repeats: { type: "string", default: "3" },
      rounds: { type: "string", default: "1" },
      part: { type: "string", default: "24x24" },
      python: { type: "string", default: "python3" },
      "py4dstem-python": { type: "string" },
      json: { type: "string" },
    },
  });
  const size = {
    rows: wholeNumber(values.rows, "--rows"),
    columns: wholeNumber(values.columns, "--columns"),
    side: wholeNumber(values.side, "--side"),
  };
  const workers = wholeNumber(values.workers, "--workers");
  const repeats = wholeNumber(values.repeats, "--repeats"), rounds = wholeNumber(values.rounds, "--rounds");
  const py4dstem = values["py4dstem-python"] ?? values.python;
  const skipped: string[] = [];
  const pythons = {
    numpy: await pythonWith(values.python, "numpy, scipy", "requirements.txt", skipped),
    libertem: await pythonWith(values.python, "libertem.api", "requirements.txt", skipped),
    py4dstem: await pythonWith(
      py4dstem,
      "py4DSTEM.process.utils.cluster",
      "requirements_py4dstem.txt",
      skipped,
    ),
  };
  const folder = await Deno.makeTempDir({ prefix: "crystallite-peers-" });
  try {
    console.error("simulating the scan");
    writeSimulatedScan(`${folder}/scan.npy`, size);
    const comparison = new Comparison({ folder, size, workers, repeats, part: values.part });
    for (let round = 0; round < rounds; round++) {
      for (const blur of [0, 3]) await comparison.run(blur, pythons);
    }
    describe(comparison, rounds);
    for (const line of skipped) console.log(`skipped ${line}`);
    if (values.json) {
      const record = { ...machine(), size, workers, rounds, skipped, entries: comparison.entries };
      Deno.writeTextFileSync(values.json, JSON.stringify(record, null, 2));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main();
