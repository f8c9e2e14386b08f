/** Files to take away, and the command that gives them. */

import {
  array,
  boolean,
  maxLength,
  minLength,
  object,
  optional,
  picklist,
  pipe,
  string,
  transform,
} from "valibot";
import { numberList } from "../../library/scan/schema.ts";
import type { Given } from "./checked.ts";
import { labelView } from "./label_views.ts";
import { pageTexts } from "./sessions.ts";

const exportKinds = [
  "picture",
  "drawing",
  "table",
  "averages",
  "tiff",
  "labels",
  "report",
  "session",
  "result",
] as const;

/** Files that can be saved or downloaded. */
export type ExportKind = typeof exportKinds[number];

/** What to save, and where. */
export const saveRequest = object({
  view: labelView,
  kinds: pipe(
    array(picklist(exportKinds)),
    minLength(1, "kinds of files"),
    maxLength(exportKinds.length, "kinds of files"),
    transform((kinds) => Array.from(new Set(kinds))),
  ),
  folder: optional(string()),
  // Files are called `NAME_map.png`, `NAME_clusters.csv` and so on.
  name: optional(string()),
  // Replace files that are there already; otherwise that is an error.
  replace: optional(boolean(), false),
  // Picture: index of the palette for each cluster, as the page shows them; else dealt anew.
  colours: optional(
    numberList((place) => Number.isSafeInteger(place) && place >= 0, "a place in the palette"),
  ),
  // Session: what the page wants back when it is opened again.
  page: optional(pageTexts),
});

/** Kinds of files of a view; saving needs a folder, a download is one kind and not `result`. */
export type SaveRequest = Given<typeof saveRequest>;

/** What was written. */
export interface SavedFiles {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/** What reproduces a view, and whether its averages can be had. */
export interface CommandAnswer {
  /** For a shell, quoted, `\` at line ends. */
  readonly shell: string;
  /** TypeScript with the library. */
  readonly code: string;
  /** Files that the command needs beside it, such as a drawn mask; `save` of `session` or `result` writes them. */
  readonly needs: readonly string[];
  /** Why there is none, in place of the texts. */
  readonly missing?: string;
  /** Averages of these clusters can be had, with what a page has lost of them; `null` where the scan would be needed. */
  readonly averages: { readonly loss?: string } | null;
}
