/** What the page and the thread that answers it say to each other. */

import type { SentFile } from "./platform/files.ts";

/** A request, as of HTTP; the answer comes by the port that is sent along. */
export interface SentRequest {
  readonly method: string;
  /** With the query. */
  readonly address: string;
  /** Media type of the body. */
  readonly type?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** A message of the page: a request, or files that were picked. */
export type PageMessage = { readonly request: SentRequest } | { readonly files: readonly SentFile[] };

/** What the page says by the port: that it wants the next piece, or no more. */
export type Wish = "next" | "stop";

/** The beginning of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
}

/** What comes by the port: the head, and for each wish a piece, `null` after the last, or why there is none. */
export type Answered =
  | { readonly head: AnswerHead }
  | { readonly piece: Uint8Array<ArrayBuffer> | null }
  | { readonly failure: string };
