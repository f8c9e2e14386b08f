/** What went wrong, as the page says it. */

import type { Failure } from "../display/protocol.ts";
import { Refusal } from "./server.ts";
import { problem } from "./state.ts";

/** Whatever was thrown, as the server would say it. */
export function errorOf(cause: unknown): Failure["error"] {
  if (cause instanceof Refusal) return cause.failure;
  const message = cause instanceof Error ? cause.message : String(cause);
  return { kind: "Unexpected", message, details: {} };
}

/** Says what went wrong, unless it was only stopped: an image gives way to a run, and comes again after it. */
export function complain(cause: unknown): void {
  const error = errorOf(cause);
  if (error.kind !== "Aborted") problem.value = error;
}
