/** The endpoints without the rest of the viewer, for tests of what lies behind them. */

import { HttpError } from "fresh";
import { answerRequest } from "../../viewer/server/dispatch.ts";
import { Workspace, type WorkspaceOptions } from "../../viewer/server/workspace.ts";
import { decodeParts, type PartArray, type Parts } from "../../viewer/protocol/parts.ts";
import { readMessages } from "../../viewer/protocol/messages.ts";
import { isFailure } from "../../viewer/protocol/failure.ts";
import type { OpenedItem } from "../../viewer/protocol/items.ts";
import type { RunMessage } from "../../viewer/protocol/runs.ts";
import type { ErrorDetails } from "../../library/scan/errors.ts";

/** A workspace with its endpoints. */
export class TestServer {
  private constructor(readonly workspace: Workspace) {}

  static create(options: WorkspaceOptions): TestServer {
    return new TestServer(new Workspace({ workers: 2, ...options }));
  }

  /** Answers as the viewer does behind its guard. */
  readonly handle = async (request: Request): Promise<Response> => {
    try {
      return await answerRequest(request, this.workspace);
    } catch (cause) {
      if (cause instanceof HttpError) return new Response(null, { status: cause.status });
      throw cause;
    }
  };

  get(path: string, init: RequestInit = {}): Promise<Response> {
    return this.handle(new Request(`http://localhost${path}`, init));
  }

  post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    const content = body instanceof Uint8Array ? body as Uint8Array<ArrayBuffer> : JSON.stringify(body);
    return this.get(path, { method: "POST", body: content, ...init });
  }

  async open(path: string, input: readonly string[] = []): Promise<OpenedItem> {
    return await (await succeed(this.post("/api/open", { path, input }))).json();
  }

  /** Runs a clustering to its end and gives all that was streamed. */
  async run(id: string, words: readonly string[], mask?: { runs: readonly number[] }): Promise<StreamedRun> {
    const { run } = await (await succeed(this.post(`/api/items/${id}/runs`, { words, mask }))).json();
    return await this.watch(run);
  }

  async watch(run: string, row = 0): Promise<StreamedRun> {
    return await collectRun(await succeed(this.get(`/api/runs/${run}/stream?row=${row}`)));
  }
}

/** All messages of a run. */
export interface StreamedRun {
  readonly messages: readonly RunMessage[];
  readonly rows: ReadonlyMap<number, Float32Array>;
  readonly last: RunMessage;
}

/** Reads a stream of a run to its end. */
export async function collectRun(response: Response): Promise<StreamedRun> {
  const messages: RunMessage[] = [], rows = new Map<number, Float32Array>();
  for await (const { header, arrays } of readMessages<RunMessage>(response.body!)) {
    messages.push(header);
    if (header.kind !== "rows") continue;
    const forward = arrays.forward as Float32Array, length = forward.length / header.count;
    for (let k = 0; k < header.count; k++) {
      rows.set(header.first + k, forward.slice(k * length, (k + 1) * length));
    }
  }
  return { messages, rows, last: messages[messages.length - 1] };
}

/** The response, which must not be a failure. */
export async function succeed(response: Promise<Response>): Promise<Response> {
  const answer = await response;
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer;
}

/** Header and arrays of an answer. */
export async function partsOf<Header>(response: Promise<Response>): Promise<Parts<Header>> {
  const parts = decodeParts<Header>(await (await succeed(response)).arrayBuffer());
  if (isFailure(parts.header)) throw new Error(parts.header.error.message);
  return parts;
}

/** All pieces of a streamed answer. */
export async function piecesOf<Header>(
  response: Promise<Response>,
): Promise<{ header: Header; arrays: Readonly<Record<string, PartArray>> }[]> {
  return await Array.fromAsync(readMessages<Header>((await succeed(response)).body!));
}

/** The failure that an answer is. */
export async function failureOf(
  response: Promise<Response>,
): Promise<{ status: number; kind: string; message: string; details: ErrorDetails }> {
  const answer = await response;
  const { error } = await answer.json();
  return { status: answer.status, ...error };
}

/** Runs a test with a server whose root is a folder. */
export async function withServer(
  options: WorkspaceOptions,
  test: (server: TestServer) => Promise<void>,
): Promise<void> {
  const server = TestServer.create(options);
  try {
    await test(server);
  } finally {
    await server.workspace.close();
  }
}
