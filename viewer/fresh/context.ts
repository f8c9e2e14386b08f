/** What middleware, handlers and pages get for one request. */

import type { ComponentType, FunctionComponent, VNode } from "preact";
import type { Build } from "./build.ts";
import { HttpError } from "./http_error.ts";
import { nonceOf, rememberNonce, renderPage } from "./render.ts";

/** How the application runs. */
export interface ResolvedFreshConfig {
  /** Folder of the project. */
  root: string;
  mode: "development" | "production";
}

/** Answers a request, or passes it on with `ctx.next()`. */
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** Data that a handler hands to the page of its route. */
export interface PageResponse<Data> {
  readonly data: Data;
  readonly headers?: HeadersInit;
  readonly status?: number;
}

/** Makes a handler's answer from data: the page of the route shows it. */
export function page<Data>(
  data: Data,
  options?: { headers?: HeadersInit; status?: number },
): PageResponse<Data>;
export function page(): PageResponse<undefined>;
export function page<Data>(data?: Data, options: { headers?: HeadersInit; status?: number } = {}) {
  return { data, ...options };
}

/** What the components of pages, layouts and the document get. */
export interface PageProps<Data = unknown, State = unknown> {
  readonly config: ResolvedFreshConfig;
  readonly url: URL;
  readonly req: Request;
  readonly params: Record<string, string>;
  readonly info: Deno.ServeHandlerInfo;
  readonly state: State;
  readonly route: string | null;
  readonly error: unknown;
  readonly data: Data;
  /** What a layout or the document has in its middle. */
  readonly Component: FunctionComponent;
}

// Each component declares the data that it takes, so that a list of them has none in common.
// deno-lint-ignore no-explicit-any
export type PageComponent<State> = ComponentType<PageProps<any, State>>;

/** Describes one request; every middleware sees the same one. */
export class Context<State> {
  readonly config: ResolvedFreshConfig;
  readonly url: URL;
  /** Replaced where a middleware changes how the body is read. */
  req: Request;
  readonly info: Deno.ServeHandlerInfo;
  readonly params: Record<string, string>;
  /** Pattern of the route, such as `/api/items/:id`; `null` where none matches. */
  readonly route: string | null;
  readonly state: State = {} as State;
  error: unknown = null;
  /** The rest of the chain. */
  next: () => Promise<Response> = () => Promise.reject(new HttpError(404));
  /** Components around the page, the outermost first. */
  readonly wrappers: PageComponent<State>[] = [];
  readonly #build: Build;

  constructor(
    request: Request,
    info: Deno.ServeHandlerInfo,
    config: ResolvedFreshConfig,
    build: Build,
    matched: { readonly route: string | null; readonly params: Record<string, string> },
  ) {
    this.req = request;
    this.url = new URL(request.url);
    this.info = info;
    this.config = config;
    this.#build = build;
    this.route = matched.route;
    this.params = matched.params;
  }

  /** Files that the build made and those of static/. */
  readFile(pathname: string): ReturnType<Build["read"]> {
    return this.#build.read(pathname);
  }

  /** Answers with a vnode inside the layouts and the document of its folder. */
  respond(content: VNode | null, init: ResponseInit = {}): Response {
    const { html, nonce } = renderPage(
      content,
      this.wrappers,
      (Component) => this.#props(Component),
      this.#build,
    );
    const headers = new Headers(init.headers);
    headers.set("content-type", "text/html; charset=utf-8");
    return rememberNonce(new Response(html, { status: init.status, headers }), nonce);
  }

  /** What a component is given. */
  props<Data>(data: Data): PageProps<Data, State> {
    return { ...this.#props(() => null), data };
  }

  #props(Component: FunctionComponent): PageProps<undefined, State> {
    const { config, url, req, params, info, state, route, error } = this;
    return { config, url, req, params, info, state, route, error, data: undefined, Component };
  }
}

export { nonceOf };
