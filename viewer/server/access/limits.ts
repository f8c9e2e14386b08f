/** Limits on what requests may take: the size of a body, and how many are answered at once. */

import { HttpError } from "fresh";

/** Bytes of a request's body: the probes of the clusters of a scan of 4096 x 4096. */
export const bodyLimit = 64 * 2 ** 20;

/** Requests that are answered at once, streams included. */
export const requestLimit = 1024;

const tooLarge = (limit: number) => new HttpError(413, `the request is larger than ${limit} bytes`);

/**
 * A request whose body cannot be longer than a limit.
 *
 * @returns the request itself where it has no body
 * @throws {HttpError} 413: at once where the request says its length, or else by the reader of the body
 */
export function limitBody(request: Request, limit = bodyLimit): Request {
  const length = Number(request.headers.get("content-length") ?? 0);
  if (!(length <= limit)) throw tooLarge(limit);
  if (request.body === null) return request;
  let read = 0;
  const counted = request.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(piece, controller) {
        read += piece.length;
        if (read > limit) throw tooLarge(limit);
        controller.enqueue(piece);
      },
    }),
  );
  const { url, method, headers } = request;
  // Made anew and not from the request, whose signal Deno complains about when it is copied.
  return new Request(url, { method, headers, body: counted });
}

/** Counts what goes on at once. */
export class Turnstile {
  #inside = 0;

  constructor(readonly limit: number) {}

  /**
   * Lets somebody in.
   *
   * @returns the way out, to be called once; `null` where it is full
   */
  enter(): (() => void) | null {
    if (this.#inside >= this.limit) return null;
    this.#inside++;
    return () => void this.#inside--;
  }
}
