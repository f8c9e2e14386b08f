/** The frame of every page of the site. */

import { posix } from "node:path";
import { type Group, pageFile } from "./contents.ts";

/** What a page is made of. */
export interface PageContent {
  readonly source: string;
  readonly title: string;
  /** Its file in the site. */
  readonly file: string;
  readonly groups: readonly Group[];
  /** Titles of all pages by their Markdown file. */
  readonly titles: ReadonlyMap<string, string>;
  /** HTML of its text. */
  readonly body: string;
  /** Whether `deno doc` puts the library's interface beside the pages. */
  readonly withInterface: boolean;
}

/** The page. */
export function pageHtml(
  { source, title, file, groups, titles, body, withInterface }: PageContent,
): string {
  const here = posix.dirname(file), to = (target: string) => posix.relative(here, target);
  const item = (page: string) =>
    `<li><a href="${to(pageFile(page))}"${page === source ? ' aria-current="page"' : ""}>${
      escape(titles.get(page)!)
    }</a></li>`;
  const list = groups.map(({ title, pages }) =>
    `<h2>${escape(title)}</h2>\n<ul>${pages.map(item).join("\n")}</ul>`
  );
  const up = here === "." ? "" : `${to(".")}/`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}${title === "crystallite" ? "" : " – crystallite"}</title>
<link rel="icon" href="${up}icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${up}style.css">
<script src="${up}search.js" defer data-root="${up}"></script>
</head>
<body>
<a class="skip" href="#content">To the text</a>
<header>
<a href="${up}index.html"><strong>crystallite</strong></a>
<form role="search"><label for="search">Search</label>
<input id="search" type="search" autocomplete="off" aria-controls="found"></form>
</header>
<ol id="found" aria-live="polite" hidden></ol>
<nav aria-label="Pages">
${list.join("\n")}
${withInterface ? interfaceLink(up) : ""}</nav>
<main id="content">
${body}</main>
</body>
</html>
`;
}

const interfaceLink = (up: string) =>
  `<h2>Library</h2>
<ul><li><a href="${up}api/index.html">Functions and types</a></li></ul>
`;

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
