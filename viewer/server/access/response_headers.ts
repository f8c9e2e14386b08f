/** Headers of every answer: what a page may load and who may use what is sent. */

import { isApi } from "./refusal.ts";

/**
 * The policy of a page: nothing from elsewhere, nothing inline but what carries the nonce. `blob:` and `data:` are
 * pictures that the page itself has drawn.
 */
export function contentSecurityPolicy(nonce?: string): string {
  const own = nonce === undefined ? "'self'" : `'self' 'nonce-${nonce}'`;
  return [
    "default-src 'none'",
    `script-src ${own}`,
    `style-src ${own}`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "worker-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join("; ");
}

const constant: readonly (readonly [name: string, value: string])[] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-resource-policy", "same-origin"],
];

/** The answer with all of these. Its nonce is taken from the policy that it has, whatever else that allows. */
export function secured(response: Response, url: URL): Response {
  const headers = new Headers(response.headers);
  const nonce = /'nonce-([A-Za-z0-9+/=]+)'/.exec(headers.get("content-security-policy") ?? "")?.[1];
  headers.set("content-security-policy", contentSecurityPolicy(nonce));
  for (const [name, value] of constant) headers.set(name, value);
  if (isApi(url) || !headers.has("cache-control")) headers.set("cache-control", "no-store");
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
