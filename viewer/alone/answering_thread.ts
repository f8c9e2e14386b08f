/** The page's side: requests that a thread of the page answers in place of a server. */

import type { Failure } from "../protocol/failure.ts";
import type { Answered, PageMessage, SentRequest, Wish } from "./messages.ts";
import { pickedFolder, type SentFile } from "./platform/files.ts";
import { beginThread } from "./platform/threads.ts";

/** What the page was delivered with. */
export interface Delivered {
  /** The script of all threads. */
  readonly script: Blob;
  /** Files that they read as if they lay with the sources. */
  readonly files: readonly SentFile[];
}

/** A thread that answers like a server, and has files. */
export class AnsweringThread {
  readonly #thread: Worker;
  #failure: string | null = null;
  /** Who waits for what comes by a port. */
  readonly #waiting = new Map<MessagePort, (answered: Answered) => void>();

  constructor({ script, files }: Delivered) {
    this.#thread = beginThread({ module: "/viewer/alone/workspace_thread.ts", script, files });
    this.#thread.onerror = (event) => {
      event.preventDefault();
      this.#failure = event.message || "it could not be started";
      for (const tell of this.#waiting.values()) tell({ failure: this.#failure });
    };
  }

  /** Has it read files; gives the paths that they have there. */
  take(picked: readonly File[]): string[] {
    const files = picked.map((file): SentFile => ({
      path: `${pickedFolder}/${file.name.replaceAll("/", "_")}`,
      content: file,
      changed: file.lastModified,
    }));
    this.give(files);
    return files.map(({ path }) => path);
  }

  /** Has it read files by their own paths. */
  give(files: readonly SentFile[]): void {
    this.#thread.postMessage({ files } satisfies PageMessage);
  }

  /** Asks as `fetch` does. A thread that has stopped answers with a failure that says so. */
  async ask(address: string, { method = "GET", headers, body, signal }: RequestInit): Promise<Response> {
    signal?.throwIfAborted();
    const { port1: port, port2 } = new MessageChannel();
    const type = new Headers(headers).get("content-type") ?? undefined;
    const request = { address, method, type, body: body as SentRequest["body"] };
    const wish = (wanted: Wish) => port.postMessage(wanted);
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    aborted.catch(() => {});
    const end = () => {
      signal?.removeEventListener("abort", stop);
      this.#waiting.delete(port);
      port.close();
    };
    const stop = () => {
      wish("stop");
      end();
      reject(signal!.reason);
    };
    signal?.addEventListener("abort", stop);
    const first = this.#next(port);
    this.#thread.postMessage({ request } satisfies PageMessage, [port2]);
    const answered = await Promise.race([first, aborted]);
    if (!("head" in answered)) {
      end();
      return stoppedResponse("failure" in answered ? answered.failure : "no answer");
    }
    const content = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: async (controller) => {
        const piece = this.#next(port);
        wish("next");
        const answered = await Promise.race([piece, aborted]);
        if ("failure" in answered) throw new Error(answered.failure);
        if ("piece" in answered && answered.piece) return controller.enqueue(answered.piece);
        controller.close();
        end();
      },
      cancel: () => {
        wish("stop");
        end();
      },
    }, { highWaterMark: 0 });
    const { status, headers: given } = answered.head;
    return new Response(content, {
      status,
      headers: given.map(([name, value]): [string, string] => [name, value]),
    });
  }

  /** What comes next by a port. */
  #next(port: MessagePort): Promise<Answered> {
    return new Promise((resolve) => {
      if (this.#failure !== null) return resolve({ failure: this.#failure });
      const tell = (answered: Answered) => {
        this.#waiting.delete(port);
        resolve(answered);
      };
      this.#waiting.set(port, tell);
      port.onmessage = ({ data }: MessageEvent<Answered>) => tell(data);
    });
  }
}

function stoppedResponse(reason: string): Response {
  const error = {
    kind: "Unexpected",
    message: `the thread that computes has stopped: ${reason}`,
    details: { remedy: "load the page again; with other pages closed there is more memory" },
  };
  return Response.json({ error } satisfies Failure, { status: 500 });
}
