/** The smallest whole chain of the worked examples, from the scan to tracks, is as near to the truth as the page says. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { compareFigures, readFigures, smallest } from "../tasks/examples/figures.ts";
import { crystallite } from "./support/command_line.ts";
import { withFolder } from "./support/folders.ts";
import { commandLines, tableRows } from "../tasks/documentation/markdown.ts";

const page = Deno.readTextFileSync(new URL("../docs/using/examples/README.md", import.meta.url));

Deno.test("the smallest chain of the worked examples is as near to the truth as its page says", () =>
  withFolder(async (folder) => {
    for (const [program, ...args] of commandLines(page)) {
      assert.equal(program, "crystallite");
      // The commands stand in one folder, and name files in it.
      const here = args.map((arg) => /^small-/.test(arg) ? join(folder, arg) : arg);
      const { code, error } = await crystallite(...here);
      assert.equal(code, 0, error);
    }
    assert.deepEqual(compareFigures(page, await readFigures(folder, smallest)), []);
  }));

Deno.test("a figure that is not what the page says is told", () => {
  const [result, name, value, tolerance] = tableRows(page).find(([result]) => result === "`small-gold`")!;
  const figure = { result: result.replaceAll("`", ""), name, tolerance: Number(tolerance) };
  assert.deepEqual(compareFigures(page, [{ ...figure, value: Number(value) + 0.9 * Number(tolerance) }]), []);
  const off = compareFigures(page, [{ ...figure, value: Number(value) + 1.1 * Number(tolerance) }]);
  assert.match(off[0], /the page says/);
  assert.match(compareFigures(page, [{ ...figure, name: "luck", value: 1 }])[0], /has no luck/);
});
