/** One reading of a scan in bands of rows: a band is loaded while the one before is computed. */

import { throwIfAborted } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import type { Engine } from "./engine.ts";
import type { KernelCall, Work } from "./kernels.ts";
import type { RunOptions } from "./options.ts";
import { type Batches, type Pass, type ReadingPlan, ringRows, type RowBlock } from "./pass.ts";
import type { FillTable } from "./loaded_scan.ts";
import { type Follow, RowLoader } from "./row_loader.ts";
import { turn } from "./turn.ts";

/** A reading that was planned. */
export interface Reading {
  readonly plan: ReadingPlan;
  readonly passes: readonly Pass<unknown>[];
  readonly fill: FillTable;
  /** For the progress. */
  readonly name: string;
  /** First row, and the row after the last; default: all. */
  readonly rows?: readonly [number, number];
  readonly options: RunOptions;
}

/**
 * Goes through the scan; the passes have their memory. The next band is loaded by the threads among the calls of the first
 * batch, or read on this thread while they make it. Bad pixels are filled first; patterns that are not finite stop the run.
 *
 * @param kept bytes of what passes keep for each thread, behind the patterns in its staging memory
 * @throws {CorruptFile} when a pattern holds NaN or infinity, or the file cannot be read
 * @throws {Aborted} when the signal fires
 */
export async function readBands(
  engine: Engine,
  scan: Scan,
  { plan, passes, fill, name, rows, options }: Reading,
  kept: number,
): Promise<void> {
  const { band } = plan;
  const [top, bottom] = rows ?? [0, scan.shape.rows];
  const ahead = passes.reduce((most, { window }) => Math.max(most, window?.ahead ?? 0), 0);
  throwIfAborted(options.signal);
  const loader = new RowLoader(engine, scan, {
    ...{ fill, top, band, capacity: ringRows(band, passes) },
    largest: passes.some((pass) => pass.largest),
    follow: followersOf(passes),
    kept: plan.layout === "kept",
    threadBytes: kept,
  });
  const pointer = (row: number) => loader.pointer(row);
  const largest = (row: number) => loader.largest(row);
  try {
    let loaded = top, computed = top;
    const sizeFrom = (row: number) => Math.max(0, Math.min(band, bottom - row));
    if (!loader.parallel) await loader.readHere(top, sizeFrom(top));
    await engine.run(loader.calls(top, sizeFrom(top)));
    // Calls of the band after next are made up while the threads are busy with the next.
    let upcoming = loader.parallel ? loader.calls(top + sizeFrom(top), sizeFrom(top + band)) : [];
    while (computed < bottom) {
      const fresh = sizeFrom(loaded);
      loader.check(loaded, fresh);
      loaded += fresh;
      const end = loaded === bottom ? bottom : Math.max(computed, loaded - ahead);
      const from = computed, next = sizeFrom(loaded);
      engine.alongside(upcoming);
      const work = (async () => {
        // The rows that waited for those ahead all become ready with the last band.
        for (let row = from; row < end; row += band) {
          await compute(engine, passes, { first: row, end: Math.min(end, row + band), pointer, largest });
        }
        await engine.run([]);
      })();
      // It may fail while a reader still waits for its file; it is awaited below.
      work.catch(() => {});
      try {
        // This thread reads or prepares meanwhile.
        if (loader.parallel) upcoming = loader.calls(loaded + next, sizeFrom(loaded + next));
        else if (next > 0) await loader.readHere(loaded, next);
      } finally {
        await work;
      }
      if (!loader.parallel) await engine.run(loader.calls(loaded, next));
      computed = end;
      options.onProgress?.({ stage: name, done: computed - top, total: bottom - top });
      await turn(options.signal);
    }
  } finally {
    loader.close();
  }
}

/** What all passes want done with patterns as they are loaded. */
function followersOf(passes: readonly Pass<unknown>[]): Follow | undefined {
  const followers = passes.filter((pass) => pass.follow);
  if (followers.length === 0) return undefined;
  const keptAnyway = followers.length < passes.length;
  return (row, from, to, patterns) => {
    let calls: KernelCall[] | null = keptAnyway ? [] : null;
    for (const pass of followers) {
      const more = pass.follow!(row, from, to, patterns);
      if (more) calls = calls ? [...calls, ...more] : [...more];
    }
    return calls;
  };
}

/** Makes the calls of all passes for a block, and lets them finish rows whose calls are made already. */
async function compute(engine: Engine, passes: readonly Pass<unknown>[], block: RowBlock): Promise<void> {
  const finished = async () => {
    await Promise.all(passes.map((pass) => pass.block ? undefined : pass.done?.(block.first, block.end)));
  };
  await runBatches(engine, passes.flatMap((pass) => pass.block ? [pass.block(block)] : []), finished);
}

/**
 * Makes the calls of several passes, their first batches together, then their second ones.
 *
 * @param meanwhile is done on this thread while the threads make the first batch
 */
export async function runBatches(
  engine: Engine,
  generators: readonly Batches[],
  meanwhile?: () => Promise<unknown>,
): Promise<void> {
  let open = [...generators], beside: Promise<unknown> | undefined;
  do {
    const work: Work[] = [], going: Batches[] = [];
    for (const generator of open) {
      // Not to wait where there is nothing to wait for: the threads get their work before this thread reads on.
      const step = generator.next();
      const { done, value } = step instanceof Promise ? await step : step;
      if (done) continue;
      for (const item of value) work.push(item);
      going.push(generator);
    }
    const running = engine.run(work);
    // What fails beside the calls must not leave them running.
    if (!beside) (beside = meanwhile?.() ?? Promise.resolve()).catch(() => {});
    await running;
    open = going;
  } while (open.length > 0);
  await beside;
}
