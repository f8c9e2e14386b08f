/** Answers that say no: JSON for the page's own requests, a plain page for people. */

import type { Failure } from "../../protocol/failure.ts";

/** Why a request is refused. */
export interface Refusal {
  readonly status: number;
  /** Kind of the failure in JSON. */
  readonly kind: "Refused" | "NotFound" | "Busy" | "Unexpected";
  /** One sentence. */
  readonly message: string;
  /** What to do about it, an imperative sentence without a final period. */
  readonly remedy?: string;
}

/** Whether a request is one of the page's own. */
export const isApi = (url: URL): boolean => url.pathname === "/api" || url.pathname.startsWith("/api/");

/** The refusal as an answer to a request. */
export function refuse(url: URL, refusal: Refusal): Response {
  return isApi(url) ? refuseData(refusal) : refusePage(refusal);
}

function refuseData({ status, kind, message, remedy }: Refusal): Response {
  const failure: Failure = { error: { kind, message, details: remedy === undefined ? {} : { remedy } } };
  return Response.json(failure, { status });
}

function refusePage({ status, message, remedy }: Refusal): Response {
  const advice = remedy === undefined ? "" : `<p>${escapeText(capitalised(remedy))}.</p>`;
  return htmlPage(`<h1>${escapeText(capitalised(message))}.</h1>${advice}`, { status });
}

/** A page of a few words, without styles or scripts. */
export function htmlPage(body: string, init: ResponseInit = {}, head = ""): Response {
  const headers = new Headers(init.headers);
  headers.set("content-type", "text/html; charset=utf-8");
  const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width"><title>crystallite</title>${head}</head>` +
    `<body>${body}</body></html>`;
  return new Response(html, { ...init, headers });
}

/** Text as it may stand in HTML. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const capitalised = (text: string) => text[0].toUpperCase() + text.slice(1);
