/** Session files: what was open and how it was looked at. */

import { check, custom, maxLength, object, optional, pipe, record, string } from "valibot";
import type { Checked } from "./checked.ts";
import { type OpenedItem, sourceEntries } from "./items.ts";
import { type LabelView, labelView } from "./label_views.ts";
import { clusterNotes } from "./notes.ts";
import { type RunRequest, runRequest } from "./runs.ts";

/** Lengths of the remembered state of a page. */
const mostPageEntries = 100, longestPageEntry = 10_000;

/** What the page remembers: texts by name. */
export const pageTexts = pipe(
  custom<Readonly<Record<string, string>>>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "texts by name",
  ),
  record(string(), pipe(string(), maxLength(longestPageEntry, `at most ${longestPageEntry} characters`))),
  check((texts) => Object.keys(texts).length <= mostPageEntries, `at most ${mostPageEntries} texts`),
);

/** The content of a session file. */
export const session = object({
  // Absolute path of the scan or result, and flags about reading it.
  ...sourceEntries,
  // The run that gave the clustering, where that is not on disk.
  run: optional(runRequest),
  view: labelView,
  page: pageTexts,
  notes: optional(clusterNotes),
});

/** What a session file says. */
export type Session = Checked<typeof session>;

/** The answer to opening a session, instead of an item. */
export interface OpenedSession {
  readonly item: OpenedItem;
  readonly view: LabelView;
  readonly page: Readonly<Record<string, string>>;
  /** The run that gave the clustering, where it is not on disk and must be done again. */
  readonly run?: RunRequest;
}
