/** Files that a browser has and the server has not: they are copied into a served folder, piece by piece. */

import { maxLength, object, pipe, string } from "valibot";
import { wholeNumber } from "../../library/scan/schema.ts";
import type { Given } from "./checked.ts";
import { path } from "./words.ts";

/** Begins to copy a file. */
export const uploadRequest = object({
  // A served folder.
  folder: path,
  name: pipe(string(), maxLength(200, "at most 200 characters")),
  bytes: wholeNumber(1),
});

/** What is to be copied, where to, and how much. */
export type UploadRequest = Given<typeof uploadRequest>;

/** A copy that has begun. */
export interface StartedUpload {
  readonly upload: string;
}

/** Header of a piece, whose bytes are the array `bytes`, u8. */
export const pieceRequest = object({ offset: wholeNumber(0) });

/** How much has come; with the last piece, the path that the file has got. */
export interface UploadAnswer {
  readonly received: number;
  readonly path?: string;
}
