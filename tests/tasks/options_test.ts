/** The documentation of the parameters is what the schemas say. */

import assert from "node:assert/strict";
import { optionsPage, printTables, tableNames } from "../../tasks/options_page.ts";

Deno.test("the tables of docs/using/options.md are printed from the schemas: deno task options writes them anew", () => {
  const page = Deno.readTextFileSync(optionsPage).replaceAll("\r\n", "\n");
  assert.deepEqual(tableNames(page), ["reading", "cluster", "presets", "prefilter"]);
  assert.equal(printTables(page), page);
});
