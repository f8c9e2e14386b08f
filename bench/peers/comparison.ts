/** The programs that are compared, started one after the other on one scan. */

import { readResult } from "crystallite";
import type { ScanSize } from "../scan_file.ts";
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
export interface Entry extends Answer {
  readonly best: Seconds;
  /** Seconds of the best run, all steps. */
  readonly total: number;
  readonly blur: number;
  /** Seconds for a scan of all probes in proportion, where a part was taken. */
  readonly scaled: number;
  readonly agreement?: Agreement;
}

/** How a peer is started. */
interface Peer {
  readonly command: string;
  readonly args: readonly string[];
  /** Takes a part of the scan, and compares in the way of the published implementation. */
  readonly published?: boolean;
}

/** Interpreters that have what a peer needs; a peer without one is left out. */
export interface Pythons {
  readonly numpy?: string;
  readonly libertem?: string;
  readonly py4dstem?: string;
}

/** What all programs get, and what became of them. */
export interface ComparisonSettings {
  /** Holds `scan.npy`, and results while they are needed. */
  readonly folder: string;
  readonly size: ScanSize;
  /** Threads or processes of each program. */
  readonly workers: number;
  /** Runs of each program in its process. */
  readonly repeats: number;
  /** Rows x columns that py4DSTEM takes. */
  readonly part: string;
}

/** Name of the program that others are compared with. */
export const ownName = "crystallite library";

/** Starts the programs and collects their best runs. */
export class Comparison {
  readonly entries: Entry[] = [];

  constructor(readonly settings: ComparisonSettings) {}

  get #scan(): string {
    return `${this.settings.folder}/scan.npy`;
  }

  /**
   * All programs once at one blur.
   *
   * @throws {Error} when one fails, or its results are not those of crystallite
   */
  async run(blur: number, pythons: Pythons): Promise<void> {
    const library = { command: Deno.execPath(), args: ["run", "-A", folderOf("./crystallite_peer.ts")] };
    const script = (python: string, name: string) => ({
      command: python,
      args: ["-I", "-B", folderOf(`./${name}`)],
    });

    // A first run, not timed, to find the threshold.
    const first = await this.#start(library, blur, 0.9, 1);
    const threshold = clearThreshold(first.results.similarity);
    const own = await this.#start(library, blur, threshold, this.settings.repeats);
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
      const first = await this.#start(published, blur, 0.9, 1);
      const threshold = clearThreshold(first.results.similarity);
      const part = await this.#start(published, blur, threshold, 1);
      const whole = await this.#start(
        { ...published, published: false },
        blur,
        threshold,
        this.settings.repeats,
      );
      this.#add(whole.answer, blur);
      const peer = { ...script(pythons.py4dstem, "py4dstem_peer.py"), published: true };
      await this.#compare(peer, blur, threshold, part.results);
    }
  }

  async #compare(peer: Peer, blur: number, threshold: number, expected: Results): Promise<void> {
    const { answer, results } = await this.#start(
      peer,
      blur,
      threshold,
      peer.published ? 1 : this.settings.repeats,
    );
    this.#add(answer, blur, demandSame(results, expected, answer.name));
  }

  /** Runs a peer in a process of its own. */
  async #start(
    { command, args, published }: Peer,
    blur: number,
    threshold: number,
    repeats: number,
  ): Promise<{ answer: Answer; results: Results }> {
    const out = await Deno.makeTempDir({ dir: this.settings.folder });
    const part = published
      ? ["--part", this.settings.part, "--min-size", "1"]
      : ["--min-size", String(minimumSize)];
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args: [
        ...args,
        ...[
          this.#scan,
          "--blur",
          String(blur),
          "--threshold",
          String(threshold),
          "--repeats",
          String(repeats),
        ],
        ...["--workers", String(this.settings.workers), "--out", out, ...part],
      ],
      // Threads are counted: the libraries below numpy must not add their own.
      env: {
        OPENBLAS_NUM_THREADS: "1",
        OMP_NUM_THREADS: "1",
        MKL_NUM_THREADS: "1",
        PYTHONDONTWRITEBYTECODE: "1",
      },
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
    const out = `${this.settings.folder}/result`;
    const runs: Seconds[] = [];
    for (let run = 0; run < this.settings.repeats; run++) {
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
          ...[
            "--blur",
            String(blur),
            "--threshold",
            String(threshold),
            "--workers",
            String(this.settings.workers),
          ],
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
    const shape = [this.settings.size.rows, this.settings.size.columns] as const;
    const notes = ["the whole process, with --export npy,csv"];
    this.#add({ name, versions: {}, shape, runs, notes }, blur, agreement);
  }

  #add(answer: Answer, blur: number, agreement?: Agreement): void {
    const totals = answer.runs.map((run) => steps.reduce((sum, step) => sum + (run[step] || 0), 0));
    const total = Math.min(...totals), best = answer.runs[totals.indexOf(total)];
    const { rows, columns } = this.settings.size;
    const scaled = total * rows * columns / (answer.shape[0] * answer.shape[1]);
    const entry = { ...answer, blur, best, total, scaled, agreement };
    const before = this.entries.findIndex((other) => other.name === answer.name && other.blur === blur);
    if (before < 0) this.entries.push(entry);
    else {
      // An earlier round: the better one stays, with the runs of both.
      const other = this.entries[before], runs = [...other.runs, ...answer.runs];
      this.entries[before] = { ...(total < other.total ? entry : other), runs };
    }
    console.error(`blur ${blur}: ${answer.name}, ${total.toFixed(2)} s`);
  }
}
