/** What the search of the site looks through: every section of every page. */

import { anchorOf } from "../../tests/support/markdown.ts";

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
  return markdown.split(/^(?=#{1,4} )/m).flatMap((part, index) => {
    const heading = /^#{1,4} (.+)$/m.exec(part)?.[1] ?? title;
    const id = index === 0 ? file : `${file}#${anchorOf(heading)}`;
    if (seen.has(id)) return [];
    seen.add(id);
    return [{ id, page: title, heading: heading.replaceAll("`", ""), text: plain(part) }];
  });
}

/** A section without what is markup only. */
function plain(markdown: string): string {
  return markdown.replace(/^#{1,4} .+$/m, "").replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/<!--[\s\S]*?-->/g, "").replace(/[`*_|#]+|-{3,}/g, " ").replace(/\s+/g, " ").trim();
}
