/** The pages of the documentation that tests look at. */

import { pagesOf } from "../../tasks/documentation/contents.ts";

/** Where the project lies. */
export const root = new URL("../../", import.meta.url);

/** The text of a page. */
export const read = (page: string) => Deno.readTextFileSync(new URL(page, root)).replaceAll("\r\n", "\n");

/** Pages of the site. */
export const sitePages = pagesOf(root);

/** The page of a scan's first steps, whose commands go on where those of the README stop. */
export const tutorial = "docs/using/first_scan.md";

/** Pages for those who use the program; the others may name flags of other programs. Their commands build on each other. */
export const userPages = Array.from(
  new Set([
    ...["README.md", tutorial],
    ...sitePages.filter((page) => page.startsWith("docs/using/")),
    "docs/inside/architecture.md",
  ]),
);
