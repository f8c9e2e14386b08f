/** What every page of ours has about its content: title, style, and what it may load. */

import { type Markup, markup } from "./markup.ts";
import { reportStyle } from "./style.ts";

/** Forbids everything but the page's own images and style, should a mistake ever slip something else in. */
const contentPolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A complete HTML document, as text to be stored as UTF-8. */
export function renderPage(title: string, body: Markup, version: string): string {
  const page = markup`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – crystallite</title>
${reportStyle()}
</head>
<body><div class="page">
${body}
<footer>Written by crystallite ${version}.</footer>
</div></body>
</html>`;
  return `<!doctype html>\n${page}\n`;
}
