/** The first middleware of every request: nothing is answered before it, and nothing leaves without its headers. */

import { HttpError } from "fresh";
import type { Middleware } from "fresh";
import { checkAccess, checkMethod } from "./access.ts";
import { ReadBody, requestLimit, Turnstile } from "./limits.ts";
import { refuse } from "./refusal.ts";
import { secured } from "./response_headers.ts";
import { type ConfiguredViewer, viewerSettings } from "../settings.ts";
import type { ViewerState } from "../define.ts";

/** Middleware that checks requests, limits what they take and secures the answers. */
export function guard(turnstile = new Turnstile(requestLimit)): Middleware<ViewerState> {
  return async (ctx) => {
    const viewer = viewerSettings(), { url } = ctx, body = new ReadBody(ctx.req);
    const leave = turnstile.enter();
    if (leave === null) return await body.cutOff(secured(refuse(url, busy), url));
    // A stream counts until its last byte is sent or its reader is gone.
    ctx.info.completed.then(leave, leave);
    const refused = checkMethod(ctx.req) ?? checkAccess(ctx.req, viewer);
    if (refused) return await body.cutOff(secured(refused, url));
    const answered = await answer(url, viewer, () => {
      ctx.req = body.limited();
      Object.assign(ctx.state, { workspace: viewer.workspace });
      return ctx.next();
    });
    return await body.finish(secured(answered, url));
  };
}

const busy = {
  status: 503,
  kind: "Busy",
  message: "too many requests at once",
  remedy: "try again",
} as const;

/** What the rest of the chain answers; its failures are told without details. */
async function answer(
  url: URL,
  viewer: ConfiguredViewer,
  next: () => Promise<Response>,
): Promise<Response> {
  try {
    return await next();
  } catch (cause) {
    const status = cause instanceof HttpError ? cause.status : 500;
    switch (status) {
      case 404:
        return refuse(url, { status, kind: "NotFound", message: "there is nothing at this address" });
      case 405:
        return refuse(url, { status, kind: "Refused", message: "this address does not take that method" });
      case 413:
        return refuse(url, { status, kind: "Refused", message: (cause as HttpError).message });
    }
    if (status >= 500) viewer.report?.(cause);
    return refuse(
      url,
      status < 500
        ? { status, kind: "Refused", message: (cause as HttpError).message || `status ${status}` }
        : { status, kind: "Unexpected", message: "something went wrong in the server" },
    );
  }
}
