/** Turns of the event loop: signals and timers only get theirs between tasks. */

import { throwIfAborted } from "../scan/errors.ts";

/**
 * Lets everything that waits have its turn, then goes on unless the signal has fired.
 *
 * @throws {Aborted} when it has
 */
export async function turn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  throwIfAborted(signal);
}
