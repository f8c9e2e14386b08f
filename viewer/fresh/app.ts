/** The application: a list of middleware and routes, as a handler for `Deno.serve`. */

import type { Build } from "./build.ts";
import { Context, type Middleware, type ResolvedFreshConfig } from "./context.ts";
import type { Method } from "./define.ts";
import { HttpError } from "./http_error.ts";
import { chainOf, fileRoutes, type Route } from "./routes.ts";

type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

/** What was added to an application, in its order. */
type Step<State> =
  | { readonly kind: "middleware"; readonly run: Middleware<State> }
  | {
    readonly kind: "route";
    readonly method: Method;
    readonly path: string;
    readonly run: Middleware<State>;
  }
  | { readonly kind: "files" };

const noBuild: Build = {
  root: ".",
  clientEntry: "",
  scripts: [],
  islands: new Map(),
  routes: [],
  read: () => Promise.resolve(null),
};

/** For requests that came through no network. */
const noInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 0 },
  completed: Promise.resolve(),
} as Deno.ServeHandlerInfo;

/** A Fresh application. */
export class App<State = unknown> {
  readonly config: ResolvedFreshConfig = { root: ".", mode: "production" };
  readonly #steps: Step<State>[] = [];
  #build: Build = noBuild;

  /** Adds middleware: it sees every request that what was added before passes on, also those without a route. */
  use(...middleware: Middleware<State>[]): this {
    for (const run of middleware) this.#steps.push({ kind: "middleware", run });
    return this;
  }

  /** Adds a route by hand. */
  get(path: string, run: Middleware<State>): this {
    this.#steps.push({ kind: "route", method: "GET", path, run });
    return this;
  }

  /** Adds a route by hand. */
  post(path: string, run: Middleware<State>): this {
    this.#steps.push({ kind: "route", method: "POST", path, run });
    return this;
  }

  /** Adds the routes of the files below routes/. */
  fsRoutes(): this {
    this.#steps.push({ kind: "files" });
    return this;
  }

  /** Hands over what the build has made. */
  setBuild(build: Build, mode: ResolvedFreshConfig["mode"]): void {
    this.#build = build;
    this.config.root = build.root;
    this.config.mode = mode;
  }

  /** The application as a function of requests. What nobody catches becomes a plain answer without details. */
  handler(): Handler {
    const build = this.#build;
    const { middleware, routes, rest } = this.#arrange();
    const matchers = routes.map((route) => ({ route, pattern: new URLPattern({ pathname: route.path }) }));
    return async (request, info = noInfo) => {
      const { pathname } = new URL(request.url);
      const match = matchers.find(({ pattern }) => pattern.test({ pathname }));
      const groups = match?.pattern.exec({ pathname })?.pathname.groups ?? {};
      const ctx = new Context<State>(request, info, this.config, build, {
        route: match?.route.path ?? null,
        params: decodeAll(groups),
      });
      try {
        const answer = match
          ? answerOf(match.route, request.method)
          : () => Promise.reject(new HttpError(404));
        const response = await run([...middleware, ...(match?.route.chain ?? rest), answer], ctx);
        if (request.method !== "HEAD") return response;
        await response.body?.cancel();
        return new Response(null, response);
      } catch (cause) {
        const status = cause instanceof HttpError ? cause.status : 500;
        const known = cause instanceof HttpError && status < 500 && cause.message !== "";
        return new Response(known ? cause.message : `${status}`, { status });
      }
    };
  }

  /** Middleware of all requests, routes, and what runs where there is no route. */
  #arrange() {
    const middleware: Middleware<State>[] = [];
    const routes: Route<State>[] = [];
    let rest: Middleware<State>[] = [];
    for (const step of this.#steps) {
      if (step.kind === "middleware") {
        if (routes.length > 0) throw new Error("middleware belongs before the routes");
        middleware.push(step.run);
      } else if (step.kind === "route") {
        routes.push({ path: step.path, methods: new Map([[step.method, step.run]]), chain: [] });
      } else {
        routes.push(...fileRoutes<State>(this.#build.routes));
        rest = chainOf("", new Map(this.#build.routes.map(({ id, module }) => [id, module])));
      }
    }
    return { middleware, routes, rest };
  }
}

/** What a route answers to a method; GET stands in for HEAD. */
function answerOf<State>({ methods }: Route<State>, method: string): Middleware<State> {
  const answer = methods.get(method) ?? (method === "HEAD" ? methods.get("GET") : undefined) ??
    methods.get("*");
  return answer ?? (() => Promise.reject(new HttpError(405)));
}

/** Parameters as they were meant; an address that is not well-formed names nothing. */
function decodeAll(groups: Record<string, string | undefined>): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) {
    try {
      params[name] = decodeURIComponent(value ?? "");
    } catch {
      params[name] = value ?? "";
    }
  }
  return params;
}

/** Runs a chain; each link reaches the next one through `ctx.next()`. */
function run<State>(chain: readonly Middleware<State>[], ctx: Context<State>): Promise<Response> {
  const at = async (index: number): Promise<Response> => {
    if (index === chain.length) throw new HttpError(404);
    ctx.next = () => at(index + 1);
    return await chain[index](ctx);
  };
  return at(0);
}
