/** From a request to the handler of its endpoint, and from what that gives to a response. */

import { HttpError } from "fresh";
import { type Endpoint, type EndpointName, endpoints } from "../protocol/endpoints.ts";
import { newestRevisionHeader } from "../protocol/limits.ts";
import type { Parts } from "../protocol/parts.ts";
import {
  answerFile,
  answering,
  answerJson,
  answerLate,
  answerMessages,
  answerParts,
  type DownloadedFile,
} from "./answers.ts";
import { handlers } from "./handlers.ts";
import { type AskedRequest, checkRequest, queryOf, readJson, readParts } from "./requests.ts";
import type { Workspace } from "./workspace.ts";

/** A handler whose types were checked where it stands in its table. */
type AnyHandler = (
  workspace: Workspace,
  parameters: unknown,
  body: unknown,
  signal: AbortSignal | undefined,
) => unknown;

const places = (Object.entries(endpoints) as [EndpointName, Endpoint][]).map(([name, endpoint]) => {
  const [method, pathname] = name.split(" ");
  const pattern = new RegExp(`^${pathname.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
  return { endpoint, handler: handlers[name] as AnyHandler, method, pattern };
});

/**
 * Answers a request of the page; what goes wrong in the answering is a `Failure`.
 *
 * @throws {HttpError} 404 where there is no endpoint, 405 where there is none with that method
 */
export async function answerRequest(request: AskedRequest, workspace: Workspace): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const here = places.filter(({ pattern }) => pattern.test(pathname));
  if (here.length === 0) throw new HttpError(404);
  const wanted = request.method === "HEAD" ? "GET" : request.method;
  const place = here.find(({ method }) => method === wanted);
  if (!place) throw new HttpError(405);
  const { endpoint, handler, pattern } = place;
  return await answering(async () => {
    const parameters = {
      ...(endpoint.query && checkRequest(endpoint.query, queryOf(searchParams)) as object),
      ...decodeAll(pattern.exec(pathname)!.groups ?? {}),
    };
    const body = await bodyOf(endpoint, request);
    const answer = await answerWith(
      endpoint,
      async (signal) => await handler(workspace, parameters, body, signal),
    );
    tellNewest(answer, pathname, workspace);
    return answer;
  });
}

/** Says the number of the last run with every answer about an item, so that a page with an older one hears of it. */
function tellNewest({ headers }: Response, pathname: string, workspace: Workspace): void {
  const id = /^\/api\/items\/([^/]+)/.exec(pathname)?.[1];
  const newest = id === undefined ? undefined : workspace.newestRevision(id);
  if (newest !== undefined) headers.set(newestRevisionHeader, String(newest));
}

/** What a handler gets of the body. */
async function bodyOf({ body, parts }: Endpoint, request: AskedRequest): Promise<unknown> {
  if (body) return checkRequest(body, await readJson(request));
  if (!parts) return undefined;
  return async (most: number): Promise<Parts> => {
    const { header, arrays } = await readParts(request, most);
    return { header: checkRequest(parts, header), arrays };
  };
}

/** Does the work of a handler and answers with what it gives. */
async function answerWith(
  { answers }: Endpoint,
  work: (signal?: AbortSignal) => Promise<unknown>,
): Promise<Response> {
  switch (answers.kind) {
    case "json":
      return answerJson(await work());
    case "parts":
      return answerParts(await work() as Parts);
    case "late":
      return await answerLate((signal) => work(signal) as Promise<Parts>);
    case "messages": {
      const stop = new AbortController();
      return answerMessages(await work(stop.signal) as AsyncGenerator<Parts>, () => stop.abort());
    }
    case "file":
      return answerFile(await work() as DownloadedFile);
  }
}

/** Parameters of an address as they were meant; one that is not well-formed names nothing. */
function decodeAll(groups: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value = ""]) => {
      try {
        return [name, decodeURIComponent(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}
