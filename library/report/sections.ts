/** Places in the report's page that later analyses fill: the rest of the page stays as the run left it. */

import type { Markup } from "./markup.ts";
import { markup } from "./markup.ts";

/** What may be added to a report. */
export type SectionName = "orientation" | "strain" | "texture";

/** The empty place of a section. */
export function sectionPlace(name: SectionName): Markup {
  return markup`<!--begin ${name}--><!--end ${name}-->`;
}

/**
 * A page with a section in its place, or with that place empty again.
 *
 * @param page text of a page of `renderReport`
 * @returns `undefined` for a page without that place, which is none of ours or older than these sections
 */
export function withSection(page: string, name: SectionName, section: Markup | null): string | undefined {
  const begin = `<!--begin ${name}-->`, end = `<!--end ${name}-->`;
  const first = page.indexOf(begin), last = page.indexOf(end, first);
  if (first < 0 || last < 0) return undefined;
  return page.slice(0, first + begin.length) + (section?.toString() ?? "") + page.slice(last);
}
