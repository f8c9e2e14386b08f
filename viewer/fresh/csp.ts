/** Middleware that says which content a page may load. */

import { type Middleware, nonceOf } from "./context.ts";

/** How the policy is made. */
export interface CSPOptions {
  /** Directives such as `img-src 'self' blob:`, in place of the defaults of the same name. */
  csp?: string[];
  /** Inline scripts and styles that rendering made carry a nonce, and no others run. */
  useNonce?: boolean;
}

const defaults: readonly string[] = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];

const nameOf = (directive: string) => directive.split(" ")[0];

/** Sets `Content-Security-Policy` on every answer of the rest of the chain. */
export function csp<State>({ csp: own = [], useNonce = false }: CSPOptions = {}): Middleware<State> {
  const given = new Set(own.map(nameOf));
  const directives = [...defaults.filter((directive) => !given.has(nameOf(directive))), ...own];
  return async (ctx) => {
    const response = await ctx.next();
    const nonce = useNonce ? nonceOf(response) : undefined;
    const policy = directives.join("; ");
    response.headers.set(
      "content-security-policy",
      nonce === undefined ? policy : policy.replaceAll("'unsafe-inline'", `'nonce-${nonce}'`),
    );
    return response;
  };
}
