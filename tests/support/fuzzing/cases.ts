/** Cases of a reader one after the other, each measured: time, memory, and which files were looked at. */

import { damage } from "./mutations.ts";
import { guardFiles } from "./guard.ts";
import type { FuzzedReader, Subject } from "./subject.ts";
import { millisecondsWaited } from "./waiting.ts";
import { CaseFolder, judge, type Verdict } from "./verdict.ts";

/** What handling a case may take. */
export const mostMilliseconds = 1000, mostBytes = 64 * 2 ** 20;

/** How often a case that took longer is tried again. */
const mostRepeats = 3;

/** A case and how it went. */
export interface Case {
  readonly index: number;
  readonly subject: string;
  /** What was done to the files. */
  readonly what: string;
  readonly verdict: Verdict;
  readonly milliseconds: number;
  /** Memory that it took, in bytes, as far as it is above what earlier cases had. */
  readonly bytes: number;
}

/** Numbers of cases, from one up to another, and how they are watched. */
export interface CaseRange {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Folder for the files; two folders are made in it. */
  readonly folder: string;
  /** Other folders in which everything may be read: those of the program. */
  readonly allowed: readonly string[];
  /** Told of each case before it is run. */
  readonly begin?: (index: number) => void;
  /** Collects what is no longer used, if the runtime offers it. */
  readonly collect?: () => void;
}

/** Runs cases of a reader. */
export async function* runCases(reader: FuzzedReader, range: CaseRange): AsyncGenerator<Case, void> {
  const subjects = await reader.subjects();
  const { folder: base, seed, begin, collect = () => {} } = range;
  const folders = subjects.map((_, index) => new CaseFolder(`${base}/${index}`)), vault = `${base}/vault`;
  writeVault(vault);
  const temporary = (Deno.env.get("TMPDIR") ?? "/tmp").replace(/\/$/, "");
  const allowed = [...range.allowed, temporary];
  await warmUp(subjects, folders);
  let before = memoryInUse();
  for (let index = range.from; index < range.to; index++) {
    begin?.(index);
    const which = index % subjects.length, subject = subjects[which], folder = folders[which];
    const { files, what } = damage(subject, seed, Math.floor(index / subjects.length));
    folder.write(files);
    const run = async () => {
      const guard = guardFiles([...allowed, folder.path]);
      const { verdict, milliseconds } = await judge(subject, files, folder.path).finally(() =>
        guard.release()
      );
      const outside = guard.take();
      return { verdict: outside.length > 0 ? outsideFault(outside) : verdict, milliseconds };
    };
    let outcome = await run(), after = memoryInUse();
    for (let again = 0; again < mostRepeats; again++) {
      // The machine may have been busy, or, the first time, what earlier cases left was not yet collected.
      const greedy = after - before > mostBytes / 2 && again === 0;
      if (outcome.milliseconds <= mostMilliseconds && !greedy) break;
      collect();
      before = memoryInUse();
      const waited = millisecondsWaited("self"), { verdict, milliseconds } = await run();
      const waiting = Math.max(0, millisecondsWaited("self") - waited);
      outcome = { verdict, milliseconds: Math.max(0, milliseconds - waiting) };
      after = memoryInUse();
    }
    const bytes = Math.max(0, after - before);
    yield { index, subject: subject.name, what, ...outcome, verdict: withinLimits(outcome, bytes), bytes };
    if (after - before > mostBytes / 8) {
      collect();
      before = memoryInUse();
    }
  }
}

/** What is loaded at the first use is not taken for what a case takes. */
async function warmUp(subjects: readonly Subject[], folders: readonly CaseFolder[]): Promise<void> {
  for (const [index, subject] of subjects.entries()) {
    folders[index].write(subject.files);
    const { verdict } = await judge(subject, subject.files, folders[index].path);
    if (!("read" in verdict)) throw new Error(`${subject.name} is not sound: ${JSON.stringify(verdict)}`);
  }
}

/** Files that no case may read. */
function writeVault(folder: string): void {
  Deno.mkdirSync(folder, { recursive: true });
  for (const name of ["scan.npy", "a.raw", "a.mib", "data"]) {
    Deno.writeFileSync(`${folder}/${name}`, new Uint8Array(4096).fill(0xbe));
  }
}

function outsideFault(paths: readonly string[]): Verdict {
  return { fault: `looked at ${paths.slice(0, 3).join(", ")}` };
}

function withinLimits(outcome: { verdict: Verdict; milliseconds: number }, bytes: number): Verdict {
  if ("fault" in outcome.verdict) return outcome.verdict;
  if (outcome.milliseconds > mostMilliseconds) {
    return { fault: `took ${Math.round(outcome.milliseconds)} ms` };
  }
  if (bytes > mostBytes) return { fault: `took ${Math.round(bytes / 2 ** 20)} MiB` };
  return outcome.verdict;
}

/** Memory of the process, that which was asked for and never touched included. */
function memoryInUse(): number {
  const { rss, heapTotal, external } = Deno.memoryUsage();
  return Math.max(rss, heapTotal + external);
}
