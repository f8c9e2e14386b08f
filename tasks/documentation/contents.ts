/** Which pages the documentation has, and in which order they are listed. */

/** Pages beside those of docs/. */
const first = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "THIRD_PARTY_NOTICES.md", "bench/README.md"];

/** What the list of pages calls the folders, in its order. */
const titles: readonly (readonly [folder: string, title: string])[] = [
  ["docs/using/examples/", "Worked examples"],
  ["docs/using/", "Using it"],
  ["docs/inside/", "How good, how fast, how"],
  ["docs/decisions/", "Decisions"],
  ["", "The project"],
];

/** Pages of one heading. */
export interface Group {
  readonly title: string;
  readonly pages: readonly string[];
}

/** All pages, from the project's root. */
export function pagesOf(root: URL): string[] {
  return [...first, ...markdownIn(root, "docs/")];
}

function markdownIn(root: URL, folder: string): string[] {
  return Array.from(Deno.readDirSync(new URL(folder, root))).flatMap(({ name, isDirectory }) => {
    if (isDirectory) return markdownIn(root, `${folder}${name}/`);
    return name.endsWith(".md") ? [`${folder}${name}`] : [];
  }).sort();
}

/** The pages by folder; README first in each. */
export function groups(pages: readonly string[]): Group[] {
  const left = new Set(pages);
  return titles.map(([folder, title]) => {
    const some = pages.filter((page) => left.has(page) && page.startsWith(folder));
    some.forEach((page) => left.delete(page));
    const isFirst = (page: string) => page.endsWith("README.md") ? 0 : 1;
    return { title, pages: some.sort((one, other) => isFirst(one) - isFirst(other)) };
  });
}

/** The file of a page in the site: the README of a folder is its index. */
export function pageFile(source: string): string {
  return source.replace(/(^|\/)README\.md$/, "$1index.md").replace(/\.md$/, ".html");
}
