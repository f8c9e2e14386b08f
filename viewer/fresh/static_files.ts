/** Middleware that sends files. */

import type { Middleware } from "./context.ts";

/** Sends files of the build and of static/; what it does not have, the rest of the chain answers. */
export function staticFiles<State>(): Middleware<State> {
  return async (ctx) => {
    const file = await ctx.readFile(ctx.url.pathname);
    if (file === null) return await ctx.next();
    if (ctx.req.method !== "GET" && ctx.req.method !== "HEAD") {
      return new Response("Method Not Allowed", { status: 405, headers: { allow: "GET, HEAD" } });
    }
    const headers = new Headers({
      "content-type": file.contentType,
      "cache-control": file.immutable && ctx.config.mode === "production"
        ? "private, max-age=31536000, immutable"
        : "no-cache",
      etag: file.etag,
    });
    if (isKnown(ctx.req.headers, file.etag)) {
      return new Response(null, { status: 304, headers });
    }
    headers.set("content-length", String(file.body.length));
    return new Response(ctx.req.method === "HEAD" ? null : file.body, { headers });
  };
}

/** Whether the visitor has this version. Servers that compress make tags weak. */
function isKnown(headers: Headers, etag: string): boolean {
  const tags = (headers.get("if-none-match") ?? "").split(",");
  return tags.some((tag) => tag.trim().replace(/^W\//, "") === etag);
}
