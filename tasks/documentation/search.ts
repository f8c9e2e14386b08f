/** What the search of the site looks through: every section of every page. */

import { anchorOf, cutAtHeadings } from "./markdown.ts";

/** A section: MiniSearch looks in heading and text. */
export interface SearchEntry {
  readonly id: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

/** The sections of a page. */
export function searchEntries(
  { title, markdown }: { readonly title: string; readonly markdown: string },
  file: string,
): SearchEntry[] {
  const seen = new Set<string>();
  const [before, first, ...others] = cutAtHeadings(markdown, 1, 4);
  // What stands before the title belongs to it, and leads to the top of the page.
  const top = { title: first?.title, text: before.text + (first?.text ?? "") };
  return [top, ...others].flatMap(({ title: heading = title, text }, index) => {
    const id = index === 0 ? file : `${file}#${anchorOf(heading)}`;
    if (seen.has(id)) return [];
    seen.add(id);
    return [{ id, page: title, heading: heading.replaceAll("`", ""), text: plain(text) }];
  });
}

/** A section without what is markup only. */
function plain(markdown: string): string {
  return markdown.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/<!--[\s\S]*?-->/g, "").replace(/[`*_|#]+|-{3,}/g, " ").replace(/\s+/g, " ").trim();
}
