/** The routes of the API without the rest of the viewer, for tests of what lies behind them. */

import { Workspace, type WorkspaceOptions } from "../../viewer/server/workspace.ts";
import { decodeParts, type PartArray, type Parts } from "../../viewer/protocol/parts.ts";
import { readMessages } from "../../viewer/protocol/messages.ts";
import { isFailure, type OpenedItem, type RunMessage } from "../../viewer/protocol/protocol.ts";
import type { ErrorDetails } from "../../library/scan/errors.ts";

type Handler = (context: unknown) => Promise<Response>;

const routesFolder = new URL("../../routes/api/", import.meta.url);

/** File-system routes as Fresh has them: `items/[id]/map.ts` answers `/api/items/ID/map`. */
async function loadRoutes(
  folder = routesFolder,
  prefix = "/api",
): Promise<[URLPattern, Record<string, Handler>][]> {
  const routes: [URLPattern, Record<string, Handler>][] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) {
      const segment = name.replace(/^\[(.+)\]$/, ":$1");
      const inner = new URL(`${encodeURIComponent(name)}/`, folder);
      routes.push(...await loadRoutes(inner, `${prefix}/${segment}`));
      continue;
    }
    const { handler } = await import(new URL(name, folder).href);
    const path = name === "index.ts" ? prefix : `${prefix}/${name.replace(/\.ts$/, "")}`;
    routes.push([new URLPattern({ pathname: path }), handler]);
  }
  return routes;
}

/** A workspace with its routes. */
export class TestServer {
  private constructor(
    readonly workspace: Workspace,
    readonly routes: [URLPattern, Record<string, Handler>][],
  ) {}

  static async create(options: WorkspaceOptions): Promise<TestServer> {
    return new TestServer(new Workspace({ workers: 2, ...options }), await loadRoutes());
  }

  readonly handle = async (req: Request): Promise<Response> => {
    const url = new URL(req.url);
    for (const [pattern, handlers] of this.routes) {
      const match = pattern.exec(url);
      if (!match) continue;
      const handler = handlers[req.method];
      if (!handler) return new Response(null, { status: 405 });
      return await handler({ req, url, params: match.pathname.groups, state: { workspace: this.workspace } });
    }
    return new Response(null, { status: 404 });
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
  const server = await TestServer.create(options);
  try {
    await test(server);
  } finally {
    await server.workspace.close();
  }
}
