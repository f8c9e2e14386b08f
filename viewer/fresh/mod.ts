/**
 * The part of Fresh's API that the viewer uses, on npm packages and `Deno.serve` alone. deno.fresh.json has the same
 * specifiers lead to Fresh itself.
 */

export { App } from "./app.ts";
export type { Context, Middleware, PageProps, PageResponse } from "./context.ts";
export { page } from "./context.ts";
export { csp, type CSPOptions } from "./csp.ts";
export {
  createDefine,
  type Define,
  type HandlerByMethod,
  type HandlerFn,
  type Method,
  type RouteHandler,
} from "./define.ts";
export { HttpError } from "./http_error.ts";
export { staticFiles } from "./static_files.ts";
