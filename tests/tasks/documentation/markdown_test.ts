/** What is code in a page is no heading, link or table of it; what is written as a table is read as one. */

import assert from "node:assert/strict";
import {
  anchorsOf,
  codeBlocks,
  commandLines,
  cutAtHeadings,
  linksIn,
  pathsIn,
  picturesIn,
  tableRows,
  tablesIn,
  titleOf,
} from "../../../tasks/documentation/markdown.ts";
import { formatTable } from "../../../tasks/documentation/table.ts";

const page = `# A \`page\`

Words, a [link](other.md#there), \`library/scan/scan.ts\` and ![a picture](images/one.png).

## First: one

\`\`\`sh
# a comment
## and another
crystallite cluster "my scan.npy" --out [here](nowhere.md)
\`\`\`

| name | value |
| ---- | ----- |
| a    | \`x\\|y\` |

### Below it

~~~~text
| not | a table |
| --- | ------- |
| 1   | 2       |
~~~~

## Second

Last words.
`;

Deno.test("comments in code are no headings, tables in code are no tables, links in code are no links", () => {
  assert.deepEqual(cutAtHeadings(page, 2).map(({ title }) => title), [undefined, "First: one", "Second"]);
  assert.deepEqual([...anchorsOf(page)], ["a-page", "first-one", "below-it", "second"]);
  assert.deepEqual(tableRows(page), [["a", "`x|y`"]]);
  assert.deepEqual(linksIn(page), ["other.md#there", "images/one.png"]);
});

Deno.test("a page cut at its headings is whole: headings, and all that stands between them", () => {
  const parts = cutAtHeadings(page, 1, 6);
  assert.deepEqual(parts.map(({ title }) => title), [
    ...[undefined, "A `page`", "First: one", "Below it", "Second"],
  ]);
  const lines = parts.flatMap(({ title, text }) => [...title === undefined ? [] : [title], text]);
  assert.equal(lines.join("\n").trim(), page.replaceAll(/^#{1,3} (?!a|and)/gm, "").trim());
  assert.equal(titleOf(page), "A page");
  assert.equal(titleOf("words"), undefined);
});

Deno.test("pictures, code and command lines of a page", () => {
  assert.deepEqual(picturesIn(page), [{ text: "a picture", target: "images/one.png" }]);
  assert.deepEqual(pathsIn(page, ["library"]), ["library/scan/scan.ts"]);
  assert.deepEqual(codeBlocks(page, "text"), ["| not | a table |\n| --- | ------- |\n| 1   | 2       |\n"]);
  assert.deepEqual(commandLines(page).at(-1), [
    ...["crystallite", "cluster", "my scan.npy", "--out", "[here](nowhere.md)"],
  ]);
});

Deno.test("a table that is written is read as it was", () => {
  const table = { header: ["name", ""], rows: [["one", "1"], ["a long name", ""]] };
  assert.deepEqual(tablesIn(formatTable(table.header, table.rows)), [table]);
  assert.deepEqual(tablesIn(formatTable(table.header, table.rows, 1)), [table]);
});
