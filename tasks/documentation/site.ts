/** The documentation as a static site: every page of the project, its pictures, search and style; it needs no server and no network. */

import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { groups, pageFile, pagesOf } from "./contents.ts";
import { anchorOf, markdownParser, titleOf } from "./markdown.ts";
import { searchEntries, type SearchEntry } from "./search.ts";
import { pageHtml } from "./template.ts";

const root = new URL("../../", import.meta.url);
const place = new URL("static/", import.meta.url);

/** A page of the site. */
interface Page {
  /** Its Markdown file, from the project's root. */
  readonly source: string;
  readonly title: string;
  readonly markdown: string;
}

/**
 * Writes the site into a folder, which is emptied first.
 *
 * @param withInterface whether pages link to the library's interface, which `deno doc` puts beside them
 * @returns the pages that were written
 * @throws {Error} when a page links to a file that is not there
 */
export async function buildSite(folder: string, withInterface = true): Promise<string[]> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  const pages = pagesOf(root).map((source): Page => {
    const markdown = Deno.readTextFileSync(new URL(source, root)).replaceAll("\r\n", "\n");
    return { source, title: titleOf(markdown) ?? source, markdown };
  });
  const known = new Set(pages.map(({ source }) => source)), copied = new Set<string>();
  const titles = new Map(pages.map(({ source, title }) => [source, title]));
  const entries: SearchEntry[] = [];
  for (const page of pages) {
    const renderer = rendererFor(page, known, copied);
    const file = pageFile(page.source);
    await writeText(
      join(folder, file),
      pageHtml({
        ...page,
        file,
        titles,
        groups: groups(pages.map(({ source }) => source)),
        body: renderer.render(page.markdown),
        withInterface,
      }),
    );
    entries.push(...searchEntries(page, file));
  }
  for (const file of copied) {
    await Deno.mkdir(join(folder, dirname(file)), { recursive: true });
    await Deno.copyFile(new URL(file, root), join(folder, shownFile(file)));
  }
  for (const name of ["style.css", "search.js"]) {
    await Deno.copyFile(new URL(name, place), join(folder, name));
  }
  await Deno.copyFile(new URL("viewer/static/icon.svg", root), join(folder, "icon.svg"));
  const library = dirname(fileURLToPath(import.meta.resolve("minisearch")));
  await Deno.copyFile(join(library, "../umd/index.js"), join(folder, "minisearch.js"));
  await Deno.copyFile(join(library, "../../LICENSE.txt"), join(folder, "minisearch_license.txt"));
  await writeText(
    join(folder, "search_entries.js"),
    `globalThis.searchEntries = ${JSON.stringify(entries)};\n`,
  );
  return pages.map(({ source }) => pageFile(source));
}

/** Sources as texts: a browser takes .ts for a film, and what packs the site for a module whose imports it must find. */
const shownFile = (file: string) => /\.[cm]?[jt]sx?$/.test(file) ? `${file}.txt` : file;

/** Renders a page: headings have the anchors that GitHub gives them, links lead to pages of the site or to copied files. */
function rendererFor({ source }: Page, known: ReadonlySet<string>, copied: Set<string>) {
  const renderer = markdownParser();
  const target = (link: string): string => {
    if (/^[a-z]+:|^#/.test(link)) return link;
    const [path, anchor] = link.split("#");
    const file = posix.normalize(posix.join(posix.dirname(source), path));
    if (!known.has(file)) {
      Deno.statSync(new URL(file, root));
      copied.add(file);
    }
    const to = known.has(file) ? pageFile(file) : shownFile(file);
    const relative = posix.relative(posix.dirname(pageFile(source)), to);
    return anchor === undefined ? relative : `${relative}#${anchor}`;
  };
  renderer.core.ruler.push("site", ({ tokens }) => {
    tokens.forEach((token, index) => {
      if (token.type === "heading_open") token.attrSet("id", anchorOf(tokens[index + 1].content));
      for (const child of token.children ?? []) {
        const attribute = child.type === "link_open" ? "href" : child.type === "image" ? "src" : undefined;
        if (attribute) child.attrSet(attribute, target(String(child.attrGet(attribute))));
      }
    });
  });
  // Wide tables move in their own frame, not the page.
  renderer.renderer.rules.table_open = () => '<div class="table" tabindex="0"><table>\n';
  renderer.renderer.rules.table_close = () => "</table></div>\n";
  return renderer;
}

async function writeText(path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, text);
}
