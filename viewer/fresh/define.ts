/** Helpers that give routes their types; at run time they return what they are given. */

import type { ComponentType } from "preact";
import type { Context, Middleware, PageProps, PageResponse } from "./context.ts";

/** Methods that a route can answer. */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

/** Answers a request, or gives the page of its route what to show. */
export type HandlerFn<Data, State> = (
  ctx: Context<State>,
) => Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;

/** One handler for each method. */
export type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };

/** The `handler` that a route exports. */
export type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;

// What a handler's type allows to be handed to its page; `any` because it is only matched.
// deno-lint-ignore no-explicit-any
type AnyHandler<State> = RouteHandler<any, State>;

/** The helpers, with the type of `ctx.state` filled in. */
export interface Define<State> {
  handlers<Data, Handlers extends RouteHandler<Data, State> = RouteHandler<Data, State>>(
    handlers: Handlers,
  ): typeof handlers;
  page<
    Handler extends AnyHandler<State> = never,
    Data = Handler extends HandlerFn<infer D, State> ? D
      : Handler extends HandlerByMethod<infer D, State> ? D
      : never,
  >(render: ComponentType<PageProps<Data, State>>): typeof render;
  middleware<M extends Middleware<State> | Middleware<State>[]>(middleware: M): typeof middleware;
  layout(render: ComponentType<PageProps<unknown, State>>): typeof render;
}

/** Helpers for routes whose `ctx.state` is a `State`. */
export function createDefine<State>(): Define<State> {
  return {
    handlers: (handlers) => handlers,
    page: (render) => render,
    middleware: (middleware) => middleware,
    layout: (render) => render,
  };
}
