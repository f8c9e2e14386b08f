/** Files below routes/ as routes: which addresses they answer, and what comes before them. */

import { h, type VNode } from "preact";
import type { RouteFile } from "./build.ts";
import type { Context, Middleware, PageComponent, PageResponse } from "./context.ts";
import { HttpError } from "./http_error.ts";

/** A route as the application runs it. */
export interface Route<State> {
  /** Pattern of its address, such as `/api/items/:id`. */
  readonly path: string;
  readonly methods: ReadonlyMap<string, Middleware<State>>;
  /** Middleware and wrappers of its folders, outermost first. */
  readonly chain: readonly Middleware<State>[];
}

/** `items/[id]/index` as `/items/:id`, `api/[...path]` as `/api/:path*`. */
export function routePath(id: string): string {
  const segments = id.split("/");
  if (segments.at(-1) === "index") segments.pop();
  return `/${
    segments.map((segment) => segment.replace(/^\[(\w+)\]$/, ":$1").replace(/^\[\.{3}(\w+)\]$/, ":$1*")).join(
      "/",
    )
  }`;
}

/** Orders names before parameters before whole rests, so that the first route that matches is the closest. */
function compareRoutes(a: string, b: string): number {
  const rank = (path: string) => path.replaceAll(/:\w+\*/g, "\uffff\uffff").replaceAll(/:\w+/g, "\uffff");
  return rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0;
}

/** Names of files that are no routes of their own. */
const special = new Set(["_app", "_layout", "_middleware", "_error"]);

const nameOf = (id: string) => id.slice(id.lastIndexOf("/") + 1);

/** The routes of a project, the closest match first. */
export function fileRoutes<State>(files: readonly RouteFile[]): Route<State>[] {
  const modules = new Map(files.map(({ id, module }) => [id, module]));
  return files
    .filter(({ id }) => !special.has(nameOf(id)))
    .map(({ id, module }): Route<State> => ({
      path: routePath(id),
      methods: methodsOf(id, module),
      chain: chainOf(id, modules),
    }))
    .sort((a, b) => compareRoutes(a.path, b.path));
}

/** What the folders above a route put before it: `""` and `"api"` for `api/open`. */
export function chainOf<State>(
  id: string,
  modules: ReadonlyMap<string, Record<string, unknown>>,
): Middleware<State>[] {
  const folders = id.split("/").slice(0, -1);
  return ["", ...folders.map((_, index) => `${folders.slice(0, index + 1).join("/")}/`)].flatMap((folder) => {
    const own = (name: string) => modules.get(folder + name)?.default;
    const chain: Middleware<State>[] = [];
    for (const wrapper of [own("_app"), own("_layout")] as (PageComponent<State> | undefined)[]) {
      if (wrapper) chain.push((ctx) => (ctx.wrappers.push(wrapper), ctx.next()));
    }
    const failed = own("_error") as PageComponent<State> | undefined;
    if (failed) chain.push(errorPage(failed));
    const middleware = own("_middleware") as Middleware<State> | Middleware<State>[] | undefined;
    if (middleware) chain.push(...[middleware].flat());
    return chain;
  });
}

/** Shows what went wrong further in. */
function errorPage<State>(show: PageComponent<State>): Middleware<State> {
  return async (ctx) => {
    const around = ctx.wrappers.length;
    try {
      return await ctx.next();
    } catch (error) {
      ctx.wrappers.length = around;
      ctx.error = error;
      return respond(ctx, show, undefined, { status: error instanceof HttpError ? error.status : 500 });
    }
  };
}

type AnyHandler<State> = (
  ctx: Context<State>,
) => Response | PageResponse<unknown> | Promise<Response | PageResponse<unknown>>;

/** What a route exports, as middleware for each method. */
function methodsOf<State>(id: string, module: Record<string, unknown>): Map<string, Middleware<State>> {
  const handler = (module.handler ?? module.handlers) as
    | AnyHandler<State>
    | Record<string, AnyHandler<State>>
    | undefined;
  const show = module.default as PageComponent<State> | undefined;
  const methods = new Map<string, Middleware<State>>();
  const answerWith = (handle: AnyHandler<State>): Middleware<State> => async (ctx) => {
    const answer = await handle(ctx);
    if (answer instanceof Response) return answer;
    if (!show) throw new TypeError(`routes/${id} gives data to a page, but has none`);
    const { data, status, headers } = answer;
    return respond(ctx, show, data, { status, headers });
  };
  if (typeof handler === "function") methods.set("*", answerWith(handler));
  else for (const [method, handle] of Object.entries(handler ?? {})) methods.set(method, answerWith(handle));
  if (show && !methods.has("*") && !methods.has("GET")) {
    methods.set("GET", answerWith(() => ({ data: undefined })));
  }
  if (methods.size === 0) throw new TypeError(`routes/${id} exports neither a page nor a handler`);
  return methods;
}

function respond<State>(
  ctx: Context<State>,
  show: PageComponent<State>,
  data: unknown,
  init: ResponseInit,
): Response {
  return ctx.respond(h(show, ctx.props(data)) as VNode, init);
}
