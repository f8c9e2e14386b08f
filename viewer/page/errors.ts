/** What went wrong, as the page says it. */

import type { Failure } from "../protocol/failure.ts";
import { noAnswer, unreachable } from "./connection.ts";
import { call, Refusal, Unreachable } from "./client.ts";
import { problem, reconnections, run } from "./state.ts";

/** `kind` of the failure that the server did not answer. */
export const noAnswerKind = noAnswer;

/** Seconds between tries to reach the server again. */
export const retryAfter = 3;
/** Milliseconds after which is asked again for what gave way to something of another window. */
const gaveWayFor = 1000;

/** Whatever was thrown, as the server would say it. */
export function errorOf(cause: unknown): Failure["error"] {
  if (cause instanceof Refusal) return cause.failure;
  const message = cause instanceof Error ? cause.message : String(cause);
  return { kind: cause instanceof Unreachable ? noAnswer : "Unexpected", message, details: {} };
}

/**
 * Says what went wrong. What was only stopped is no failure: an image gives way to a run, and comes again after it, be
 * that of this window or of another. A server that does not answer is tried again until it does.
 */
export function complain(cause: unknown): void {
  const error = errorOf(cause);
  if (error.kind === noAnswer) reconnect();
  else if (error.kind === "NotFound" && missing) missing();
  else if (error.kind === "Aborted") askAgain ??= setTimeout(comeAgain, gaveWayFor);
  // That an older run is shown is said wherever that is so.
  else if (error.kind !== "Stale") problem.value = error;
}

let askAgain: ReturnType<typeof setTimeout> | undefined;

/** The end of a run of this window asks again by itself. */
function comeAgain(): void {
  askAgain = undefined;
  if (!run.peek()) reconnections.value++;
}

let missing: (() => void) | null = null;

/** What is done when the server does not have open what the page shows. */
export function whenMissing(open: () => void): void {
  missing = open;
}

let reconnecting = false;

/** Tries the server until it answers; a run that is watched tries by itself. */
async function reconnect(): Promise<void> {
  if (reconnecting || run.peek()) return;
  reconnecting = true;
  while (reconnecting) {
    await unreachable(retryAfter);
    await call("GET /api/files", {}).then(
      () => reconnecting = false,
      (cause) => reconnecting = cause instanceof Unreachable,
    );
  }
  // Whatever could not be had is asked for again.
  reconnections.value++;
}
