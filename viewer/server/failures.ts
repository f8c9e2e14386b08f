/** What the server refuses beyond what the library refuses. */

import type { ErrorDetails } from "../../library/scan/errors.ts";

/** Kinds of {@link ServingError}, with the status that each is answered with. */
const statusOfKind = { NotFound: 404, Busy: 409, Stale: 410, Refused: 403 } as const;

/**
 * A failure that only a server has: nothing of that name, something going on already, clusters that another run has replaced, or a file that is not served.
 */
export class ServingError extends Error {
  constructor(
    readonly kind: keyof typeof statusOfKind,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
    this.name = "ServingError";
  }

  get status(): number {
    return statusOfKind[this.kind];
  }
}
