/** Runs the cases of a reader in a process of its own, which is ended when it hangs and started again after it. */

import { millisecondsWaited } from "./waiting.ts";

/** A case that was handled wrongly. */
export interface Fault {
  readonly fault: string;
  readonly index: number;
  readonly subject: string;
  readonly what: string;
}

/** How a reader did. */
export interface ReaderReport {
  readonly name: string;
  readonly cases: number;
  readonly seconds: number;
  /** Cases by how they went: `read`, the kind of the error, `fault`; those that went by unheard in a hang are left out. */
  readonly counts: Readonly<Record<string, number>>;
  /** In milliseconds. */
  readonly slowest: number;
  /** Most memory that a case took, in bytes. */
  readonly largest: number;
  readonly faults: readonly Fault[];
}

/** Which cases, and how long they may take together. */
export interface Plan {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  readonly milliseconds: number;
  /** A case that takes so long, in milliseconds, hangs; default 10 s. */
  readonly patience?: number;
  /** Told now and then how many cases were begun. */
  readonly progress?: (cases: number) => void;
  /** The module with the readers; default: readers.ts. */
  readonly module?: URL;
}

const child = new URL("child.ts", import.meta.url), root = new URL("../../../", import.meta.url).pathname;

/** Runs cases of the reader of a name. */
export async function fuzzReader(name: string, plan: Plan): Promise<ReaderReport> {
  const { from, count, milliseconds } = plan;
  const memory = "/dev/shm", parent = isFolder(memory) ? memory : undefined;
  const folder = Deno.makeTempDirSync({ prefix: "crystallite-fuzz-", dir: parent });
  Deno.mkdirSync(`${folder}/temporary`);
  const start = performance.now(), faults: Fault[] = [], counts: Record<string, number> = {};
  let cases = 0, slowest = 0, largest = 0, next = from;
  const seconds = () => (performance.now() - start) / 1000;
  try {
    while (next < from + count && seconds() * 1000 < milliseconds) {
      const left = milliseconds - seconds() * 1000;
      const ended = await runChild(
        name,
        { ...plan, from: next, milliseconds: left },
        from + count,
        folder,
        (message) => {
          plan.progress?.(Math.max(0, progressIn(folder) + 1 - from));
          if ("fault" in message) return faults.push(message);
          slowest = Math.max(slowest, message.slowest);
          largest = Math.max(largest, message.largest);
          for (const [outcome, number] of Object.entries(message.counts)) {
            counts[outcome] = (counts[outcome] ?? 0) + number;
          }
        },
      );
      const index = progressIn(folder);
      if (index < 0 && ended !== "time") throw new Error(`${name}: ${ended}`);
      cases = Math.max(cases, index + 1 - from);
      if (ended === "done" || ended === "time") break;
      faults.push({ fault: ended, index, subject: "", what: "" });
      next = index + 1;
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  return { name, cases, seconds: seconds(), counts, slowest, largest, faults };
}

type Message = Fault | {
  readonly counts: Readonly<Record<string, number>>;
  readonly slowest: number;
  readonly largest: number;
};

/** How it ended: all cases done, time over, or what the case was that it did not get through. */
async function runChild(
  name: string,
  { seed, from, milliseconds, patience = 10_000, module = new URL("readers.ts", import.meta.url) }: Plan,
  to: number,
  folder: string,
  hear: (message: Message) => void,
): Promise<string> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "--quiet", "--v8-flags=--expose-gc", child.href],
      ...[module.href, name, String(seed), String(from), String(to), folder, root.replace(/\/$/, "")],
    ],
    env: { TMPDIR: `${folder}/temporary`, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  Deno.writeFileSync(`${folder}/progress`, new Uint8Array());
  let verdict = "done", heard = Date.now(), seen = -1, waited = 0;
  const began = Date.now();
  const watch = setInterval(() => {
    const now = progressIn(folder);
    if (now !== seen) [seen, heard, waited] = [now, Date.now(), millisecondsWaited(process.pid)];
    // The first case waits for what has to be loaded.
    const longest = now < 0 ? Math.max(60_000, patience) : patience;
    const silent = Date.now() - heard;
    if (silent > longest && silent - (millisecondsWaited(process.pid) - waited) > longest) {
      verdict = `hangs for more than ${patience / 1000} s`;
    } else if (Date.now() - began > milliseconds) verdict = "time";
    else return;
    clearInterval(watch);
    process.kill("SIGKILL");
  }, 200);
  const complaint = new Response(process.stderr).text();
  try {
    let rest = "";
    for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) hear(JSON.parse(line));
    }
    const { code } = await process.status;
    if (code === 0 || verdict !== "done") return verdict;
    return `the process ended with ${code}: ${(await complaint).slice(-600)}`;
  } finally {
    clearInterval(watch);
  }
}

function progressIn(folder: string): number {
  try {
    return new Float64Array(Deno.readFileSync(`${folder}/progress`).buffer)[0] ?? -1;
  } catch {
    return -1;
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
