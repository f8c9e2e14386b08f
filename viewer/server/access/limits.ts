/** Limits on what requests may take: the size of a body, and how many are answered at once. */

import { HttpError } from "fresh";

/** Bytes of a request's body: the probes of the clusters of a scan of 4096 x 4096. */
export const bodyLimit = 64 * 2 ** 20;

/** Requests that are answered at once, streams included. */
export const requestLimit = 1024;

const tooLarge = (limit: number) => new HttpError(413, `the request is larger than ${limit} bytes`);

/** The body of a request, which cannot be longer than a limit, and of which is known whether it was read. */
export class ReadBody {
  readonly #request: Request;
  readonly #limit: number;
  #complete: boolean;

  constructor(request: Request, limit = bodyLimit) {
    this.#request = request;
    this.#limit = limit;
    this.#complete = request.body === null;
  }

  /**
   * The request with its body limited; itself where it has none.
   *
   * @throws {HttpError} 413: at once where the request says its length, or else by the reader of the body
   */
  limited(): Request {
    const { url, method, headers, body } = this.#request, limit = this.#limit;
    const length = Number(headers.get("content-length") ?? 0);
    if (!(length <= limit)) throw tooLarge(limit);
    if (body === null) return this.#request;
    let read = 0;
    const counted = body.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(piece, controller) {
          read += piece.length;
          if (read > limit) throw tooLarge(limit);
          controller.enqueue(piece);
        },
        flush: () => {
          this.#complete = true;
        },
      }),
    );
    // Made anew and not from the request, whose signal Deno complains about when it is copied.
    return new Request(url, { method, headers, body: counted });
  }

  /** The answer, after which the connection is closed unless the body was read to its end: nobody is going to read the rest. */
  closing(answer: Response): Response {
    if (!this.#complete) answer.headers.set("connection", "close");
    return answer;
  }
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
