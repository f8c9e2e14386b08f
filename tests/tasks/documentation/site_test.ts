/** The site of the documentation: links lead somewhere, pictures have texts, nothing comes from elsewhere, search finds. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import MiniSearch from "minisearch";
import { pagesOf } from "../../../tasks/documentation/contents.ts";
import { buildSite } from "../../../tasks/documentation/site.ts";
import type { SearchEntry } from "../../../tasks/documentation/search.ts";
import { picturesIn } from "../../../tasks/documentation/markdown.ts";
import { withFolder } from "../../support/folders.ts";

const root = new URL("../../../", import.meta.url);

/** Values of an attribute of some elements. */
function values(html: string, element: string, attribute: string): (string | undefined)[] {
  return Array.from(
    html.matchAll(new RegExp(`<${element}\\s[^>]*>`, "g")),
    ([tag]) => new RegExp(`\\s${attribute}="([^"]*)"`).exec(tag)?.[1],
  );
}

Deno.test("the site has every page, without dead links, silent pictures or anything from elsewhere", () =>
  withFolder(async (folder) => {
    const pages = await buildSite(folder);
    assert.ok(pages.includes("index.html") && pages.includes("docs/using/examples/index.html"));
    const html = new Map(pages.map((page) => [page, Deno.readTextFileSync(join(folder, page))]));
    for (const [page, text] of html) {
      const links = ["a", "link", "img", "script"].flatMap((element) =>
        values(text, element, element === "a" || element === "link" ? "href" : "src")
      );
      for (const link of links) {
        assert.ok(link !== undefined, page);
        // Only what a reader follows by will leads elsewhere.
        if (/^https:/.test(link) && values(text, "a", "href").includes(link)) continue;
        const [path, anchor] = link.split("#");
        const file = path === "" ? page : join(dirname(page), path);
        // `deno doc` makes the interface of the library, beside the pages.
        if (file === "api/index.html") continue;
        assert.ok(existsSync(join(folder, file)), `${page}: ${link}`);
        if (anchor !== undefined && file.endsWith(".html")) {
          const target = html.get(file)!;
          assert.ok(target.includes(`id="${decodeURIComponent(anchor)}"`), `${page}: ${link}`);
        }
      }
      for (const alt of values(text, "img", "alt")) {
        assert.ok(alt !== undefined && alt.length > 15, `${page}: ${alt}`);
      }
      assert.equal(values(text, "script", "src").length, 1);
      assert.match(text, /<main id="content">\s*<h1 id=/, page);
    }
    const script = Deno.readTextFileSync(join(folder, "search_entries.js"));
    const entries: SearchEntry[] = JSON.parse(script.slice(script.indexOf("["), script.lastIndexOf("]") + 1));
    const search = new MiniSearch<SearchEntry>({
      fields: ["heading", "page", "text"],
      storeFields: ["page"],
    });
    search.addAll(entries);
    for (
      const [query, page] of [
        ["liquid gold dark field", "docs/using/examples/clusters.html"],
        ["stability", "docs/using/first_scan.html"],
        ["--scan-shape", "docs/using/options.html"],
      ]
    ) {
      const found = search.search(query, { combineWith: "AND" }).map(({ id }) => String(id).split("#")[0]);
      assert.ok(found.includes(page), `${query}: ${found}`);
    }
    const license = Deno.readTextFileSync(join(folder, "minisearch_license.txt"));
    assert.match(license, /Permission is hereby granted/);
  }));

Deno.test("every picture of the documentation has a text for those who do not see it, and no page is too heavy", () => {
  let bytes = 0;
  for (const page of pagesOf(root)) {
    for (const { text, target } of picturesIn(Deno.readTextFileSync(new URL(page, root)))) {
      assert.ok(text.length > 15, `${page}: ${target}`);
      const { size } = Deno.statSync(new URL(target, new URL(page, root)));
      if (!target.includes("images/examples/")) continue;
      assert.ok(size < 150_000, `${target}: ${size} bytes`);
      bytes += size;
    }
  }
  assert.ok(bytes < 2e6, `${bytes}`);
});
