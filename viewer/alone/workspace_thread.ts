/** The thread that answers the page in place of a server, by the same handlers. */

import { HttpError } from "fresh";
import { describeFailure } from "../server/answers.ts";
import { answerRequest } from "../server/dispatch.ts";
import { Workspace } from "../server/workspace.ts";
import type { Failure } from "../protocol/failure.ts";
import type { Answered, PageMessage, SentRequest, Wish } from "./messages.ts";
import { pickedFolder, takeFiles } from "./platform/files.ts";

/** What addresses are below; nothing is ever sent there. */
const here = "http://page.invalid";

/**
 * One thread computes for each run and for the answers: several need memory that they share, which browsers give only
 * to pages that are served with headers of their own (cross-origin isolation).
 */
const workspace = new Workspace({
  roots: [pickedFolder],
  workers: globalThis.crossOriginIsolated ? undefined : 1,
});

self.onmessage = ({ data, ports: [port] }: MessageEvent<PageMessage>) => {
  if ("files" in data) takeFiles(data.files);
  else answer(data.request, port);
};

async function answer(request: SentRequest, port: MessagePort): Promise<void> {
  const say = (answered: Answered, transfer: Transferable[] = []) => port.postMessage(answered, transfer);
  let stopped = false;
  port.onmessage = () => stopped = true;
  const { status, headers, body } = await responseTo(request);
  const reader = body?.getReader();
  if (stopped) return await end();
  port.onmessage = async ({ data }: MessageEvent<Wish>) => {
    if (data === "stop") return await end();
    try {
      const { done, value } = await reader?.read() ?? { done: true };
      if (!value) say({ piece: null });
      else {
        const piece = value.byteLength === value.buffer.byteLength ? value : value.slice();
        say({ piece }, [piece.buffer]);
      }
      if (done) port.close();
    } catch (cause) {
      say({ failure: describeFailure(cause).error.message });
    }
  };
  say({ head: { status, headers: Array.from(headers) } });

  async function end(): Promise<void> {
    port.close();
    await reader?.cancel().catch(() => {});
  }
}

async function responseTo({ method, address, type, body }: SentRequest): Promise<Response> {
  try {
    // Not every browser lets the body of a `Request` be read piece by piece.
    const asked = {
      method,
      url: new URL(address, here).href,
      headers: new Headers(type === undefined ? {} : { "content-type": type }),
      body: body === undefined
        ? null
        : once(typeof body === "string" ? new TextEncoder().encode(body) : body),
    };
    return await answerRequest(asked, workspace);
  } catch (cause) {
    const { status, error } = describeFailure(cause);
    return Response.json({ error } satisfies Failure, {
      status: cause instanceof HttpError ? cause.status : status,
    });
  }
}

async function* once<Piece>(piece: Piece): AsyncGenerator<Piece, void> {
  yield piece;
}
