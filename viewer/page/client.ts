/** The page's requests to its own server; viewer/protocol/endpoints.ts says what there is to ask for. */

import type {
  AnswerValue,
  EndpointName,
  EndpointsThatAnswer,
  GivenBody,
  GivenParameters,
} from "../protocol/endpoints.ts";
import { type Failure, isFailure } from "../protocol/failure.ts";
import { readMessages } from "../protocol/messages.ts";
import { decodeParts, encodeParts, type Parts } from "../protocol/parts.ts";
import { newestRevisionHeader } from "../protocol/limits.ts";
import { ownAnswers } from "./answering.ts";
import { reachable, sessionLost } from "./connection.ts";
import { takeEarly } from "./opening/early.ts";
import { hearForgotten, hearNewest } from "./newest_run.ts";

/** The server said no, and why. */
export class Refusal extends Error {
  constructor(readonly failure: Failure["error"], readonly status: number) {
    super(failure.message);
  }
}

/** The server did not answer at all, or it is another one that does not know this browser yet. */
export class Unreachable extends Error {}

/** A file for the browser's downloads. */
export interface Download {
  /** Empty where the server gives none. */
  readonly name: string;
  readonly content: Blob;
}

/** What a call gives. */
type Answered<Name extends EndpointName> = Name extends EndpointsThatAnswer<"json"> ? AnswerValue<Name>
  : Name extends EndpointsThatAnswer<"file"> ? Download
  : Parts<AnswerValue<Name>>;

/** What is sent along: nothing, where an endpoint takes nothing. */
type Sent<Name extends EndpointName> = GivenBody<Name> extends undefined
  ? [body?: undefined, signal?: AbortSignal]
  : [body: GivenBody<Name>, signal?: AbortSignal];

/**
 * Asks an endpoint and takes its whole answer.
 *
 * @param parameters those of the address, and behind its question mark
 * @throws {Refusal} when the server says no, also late in a long answer
 * @throws {Unreachable} when it does not answer
 */
export async function call<Name extends EndpointsThatAnswer<"json" | "parts" | "late" | "file">>(
  name: Name,
  parameters: GivenParameters<Name>,
  ...[body, signal]: Sent<Name>
): Promise<Answered<Name>> {
  return await take(await ask(name, parameters, body, signal)) as Answered<Name>;
}

/** Asks an endpoint that answers with pieces, one after the other as they are ready; fails as {@link call} does. */
export async function* stream<Name extends EndpointsThatAnswer<"messages">>(
  name: Name,
  parameters: GivenParameters<Name>,
  ...[body, signal]: Sent<Name>
): AsyncGenerator<Parts<AnswerValue<Name>>> {
  const response = await ask(name, parameters, body, signal);
  const pieces = readMessages<AnswerValue<Name>>(response.body as ReadableStream<Uint8Array<ArrayBuffer>>);
  for await (const piece of pieces) {
    refuseLate(piece.header, response);
    yield piece;
  }
}

async function ask(
  name: EndpointName,
  parameters: Readonly<Record<string, unknown>>,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const [method, pattern] = name.split(" ");
  let response: Response;
  try {
    const ask = ownAnswers()?.ask ?? fetch, address = addressOf(pattern, parameters);
    const content = contentOf(body);
    response =
      await (takeEarly(method, address, content.body) ?? ask(address, { method, signal, ...content }));
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Unreachable("The local server stopped answering.", { cause });
  }
  if (response.status === 401) {
    await response.body?.cancel();
    sessionLost();
    throw new Unreachable("The local server was started anew.");
  }
  reachable();
  const newest = response.headers.get(newestRevisionHeader);
  if (newest !== null && typeof parameters.id === "string") hearNewest(parameters.id, Number(newest));
  if (response.ok) return response;
  const failure = await failureOf(response), { id, revision } = parameters;
  if (failure.kind === "Stale" && typeof id === "string" && typeof revision === "number") {
    hearForgotten(id, revision);
  }
  throw new Refusal(failure, response.status);
}

/** The address with its parameters in their places; those that have none stand behind the question mark. */
export function addressOf(pattern: string, parameters: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  let path = pattern;
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    const filled = path.replace(new RegExp(`:${name}(?=/|$)`), () => encodeURIComponent(String(value)));
    if (filled === path) query.set(name, String(value));
    path = filled;
  }
  const asked = String(query);
  return asked ? `${path}?${asked}` : path;
}

/** Body and type of what is sent; what has a header and arrays is binary. */
function contentOf(body: unknown): RequestInit {
  if (body === undefined) return {};
  const binary = typeof body === "object" && body !== null && "header" in body && "arrays" in body;
  return {
    headers: { "content-type": binary ? "application/octet-stream" : "application/json" },
    body: binary ? encodeParts(body as Parts) : JSON.stringify(body),
  };
}

/** The whole answer; its headers say what it is. */
async function take(response: Response): Promise<unknown> {
  const disposition = response.headers.get("content-disposition");
  if (disposition !== null) {
    const name = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1];
    return {
      name: name ? decodeURIComponent(name) : "",
      content: await response.blob(),
    } satisfies Download;
  }
  if (response.headers.get("content-type")?.startsWith("application/json")) return await response.json();
  const answer = decodeParts(await response.arrayBuffer());
  refuseLate(answer.header, response);
  return answer;
}

/** What takes long may fail after its status was sent. */
function refuseLate(header: unknown, { status }: Response): void {
  if (isFailure(header)) throw new Refusal(header.error, status);
}

async function failureOf(response: Response): Promise<Failure["error"]> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as Failure;
    if (typeof error.message === "string") return error;
  } catch {
    // Not JSON: what the guard of the server answers.
  }
  const message = text.slice(0, 300) || `The server answered ${response.status}.`;
  return { kind: "Unexpected", message, details: {} };
}
