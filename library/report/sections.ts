/** Places in the report's page that later analyses fill: the rest of the page stays as the run left it. */

import type { Markup } from "./markup.ts";
import { markup } from "./markup.ts";
import { reportStyle } from "./style.ts";

/** What may be added to a report, in the order of the page. */
const sectionNames = ["orientation", "strain", "texture"] as const;

/** One of them. */
export type SectionName = typeof sectionNames[number];

/** The empty places of all sections. */
export function sectionPlaces(): Markup {
  return markup`${sectionNames.map(placeOf)}`;
}

function placeOf(name: SectionName): Markup {
  return markup`<!--begin ${name}--><!--end ${name}-->`;
}

/**
 * A page with a section in its place, or with that place empty again. Pages of older versions get the places that they
 * lack, and the style of this version.
 *
 * @param page text of a page of `renderReport`
 * @returns `undefined` for a page that is none of ours
 */
export function withSection(page: string, name: SectionName, section: Markup | null): string | undefined {
  const complete = withPlaces(page);
  if (complete === undefined) return undefined;
  const begin = `<!--begin ${name}-->`, end = `<!--end ${name}-->`;
  const first = complete.indexOf(begin), last = complete.indexOf(end, first);
  if (first < 0 || last < 0) return undefined;
  return complete.slice(0, first + begin.length) + (section?.toString() ?? "") + complete.slice(last);
}

/** Where sections of a page without any place begin: before the sizes of the clusters, else at its end. */
const beginnings = ["<section><h2>Cluster sizes</h2>", "</main>"];

function withPlaces(page: string): string | undefined {
  const missing = sectionNames.filter((name) => !page.includes(`<!--begin ${name}-->`));
  if (!page.includes('<p class="brand">crystallite')) return missing.length === 0 ? page : undefined;
  let text = page;
  for (const name of missing) {
    const before = sectionNames[sectionNames.indexOf(name) - 1], end = `<!--end ${before}-->`;
    const after = text.indexOf(end);
    const place = after >= 0
      ? after + end.length
      : beginnings.map((beginning) => text.indexOf(beginning)).find((index) => index >= 0);
    if (place === undefined) return undefined;
    text = text.slice(0, place) + placeOf(name) + text.slice(place);
  }
  const first = text.indexOf("<style>"), last = text.indexOf("</style>", first);
  if (first < 0 || last < 0) return undefined;
  return text.slice(0, first) + reportStyle() + text.slice(last + "</style>".length);
}
