/**
 * The parts of a Markdown page. The site, its search, the release notes, the worked examples and the tests go by this one
 * parser, so that what is code, a comment in a shell script say, is no heading for any of them.
 */

import Parser, { type MarkdownIt, type Token } from "markdown-it";

/** A parser that takes pages as GitHub does: HTML is let through, addresses in the text are no links. */
export function markdownParser(): MarkdownIt {
  return new Parser({ html: true, linkify: false });
}

const tokensOf = (markdown: string): Token[] => markdownParser().parse(markdown, {});

/** A heading and the text below it. */
export interface Section {
  /** Markdown of the heading; `undefined` for what stands before the first. */
  readonly title: string | undefined;
  readonly text: string;
}

/** Cuts a page at its headings from the level `first` to `last`, 1 to 6; what stands before them all comes first. */
export function cutAtHeadings(markdown: string, first: number, last = first): Section[] {
  const lines = markdown.split("\n"), tokens = tokensOf(markdown);
  let title: string | undefined, start = 0;
  const sections: Section[] = [];
  const end = (line: number) => sections.push({ title, text: lines.slice(start, line).join("\n") });
  tokens.forEach(({ type, tag, map }, index) => {
    const level = type === "heading_open" ? Number(tag.slice(1)) : 0;
    if (level < first || level > last) return;
    end(map![0]);
    title = tokens[index + 1].content;
    start = map![1];
  });
  end(lines.length);
  return sections;
}

/** The title of a page, without marks of code. */
export function titleOf(markdown: string): string | undefined {
  return cutAtHeadings(markdown, 1)[1]?.title?.replaceAll("`", "");
}

/** The anchor that GitHub gives to a heading. */
export function anchorOf(title: string): string {
  return title.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
}

/** The anchors of a page. */
export function anchorsOf(markdown: string): Set<string> {
  return new Set(cutAtHeadings(markdown, 1, 6).slice(1).map(({ title }) => anchorOf(title!)));
}

/** The code blocks of a language, such as `ts` or `sh`. */
export function codeBlocks(markdown: string, language: string): string[] {
  return tokensOf(markdown)
    .filter(({ type, info }) => type === "fence" && info.split(/\W/)[0] === language)
    .map(({ content }) => content);
}

/** The command lines of shell blocks as words; double quotes keep a word together. */
export function commandLines(markdown: string): string[][] {
  return codeBlocks(markdown, "sh").flatMap((block) => block.split("\n")).filter((line) => line.trim() !== "")
    .map((line) => Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain));
}

/** A table, its cells as Markdown. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The tables of a page. */
export function tablesIn(markdown: string): Table[] {
  const tables: { readonly header: string[]; readonly rows: string[][] }[] = [];
  tokensOf(markdown).forEach(({ type }, index, tokens) => {
    if (type === "table_open") tables.push({ header: [], rows: [] });
    const { header, rows } = tables.at(-1) ?? {}, cell = tokens[index + 1]?.content;
    if (type === "th_open") header!.push(cell);
    else if (type === "tr_open" && header!.length > 0) rows!.push([]);
    else if (type === "td_open") rows!.at(-1)!.push(cell);
  });
  return tables;
}

/** The cells of every table row but headers. */
export function tableRows(markdown: string): (readonly string[])[] {
  return tablesIn(markdown).flatMap(({ rows }) => rows);
}

const inlineTokens = (markdown: string): Token[] =>
  tokensOf(markdown).flatMap(({ children }) => children ?? []);

/** Targets of links and pictures. */
export function linksIn(markdown: string): string[] {
  return inlineTokens(markdown).flatMap((token) => {
    const target = token.attrGet(token.type === "image" ? "src" : "href");
    return target === null ? [] : [decodeURI(String(target))];
  });
}

/** Pictures of a page: their targets, and the texts for those who do not see them. */
export function picturesIn(markdown: string): { readonly text: string; readonly target: string }[] {
  return inlineTokens(markdown).filter(({ type }) => type === "image")
    .map((token) => ({ text: token.content, target: String(token.attrGet("src")) }));
}

/** Files and folders below some folders that a text names as code: `library/scan/scan.ts`. Patterns and made names are left out. */
export function pathsIn(markdown: string, folders: readonly string[]): string[] {
  return inlineTokens(markdown).filter(({ type }) => type === "code_inline").map(({ content }) => content)
    .filter((path) => /^[\w-]+\/[\w./[\]-]*$/.test(path))
    .filter((path) => folders.includes(path.split("/")[0]) && !/[A-Z]{2}/.test(path));
}

/** Long flags anywhere in a text. */
export function flagsIn(text: string): Set<string> {
  return new Set(text.match(/(?<![\w-])--[a-z][a-z0-9-]*/g));
}
