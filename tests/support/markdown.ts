/** The parts of the documentation that tests look at. */

/** The code blocks of a language, such as `ts` or `sh`. */
export function codeBlocks(markdown: string, language: string): string[] {
  return Array.from(
    markdown.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm),
    ([, found, code]) => ({ found, code }),
  ).filter(({ found }) => found === language).map(({ code }) => code);
}

/** A heading of the second level and the text below it, up to the next. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

/** The sections below headings of the second level. */
export function sectionsOf(markdown: string): Section[] {
  return markdown.split(/^## /m).slice(1).map((part) => {
    const end = part.indexOf("\n");
    return { title: part.slice(0, end).trim(), text: part.slice(end + 1) };
  });
}

/** The cells of every table row but headers and rules. */
export function tableRows(markdown: string): string[][] {
  const lines = markdown.split("\n");
  const isRow = (line: string | undefined) => line?.startsWith("|") === true;
  return lines.filter((line, index) => isRow(line) && !isRule(line) && !isRule(lines[index + 1]))
    .map((line) => line.slice(1, line.lastIndexOf("|")).split("|").map((cell) => cell.trim()));
}

function isRule(line: string | undefined): boolean {
  return line !== undefined && /^\|[\s|:-]+\|$/.test(line);
}

/** Long flags anywhere in a text. */
export function flagsIn(text: string): Set<string> {
  return new Set(text.match(/(?<![\w-])--[a-z][a-z0-9-]*/g));
}

/** Targets of links and pictures. */
export function linksIn(markdown: string): string[] {
  return Array.from(markdown.matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target);
}

/** Files and folders below some folders that a text names as code: `library/scan/scan.ts`. Patterns and made names are left out. */
export function pathsIn(markdown: string, folders: readonly string[]): string[] {
  return Array.from(markdown.matchAll(/`([\w-]+\/[\w./[\]-]*)`/g), ([, path]) => path)
    .filter((path) => folders.includes(path.split("/")[0]) && !/[A-Z]{2}/.test(path));
}

/** The anchors that GitHub gives to the headings of a page. */
export function anchorsOf(markdown: string): Set<string> {
  const titles = Array.from(markdown.matchAll(/^#+ (.+)$/gm), ([, title]) => title);
  return new Set(titles.map(anchorOf));
}

/** The anchor of one heading. */
export function anchorOf(title: string): string {
  return title.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
}

/** Pictures of a page: their targets, and the texts for those who do not see them. */
export function picturesIn(markdown: string): { readonly text: string; readonly target: string }[] {
  return Array.from(
    markdown.matchAll(/!\[([^\]]*)\]\(([^)\s]+)\)/g),
    ([, text, target]) => ({ text, target }),
  );
}

/** The command lines of shell blocks as words; double quotes keep a word together. */
export function commandLines(markdown: string): string[][] {
  return codeBlocks(markdown, "sh").flatMap((block) => block.split("\n")).filter((line) => line.trim() !== "")
    .map((line) => Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain));
}
