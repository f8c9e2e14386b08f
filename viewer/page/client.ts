/** The page's requests to its own server; protocol.ts says what they mean. */

import { readMessages } from "../protocol/messages.ts";
import { decodeParts, encodeParts, type PartArray, type Parts } from "../protocol/parts.ts";
import {
  type AverageHeader,
  type AveragesRequest,
  type CommandAnswer,
  type EstimateAnswer,
  type ExportKind,
  type Failure,
  type FolderListing,
  isFailure,
  type LabelView,
  type MapHeader,
  type OpenedItem,
  type OpenedSession,
  type OpenRequest,
  type PatternHeader,
  type RunMessage,
  type RunRequest,
  type SavedFiles,
  type SaveRequest,
  type SimilarityHeader,
  type StartedRun,
  type VirtualHeader,
  type VirtualRequest,
  type WholeHeader,
} from "../protocol/protocol.ts";
import { reachable } from "./connection.ts";

/** The server said no, and why. */
export class Refusal extends Error {
  constructor(readonly failure: Failure["error"], readonly status: number) {
    super(failure.message);
  }
}

/** The server did not answer at all. */
export class Unreachable extends Error {}

async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new Unreachable("The local server stopped answering.", { cause });
  }
  reachable();
  if (response.ok) return response;
  throw new Refusal(await failureOf(response), response.status);
}

async function failureOf(response: Response): Promise<Failure["error"]> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as Failure;
    if (typeof error.message === "string") return error;
  } catch {
    // Not JSON: what the guard of the server answers.
  }
  const message = response.status === 401
    ? "The session has ended. Open the address that crystallite serve printed again."
    : text.slice(0, 300) || `The server answered ${response.status}.`;
  return { kind: "Unexpected", message, details: {} };
}

function post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return request(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

async function parts<Header>(response: Response): Promise<Parts<Header>> {
  const answer = decodeParts<Header>(await response.arrayBuffer());
  refuseLate(answer.header, response);
  return answer;
}

/** What takes long may fail after its status was sent. */
function refuseLate(header: unknown, { status }: Response): void {
  if (isFailure(header)) throw new Refusal(header.error, status);
}

const get = (path: string, signal?: AbortSignal) => request(path, { signal });

/** Folders and scans below the served roots. */
export async function listFolder(path?: string): Promise<FolderListing> {
  return await (await get(`/api/files${path ? `?path=${encodeURIComponent(path)}` : ""}`)).json();
}

/** Opens a scan, a result or a session. */
export async function open(wanted: OpenRequest): Promise<OpenedItem | OpenedSession> {
  return await (await post("/api/open", wanted)).json();
}

export async function fetchItem(id: string): Promise<OpenedItem> {
  return await (await get(`/api/items/${id}`)).json();
}

export async function fetchMap(id: string): Promise<Parts<MapHeader>> {
  return await parts(await get(`/api/items/${id}/map`));
}

export async function fetchSimilarity(id: string): Promise<Parts<SimilarityHeader>> {
  return await parts(await get(`/api/items/${id}/similarity`));
}

export async function fetchPattern(
  id: string,
  row: number,
  column: number,
  signal?: AbortSignal,
): Promise<Parts<PatternHeader>> {
  return await parts(await get(`/api/items/${id}/pattern?row=${row}&column=${column}`, signal));
}

/** Mean and maximum over all probes. */
export async function fetchWhole(id: string, signal?: AbortSignal): Promise<Parts<WholeHeader>> {
  return await parts(await get(`/api/items/${id}/whole`, signal));
}

/** Averages of groups of probes, as they are ready. */
export async function* fetchAverages(
  id: string,
  groups: readonly Uint32Array[],
  bin: number,
  signal: AbortSignal,
): AsyncGenerator<Parts<AverageHeader>> {
  const probes = new Uint32Array(groups.reduce((sum, group) => sum + group.length, 0));
  let place = 0;
  for (const group of groups) {
    probes.set(group, place);
    place += group.length;
  }
  const header: AveragesRequest = { sizes: groups.map((group) => group.length), bin };
  const body = encodeParts({ header, arrays: { probes } });
  const headers = { "content-type": "application/octet-stream" };
  const response = await request(`/api/items/${id}/averages`, { method: "POST", headers, body, signal });
  const pieces = readMessages<AverageHeader>(response.body as ReadableStream<Uint8Array<ArrayBuffer>>);
  for await (const piece of pieces) {
    refuseLate(piece.header, response);
    yield piece;
  }
}

export async function fetchVirtualImage(
  id: string,
  wanted: VirtualRequest,
  signal?: AbortSignal,
): Promise<Parts<VirtualHeader>> {
  return await parts(await post(`/api/items/${id}/virtual`, wanted, signal));
}

export async function startRun(id: string, wanted: RunRequest): Promise<StartedRun> {
  return await (await post(`/api/items/${id}/runs`, wanted)).json();
}

export async function estimateRun(
  id: string,
  wanted: RunRequest,
  signal: AbortSignal,
): Promise<EstimateAnswer> {
  return await (await post(`/api/items/${id}/estimate`, wanted, signal)).json();
}

export async function cancelRun(run: string): Promise<void> {
  await post(`/api/runs/${run}/cancel`, {});
}

/** What happens in a run from a row on, until it ends or the connection does. */
export async function* watchRun(
  run: string,
  row: number,
): AsyncGenerator<{ header: RunMessage; arrays: Readonly<Record<string, PartArray>> }> {
  const response = await get(`/api/runs/${run}/stream?row=${row}`);
  yield* readMessages<RunMessage>(response.body as ReadableStream<Uint8Array<ArrayBuffer>>);
}

export async function fetchCommand(
  id: string,
  view: LabelView,
  signal?: AbortSignal,
): Promise<CommandAnswer> {
  return await (await post(`/api/items/${id}/command`, view, signal)).json();
}

export async function save(id: string, wanted: SaveRequest): Promise<SavedFiles> {
  return await (await post(`/api/items/${id}/save`, wanted)).json();
}

/** One file, for the browser's downloads. */
export async function download(
  id: string,
  kind: ExportKind,
  wanted: Omit<SaveRequest, "kinds">,
): Promise<{ name: string; content: Blob }> {
  const response = await post(`/api/items/${id}/download`, { ...wanted, kinds: [kind] });
  const disposition = response.headers.get("content-disposition") ?? "";
  const name = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1];
  return { name: name ? decodeURIComponent(name) : kind, content: await response.blob() };
}
