/** Whatever was thrown, as the server would say it. */

import type { Failure } from "../display/protocol.ts";
import { noAnswer } from "./connection.ts";
import { Refusal, Unreachable } from "./server.ts";

export function errorOf(cause: unknown): Failure["error"] {
  if (cause instanceof Refusal) return cause.failure;
  const message = cause instanceof Error ? cause.message : String(cause);
  return { kind: cause instanceof Unreachable ? noAnswer : "Unexpected", message, details: {} };
}
