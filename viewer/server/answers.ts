/** From requests to values and from values to responses; failures as JSON without anything that is not for users. */

import { decodeParts, encodeParts, type Parts } from "../protocol/parts.ts";
import { encodeMessage } from "../protocol/messages.ts";
import type { Failure } from "../protocol/protocol.ts";
import { BadParameter, CrystalliteError, type ErrorKind } from "../../library/scan/errors.ts";
import { errorInFlags } from "../../parameters/flag_names.ts";
import { ServingError } from "./failures.ts";

/** Bytes of JSON that a request may hold: logs of edits may name many probes. */
const mostJson = 16 * 2 ** 20;

const statuses: Readonly<Record<ErrorKind, number>> = {
  BadParameter: 400,
  FileUnavailable: 404,
  Aborted: 409,
  ShapeUnknown: 422,
  UnsupportedFormat: 422,
  CorruptFile: 422,
  OutOfResources: 507,
};

/** Does the work of a handler; what it throws becomes a {@link Failure}. */
export async function answering(work: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (cause) {
    const { status, error } = describeFailure(cause);
    return Response.json({ error } satisfies Failure, { status, headers: { "cache-control": "no-store" } });
  }
}

/** An error as the page gets it. What is no error of ours says nothing of the program's inside. */
export function describeFailure(cause: unknown): { status: number; error: Failure["error"] } {
  if (cause instanceof CrystalliteError) {
    const { kind, message, ...details } = errorInFlags(cause);
    return { status: statuses[kind], error: { kind, message, details } };
  }
  if (cause instanceof ServingError) {
    const { kind, message, details, status } = cause;
    return { status, error: { kind, message, details } };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { status: 500, error: { kind: "Unexpected", message, details: {} } };
}

/** A JSON answer. */
export function answerJson(value: unknown): Response {
  return Response.json(value, { headers: { "cache-control": "no-store" } });
}

/** A binary answer. */
export function answerParts(parts: Parts): Response {
  return new Response(encodeParts(parts), { headers: binary });
}

const binary = { "content-type": "application/octet-stream", "cache-control": "no-store" };

/**
 * A binary answer that may take long. Its status is sent before its end is known, so that work stops when nobody waits
 * any more: a server hears of that by its answer only. What fails later is a header that is a {@link Failure}.
 *
 * @param work is told when to stop
 */
export async function answerLate(work: (signal: AbortSignal) => Promise<Parts>): Promise<Response> {
  const stop = new AbortController();
  const result = work(stop.signal);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => timer = setTimeout(resolve, quickAnswer, null));
  const soon = await Promise.race([result, late]).finally(() => clearTimeout(timer));
  if (soon) return answerParts(soon);
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      controller.enqueue(encodeParts(await result.catch(lateFailure)));
      controller.close();
    },
    cancel: () => stop.abort(),
  }, { highWaterMark: 0 });
  return new Response(body, { headers: binary });
}

/** Milliseconds after which the status is sent, whatever comes. */
const quickAnswer = 100;

function lateFailure(cause: unknown): Parts {
  return { header: { error: describeFailure(cause).error } satisfies Failure, arrays: {} };
}

/** A file to be kept, never to be shown at our address. */
export function answerFile(
  { name, type, bytes }: { name: string; type: string; bytes: Uint8Array<ArrayBuffer> },
): Response {
  const plain = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return new Response(bytes, {
    headers: {
      "content-type": type,
      "content-disposition": `attachment; filename*=UTF-8''${plain}`,
      "cache-control": "no-store",
    },
  });
}

/** A stream of pieces as they come, a failure in the end where there is one; `stop` is called when nobody reads on. */
export function answerMessages(pieces: AsyncGenerator<Parts>, stop: () => void): Response {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(encodeMessage(value));
      } catch (cause) {
        // The status is sent already.
        controller.enqueue(encodeMessage(lateFailure(cause)));
        controller.close();
      }
    },
    async cancel() {
      stop();
      // What was stopped may end with saying so.
      await pieces.return(undefined).catch(() => {});
    },
  }, { highWaterMark: 0 });
  return new Response(body, { headers: binary });
}

/**
 * The JSON of a request.
 *
 * @throws {BadParameter} when it is none, no object, or too large
 */
export async function readJson(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await readBody(request, mostJson);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw malformed("JSON", "something else");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed("a JSON object", JSON.stringify(value).slice(0, 60));
  }
  return value as Readonly<Record<string, unknown>>;
}

/**
 * Header and arrays of a request.
 *
 * @throws {BadParameter} when they are damaged or larger than `most` bytes
 */
export async function readParts(request: Request, most: number): Promise<Parts<unknown>> {
  const bytes = await readBody(request, most);
  try {
    return decodeParts(bytes.buffer);
  } catch (cause) {
    throw malformed("a header with its arrays", cause instanceof Error ? cause.message : String(cause));
  }
}

async function readBody(request: Request, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = (bytes: number) => malformed(`a request of at most ${most} bytes`, `${bytes} bytes`);
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > most) throw tooLarge(announced);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const piece of request.body ?? []) {
    length += piece.length;
    if (length > most) throw tooLarge(length);
    pieces.push(piece);
  }
  const body = new Uint8Array(length);
  let filled = 0;
  for (const piece of pieces) {
    body.set(piece, filled);
    filled += piece.length;
  }
  return body;
}

/** The error about a request that is not as protocol.ts has it. */
export function malformed(expected: string, found: string): BadParameter {
  return new BadParameter("the request was not understood", {
    expected,
    found,
    remedy: "reload the page; if that does not help, it is of another version than the server",
  });
}
