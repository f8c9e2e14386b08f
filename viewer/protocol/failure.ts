/** What an answer is when it fails. */

import type { ErrorDetails } from "../../library/scan/errors.ts";

/**
 * Any answer that is a failure: JSON, with a status of 400 and above. Binary answers that take long, and streams of
 * pieces, may fail after their status was sent: then the header of the answer, or of the last piece, is this.
 */
export interface Failure {
  readonly error: {
    /** `ErrorKind` of the library, or `Unexpected`, `NotFound`, `Busy`, `Refused`. */
    readonly kind: string;
    readonly message: string;
    readonly details: ErrorDetails;
  };
}

/** Whether a header is a failure that came late. */
export function isFailure(header: unknown): header is Failure {
  return typeof header === "object" && header !== null && "error" in header && !("kind" in header);
}
