/** What cannot be written now is tried again: a recording goes on meanwhile, and disks are emptied. */

import { pause } from "../../library/live/pause.ts";
import { FileUnavailable, OutOfResources, throwIfAborted } from "../../library/scan/errors.ts";
import type { CommandRun } from "../console/command_context.ts";

/** Milliseconds before the second try, and between two tries at most: each does the work again. */
const firstWait = 1000, longestWait = 60_000;

/** Whether something can be written when there is room, or its folder is back. */
export function mayBeWrittenLater(cause: unknown): cause is OutOfResources | FileUnavailable {
  return cause instanceof OutOfResources || cause instanceof FileUnavailable;
}

/**
 * Does what writes until it has been written, and says once why it was not.
 *
 * @param patience seconds after which the failure is thrown; default: never
 * @throws {Aborted} when the signal fires
 */
export async function untilWritten<Result>(
  run: CommandRun,
  patience: number | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const begun = performance.now();
  let told: string | undefined;
  for (let wait = firstWait;; wait = Math.min(2 * wait, longestWait)) {
    try {
      return await work();
    } catch (cause) {
      const waited = performance.now() - begun;
      if (!mayBeWrittenLater(cause) || patience !== undefined && waited > 1000 * patience) throw cause;
      if (cause.message !== told) run.warn(`${cause.message}; it is tried again, and nothing is left out`);
      told = cause.message;
    }
    await pause(wait, run.options.signal);
    throwIfAborted(run.options.signal);
  }
}
