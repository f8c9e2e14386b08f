/**
 * One scan through crystallite, a careful numpy and scipy program, LiberTEM and py4DSTEM, one after the other in one
 * run, with the same number of threads or processes. What is not installed is skipped and said so.
 *
 *     deno run -A bench/peers/compare.ts [--rows 64] [--columns 128] [--side 192] [--workers 2] [--repeats 3]
 *         [--part 24x24] [--python python3] [--py4dstem-python python3] [--json FILE]
 *
 * The scan is simulated into the folder for temporary files and lies in the page cache. Every program clusters it
 * without blur and with a blur of 3 pixels, and averages the clusters. Results are compared before any time is
 * believed: equal clusters, similarities within 1e-5. py4DSTEM takes a part of the scan, since it takes minutes for
 * what others do in a second; its times are scaled by the number of probes.
 */

import { parseArgs } from "node:util";
import { readResult } from "crystallite";
import { wholeNumber } from "../flags.ts";
import { formatTable } from "../format_table.ts";
import { type Machine, machine } from "../machine.ts";
import { scanBytes, type ScanSize, writeSimulatedScan } from "../scan_file.ts";
import { forwardOf } from "./forward.ts";
import {
  type Agreement,
  type Answer,
  clearThreshold,
  demandSame,
  readResults,
  type Results,
  type Seconds,
  steps,
} from "./outcome.ts";

const folderOf = (relative: string) => decodeURIComponent(new URL(relative, import.meta.url).pathname);
const minimumSize = 4;

/** The best run of a program, and what is needed to judge it. */
interface Entry extends Answer {
  readonly best: Seconds;
  /** Seconds of the best run, all steps. */
  readonly total: number;
  readonly blur: number;
  /** Seconds for a scan of all probes in proportion, where a part was taken. */
  readonly scaled: number;
  readonly agreement?: Agreement;
}

interface Peer {
  readonly command: string;
  readonly args: readonly string[];
  /** Takes a part of the scan, and compares in the way of the published implementation. */
  readonly published?: boolean;
}

class Comparison {
  readonly entries: Entry[] = [];
  readonly skipped: string[] = [];

  constructor(
    readonly folder: string,
    readonly size: ScanSize,
    readonly workers: string,
    readonly repeats: string,
    readonly part: string,
  ) {}

  get #scan(): string {
    return `${this.folder}/scan.npy`;
  }

  /** All programs at one blur; `pythons` are those found to have what they need. */
  async run(blur: number, pythons: { numpy?: string; libertem?: string; py4dstem?: string }): Promise<void> {
    const library = { command: Deno.execPath(), args: ["run", "-A", folderOf("./crystallite_peer.ts")] };
    const script = (python: string, name: string) => ({
      command: python,
      args: ["-I", folderOf(`./${name}`)],
    });

    // A first run, not timed, to find the threshold.
    const first = await this.#start(library, blur, 0.9, "1");
    const threshold = clearThreshold(first.results.similarity);
    const own = await this.#start(library, blur, threshold, this.repeats);
    this.#add(own.answer, blur);
    await this.#commandLine(blur, threshold, own.results);
    const ways = blur > 0 ? ["filter", "product"] : ["filter"];
    if (pythons.numpy) {
      for (const way of ways) {
        const peer = script(pythons.numpy, "numpy_peer.py");
        await this.#compare(
          { ...peer, args: [...peer.args, "--blur-as", way] },
          blur,
          threshold,
          own.results,
        );
      }
    }
    if (pythons.libertem) {
      const peer = script(pythons.libertem, "libertem_peer.py");
      await this.#compare(
        { ...peer, args: [...peer.args, "--blur-as", "product"] },
        blur,
        threshold,
        own.results,
      );
    }
    if (pythons.py4dstem) {
      const published = { ...library, args: [...library.args, "--preset", "py4dstem"], published: true };
      const first = await this.#start(published, blur, 0.9, "1");
      const threshold = clearThreshold(first.results.similarity);
      const part = await this.#start(published, blur, threshold, "1");
      const whole = await this.#start({ ...published, published: false }, blur, threshold, this.repeats);
      this.#add(whole.answer, blur);
      const peer = { ...script(pythons.py4dstem, "py4dstem_peer.py"), published: true };
      await this.#compare(peer, blur, threshold, part.results);
    }
  }

  async #compare(peer: Peer, blur: number, threshold: number, expected: Results): Promise<void> {
    const { answer, results } = await this.#start(peer, blur, threshold, peer.published ? "1" : this.repeats);
    this.#add(answer, blur, demandSame(results, expected, answer.name));
  }

  /** Runs a peer in a process of its own. */
  async #start(
    { command, args, published }: Peer,
    blur: number,
    threshold: number,
    repeats: string,
  ): Promise<{ answer: Answer; results: Results }> {
    const out = await Deno.makeTempDir({ dir: this.folder });
    const part = published ? ["--part", this.part, "--min-size", "1"] : ["--min-size", String(minimumSize)];
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args: [
        ...args,
        ...[this.#scan, "--blur", String(blur), "--threshold", String(threshold), "--repeats", repeats],
        ...["--workers", this.workers, "--out", out, ...part],
      ],
      // Threads are counted: the libraries below numpy must not add their own.
      env: { OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    if (!success) throw new Error(`${[command, ...args].join(" ")} failed:\n${text(stderr)}`);
    const answer: Answer = JSON.parse(text(stdout).split("\n").at(-1)!);
    const results = readResults(out);
    await Deno.remove(out, { recursive: true });
    return { answer, results };
  }

  /** The command line as a user runs it, from start to end of the process, with its files. */
  async #commandLine(blur: number, threshold: number, expected: Results): Promise<void> {
    const out = `${this.folder}/result`;
    const runs: Seconds[] = [];
    for (let run = 0; run < Number(this.repeats); run++) {
      const started = performance.now();
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...[
            "run",
            "-A",
            folderOf("../../cli.ts"),
            "cluster",
            this.#scan,
            "--out",
            out,
            "--force",
            "--quiet",
          ],
          ...["--blur", String(blur), "--threshold", String(threshold), "--workers", this.workers],
          ...["--min-size", String(minimumSize), "--bad-pixels", "none", "--export", "npy,csv"],
        ],
      }).output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
      runs.push({ similarity: NaN, clusters: NaN, averages: (performance.now() - started) / 1000 });
    }
    const { labels, similarity } = await readResult(out);
    const { averages } = expected;
    const name = "crystallite command line";
    const agreement = demandSame({ labels, similarity: forwardOf(similarity), averages }, expected, name);
    const shape = [this.size.rows, this.size.columns] as const;
    const notes = ["the whole process, with --export npy,csv"];
    this.#add({ name, versions: {}, shape, runs, notes }, blur, agreement);
  }

  #add(answer: Answer, blur: number, agreement?: Agreement): void {
    const totals = answer.runs.map((run) => steps.reduce((sum, step) => sum + (run[step] || 0), 0));
    const total = Math.min(...totals), best = answer.runs[totals.indexOf(total)];
    const { rows, columns } = this.size;
    const scaled = total * rows * columns / (answer.shape[0] * answer.shape[1]);
    this.entries.push({ ...answer, blur, best, total, scaled, agreement });
    console.error(`blur ${blur}: ${answer.name}, ${total.toFixed(2)} s`);
  }
}

function printTable({ entries, size }: Comparison): void {
  const rows = entries.map((entry) => {
    const scale = entry.scaled / entry.total;
    const own = entries.find(({ name, blur }) => name === "crystallite library" && blur === entry.blur)!;
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

/** The interpreter if it has the modules; otherwise says what is missing. */
async function pythonWith(comparison: Comparison, python: string, modules: string, file: string) {
  const lacks = await new Deno.Command(python, { args: ["-I", "-c", `import ${modules}`], stderr: "null" })
    .output()
    .then(({ success }) => !success, () => true);
  if (!lacks) return python;
  comparison.skipped.push(`${modules}: ${python} lacks it; python -m pip install -r bench/peers/${file}`);
  return undefined;
}

function describe(facts: Machine, comparison: Comparison): void {
  const { size, workers, repeats, part, entries, skipped } = comparison;
  console.log(`${facts.processor}, ${facts.cores} cores, ${facts.system}, ${facts.runtime}`);
  console.log(
    `${size.rows} x ${size.columns} probes of ${size.side} x ${size.side} 16-bit counts, ` +
      `${(scanBytes(size) / 1e9).toFixed(2)} GB in the page cache; ${workers} workers; best of ${repeats}`,
  );
  console.log(`x = times as long as crystallite's library in this run; py4DSTEM on ${part} probes, scaled\n`);
  printTable(comparison);
  console.log();
  // Every program once: the runs at other blurs are of the same versions.
  const described = new Map(entries.map((entry) => [entry.name.split(",")[0], entry]));
  for (const [name, { versions, notes }] of described) {
    const parts = [
      ...Object.entries(versions).map(([library, version]) => `${library} ${version}`),
      ...notes,
    ];
    console.log(`${name}: ${parts.join("; ")}`);
  }
  for (const line of skipped) console.log(`skipped ${line}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "64" },
      columns: { type: "string", default: "128" },
      side: { type: "string", default: "192" },
      workers: { type: "string", default: "2" },
      repeats: { type: "string", default: "3" },
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
  const folder = await Deno.makeTempDir({ prefix: "crystallite-peers-" });
  try {
    console.error("simulating the scan");
    writeSimulatedScan(`${folder}/scan.npy`, size);
    const comparison = new Comparison(folder, size, values.workers, values.repeats, values.part);
    const requirements = "requirements.txt";
    const pythons = {
      numpy: await pythonWith(comparison, values.python, "numpy, scipy", requirements),
      libertem: await pythonWith(comparison, values.python, "libertem.api", requirements),
      py4dstem: await pythonWith(
        comparison,
        values["py4dstem-python"] ?? values.python,
        "py4DSTEM.process.utils.cluster",
        "requirements_py4dstem.txt",
      ),
    };
    for (const blur of [0, 3]) await comparison.run(blur, pythons);
    const facts = machine();
    describe(facts, comparison);
    if (values.json) {
      const { entries, skipped } = comparison;
      Deno.writeTextFileSync(values.json, JSON.stringify({ ...facts, size, skipped, entries }, null, 2));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main();
