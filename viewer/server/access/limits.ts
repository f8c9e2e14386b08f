/** Limits on what requests may take: the size of a body, and how many are answered at once. */

import { HttpError } from "fresh";

/** Bytes of a request's body: the probes of the clusters of a scan of 4096 x 4096. */
export const bodyLimit = 64 * 2 ** 20;

/** Requests that are answered at once, streams included. */
export const requestLimit = 1024;

const tooLarge = (limit: number) => new HttpError(413, `the request is larger than ${limit} bytes`);

/** The body of a request, which cannot be longer than a limit, and of which is known whether it was read. */
export class ReadBody {
  /** The request as it was handed on. */
  #request: Request;
  readonly #limit: number;
  #complete: boolean;

  constructor(request: Request, limit = bodyLimit) {
    this.#request = request;
    this.#limit = limit;
    // Without either of these there is no body, even where Deno gives a stream.
    const announced = ["content-length", "transfer-encoding"].some((name) => request.headers.has(name));
    this.#complete = request.body === null || !announced;
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
    return this.#request = new Request(url, { method, headers, body: counted });
  }

  /** The answer to the request; it closes the connection where the body was not read to its end and does not end soon. */
  async finish(answer: Response): Promise<Response> {
    if (!this.#complete && !await this.#takeRest()) answer.headers.set("connection", "close");
    return answer;
  }

  /**
   * The answer to somebody who has no business here. In place of the rest of a long body the connection ends, with a failure
   * instead of the answer's end: Deno would go on to take in the rest, however much that is, and offers no other way.
   */
  async cutOff(answer: Response): Promise<Response> {
    const { status, statusText, headers } = await this.finish(answer);
    if (!headers.has("connection")) return answer;
    headers.delete("content-length");
    const text = new Uint8Array(await answer.arrayBuffer());
    let sent = false;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        if (!sent) controller.enqueue(text);
        else {
          // The text is on its way first.
          await new Promise((resolve) => setTimeout(resolve, parting));
          controller.error(new CutOff());
        }
        sent = true;
      },
    }, { highWaterMark: 0 });
    return new Response(body, { status, statusText, headers });
  }

  /** Whether the body ends soon. */
  async #takeRest(): Promise<boolean> {
    const { body, headers } = this.#request;
    // Where reading has begun, Deno does not let go of the connection before the body ends.
    const announced = Number(headers.get("content-length") ?? Infinity);
    if (body === null || body.locked || !(announced <= restBytes)) return false;
    const reader = body.getReader();
    const late = Promise.withResolvers<void>(), timer = setTimeout(late.resolve, restTime);
    try {
      for (;;) {
        const piece = await Promise.race([reader.read(), late.promise]);
        if (!piece) break;
        if (piece.done) return this.#complete = true;
      }
    } catch {
      // The sender is gone.
    } finally {
      clearTimeout(timer);
    }
    // Not waited for: it may take as long as the body.
    reader.cancel().catch(() => {});
    return false;
  }
}

/** Ends the answer, and with it the connection, of somebody whose request is not wanted. No failure of the server. */
export class CutOff extends Error {
  constructor() {
    super("the rest of the request is not wanted");
    this.name = "CutOff";
  }
}

/** What is taken in of a body that nobody wants, and milliseconds that are waited for it. */
const restBytes = 2 ** 16, restTime = 500;
/** Milliseconds between an answer and the end of its connection. */
const parting = 50;

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
