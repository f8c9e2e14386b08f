/** What the comparisons with other programs name as explained is explained, and nothing else is. */

import assert from "node:assert/strict";
import { tableRows } from "../../../../tasks/documentation/markdown.ts";

Deno.test("every row of other_readers.md is proved by a comparison, and every difference has a row", () => {
  const root = new URL("../../../../", import.meta.url);
  const rows = tableRows(Deno.readTextFileSync(new URL("docs/inside/other_readers.md", root)));
  const named = new Set<string>();
  for (const name of ["shared_files_test.ts", "own_files_test.ts"]) {
    const source = Deno.readTextFileSync(new URL(name, import.meta.url));
    for (const [, list] of source.matchAll(/differs: \[([^\]]*)\]/g)) {
      for (const [row] of list.matchAll(/R\d+/g)) named.add(row);
    }
  }
  const numbers = rows.map(([number]) => number);
  assert.deepEqual(numbers, numbers.map((_, index) => `R${index + 1}`));
  assert.deepEqual([...named].sort(), [...numbers].sort());
});
