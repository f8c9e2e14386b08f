/** Turns of the event loop: signals and timers only get theirs between tasks. */

import { throwIfAborted } from "../scan/errors.ts";

/** Milliseconds between turns: a turn costs about one, and Ctrl-C must be heard within a second. */
const interval = 50;
let lastTurn = 0;

/**
 * Lets everything that waits have its turn, if the last turn was a while ago, then goes on unless the signal has fired.
 *
 * @throws {Aborted} when it has
 */
export async function turn(signal: AbortSignal | undefined): Promise<void> {
  if (performance.now() - lastTurn >= interval) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    lastTurn = performance.now();
  }
  throwIfAborted(signal);
}
