/** Names in files never reach the terminal as commands to it. */

import assert from "node:assert/strict";
import { printable, printableLine } from "../../../commands/console/printable.ts";
import { crystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";

Deno.test("control characters become numbers that JSON reads back; the rest stays as it is", () => {
  const text = "\x1b]0;title\x07\x1b[31mred\x7f\x9b2K\u202eback\r";
  assert.match(printable(text), /^[ -~]+$/);
  assert.equal(JSON.parse(`"${printable(text)}"`), text);
  assert.equal(JSON.parse(printable(JSON.stringify(text))), text);
  const plain = "µm, Å⁻¹\tand\nlines, 漢字 😀";
  assert.equal(printable(plain), plain);
  assert.equal(printableLine("a\nerror: b"), "a\\nerror: b");
});

Deno.test("info, its JSON and errors name a data set with escape sequences without sending them", () =>
  withFolder(async (folder) => {
    const name = "\x1b]0;pwned\x07\x1b[31mred\x1b[2K\u009b";
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      file.create_dataset({ name, data: new Uint16Array(64), shape: [2, 2, 4, 4] });
      file.create_dataset({ name: `${name}3`, data: new Uint16Array(64), shape: [2, 2, 4, 4] });
    });
    for (const flags of [[], ["--dataset", name], ["--dataset", name, "--json"], ["--dataset", `${name}4`]]) {
      const { out, error } = await crystallite("info", path, ...flags);
      assert.match(out + error, /pwned/);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(out + error, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    }
  }));
