/** From values to responses; failures as JSON without anything that is not for users. */

import { encodeParts, type Parts } from "../protocol/parts.ts";
import { encodeMessage } from "../protocol/messages.ts";
import type { Failure } from "../protocol/failure.ts";
import { Aborted, CrystalliteError, type ErrorKind } from "../../library/scan/errors.ts";
import { errorInNames, inNames } from "../../library/report/plain_names.ts";
import { ServingError } from "./failures.ts";

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
    const { kind, message, ...details } = errorInNames(cause);
    return { status: statuses[kind], error: { kind, message, details } };
  }
  if (cause instanceof ServingError) {
    const { kind, message, details, status } = cause;
    return { status, error: { kind, message, details } };
  }
  const message = inNames(cause instanceof Error ? cause.message : String(cause));
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
 * any more: a server hears of that by its answer only. What fails later is a header that is a {@link Failure}. So is what
 * gives way to other work, however soon: that is no fault of the request, and browsers put each refusal on the console.
 *
 * @param work is told when to stop
 */
export async function answerLate(work: (signal: AbortSignal) => Promise<Parts>): Promise<Response> {
  const stop = new AbortController();
  const result = work(stop.signal).catch((cause) => {
    if (cause instanceof Aborted) return lateFailure(cause);
    throw cause;
  });
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

/** A file that is downloaded. */
export interface DownloadedFile {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A file to be kept, never to be shown at our address. */
export function answerFile({ name, type, bytes }: DownloadedFile): Response {
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
