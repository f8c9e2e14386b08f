/** Makes the documentation's pages anew where they are older than their sources, so that the viewer shows them under /docs. */

import { fileURLToPath } from "node:url";
import { step } from "../up_to_date.ts";
import { pagesOf } from "./contents.ts";
import { buildSite } from "./site.ts";

const root = new URL("../../", import.meta.url);
const folder = new URL("_fresh/static/docs/", root);
const sources = [...pagesOf(root), "docs/", "tasks/documentation/"];

await step(new URL("index.html", folder), sources.map((path) => new URL(path, root)), async () => {
  // The library's interface, which `deno task docs:site` adds, would take ten times as long and as much.
  const pages = await buildSite(fileURLToPath(folder), false);
  return `_fresh/static/docs/: ${pages.length} pages`;
});
