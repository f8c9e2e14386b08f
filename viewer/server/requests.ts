/** Requests of the page, read and checked: the server trusts none. */

import type { GenericSchema } from "valibot";
import { BadParameter } from "../../library/scan/errors.ts";
import { parseSchema } from "../../library/scan/schema.ts";
import type { Checked } from "../protocol/checked.ts";
import { decodeParts, type Parts } from "../protocol/parts.ts";

/** Bytes of JSON that a request may hold: logs of edits may name many probes. */
const mostJson = 16 * 2 ** 20;

/** What is read of a request: one of the system, or of a page that is answered by its own thread. */
export interface AskedRequest extends Pick<Request, "url" | "method" | "headers"> {
  readonly body: AsyncIterable<Uint8Array<ArrayBuffer>> | null;
}

/**
 * What a request says, by its schema in viewer/protocol/.
 *
 * @throws {BadParameter} when it is not as the schema has it
 */
export function checkRequest<const Schema extends GenericSchema>(
  schema: Schema,
  value: unknown,
): Checked<Schema> {
  return parseSchema(
    schema,
    value,
    ({ place, expected, found }) => malformed(place ? `${place}: ${expected}` : expected, found),
  ) as Checked<Schema>;
}

/** Parameters behind the question mark as texts by name; of a name that is given twice, the first. */
export function queryOf(query: URLSearchParams): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from(query).reverse());
}

/**
 * The JSON of a request.
 *
 * @throws {BadParameter} when it is none, no object, or too large
 */
export async function readJson(request: AskedRequest): Promise<Readonly<Record<string, unknown>>> {
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
export async function readParts(request: AskedRequest, most: number): Promise<Parts<unknown>> {
  const bytes = await readBody(request, most);
  try {
    return decodeParts(bytes.buffer);
  } catch (cause) {
    throw malformed("a header with its arrays", cause instanceof Error ? cause.message : String(cause));
  }
}

async function readBody(request: AskedRequest, most: number): Promise<Uint8Array<ArrayBuffer>> {
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

/** The error about a request that is not as viewer/protocol/endpoints.ts has it. */
export function malformed(expected: string, found: string): BadParameter {
  return new BadParameter("the request was not understood", {
    expected,
    found,
    remedy: "reload the page; if that does not help, it is of another version than the server",
  });
}
