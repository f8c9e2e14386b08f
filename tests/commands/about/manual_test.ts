/** The manual page: complete, in the few requests that every man knows, and as man shows it. */

import assert from "node:assert/strict";
import { Command } from "commander";
import { manualPage } from "../../../commands/about/manual_page.ts";
import { createProgram } from "../../../commands/program.ts";
import { crystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";

const program = await createProgram({
  say: () => {},
  io: { writeOut() {}, writeError() {}, terminal: null },
  signal: new AbortController().signal,
  command: [],
});

/** What a terminal of ASCII would show of a text in roff: enough to look for words. */
const plain = (page: string) =>
  page.replace(/^\.\w+ ?/gm, "").replaceAll("\\-", "-").replaceAll("\\(dq", '"').replaceAll("\\&", "")
    .replace(/\\\[u([0-9A-F]+)\]/g, (_, code) => String.fromCodePoint(parseInt(code, 16)));

Deno.test("the manual page has every command, option and example, and says how the program ends", async () => {
  const { code, out, error } = await crystallite("manual");
  assert.equal(code, 0, error);
  const sections = out.split(/^\.SS /m);
  assert.equal(sections.length, 1 + program.commands.length);
  for (const [index, command] of program.commands.entries()) {
    const text = plain(sections[index + 1]);
    assert.match(text, new RegExp(`^"?crystallite ${command.name()} `));
    for (const { flags, description } of command.options) {
      assert.ok(text.includes(`\n${flags}\n${description}`), `${command.name()}: ${flags}`);
    }
    assert.match(text, new RegExp(`\ncrystallite ${command.name()}`), `examples of ${command.name()}`);
  }
  assert.match(out, /^\.SH NAME\ncrystallite \\- finds the coherent regions .*[^.]\n\.SH SYNOPSIS/m);
  assert.match(plain(out), /\nEXIT STATUS\n0 done, 1 failed, 2 wrong usage, 130 interrupted\.\n$/);
});

Deno.test("nothing in a text is taken for a request, hyphens stay hyphens, and every line is known to roff", () => {
  const odd = new Command("odd").description('.first\nC:\\new 0.2 Å^-1 – "quoted"').helpOption(false);
  odd.addCommand(
    new Command("do").description("'t").helpOption(false)
      .addHelpText("after", "\nExamples:\n  odd do --it\n\n.last\n"),
  );
  const page = manualPage(odd, "1.2.3");
  assert.match(page, /^\.TH ODD 1 "" "odd 1\.2\.3"/m);
  assert.ok(page.includes("\n\\&.first\n"), page);
  assert.ok(page.includes("\nC:\\enew 0.2 \\[u00C5]^\\-1 \\[u2013] \\(dqquoted\\(dq\n"), page);
  assert.ok(page.includes("\n\\&'t\n"), page);
  assert.ok(page.includes(".nf\nodd do \\-\\-it\n.fi\n.RE\n.PP\n\\&.last\n"), page);
  for (const text of [page, manualPage(program, "1.2.3")]) {
    assert.match(text, /^[\n\x20-\x7e]+$/);
    for (const [, request] of text.matchAll(/^[.'](\S*)/gm)) {
      assert.match(request, /^(\\"|TH|SH|SS|TP|PP|B|I|RI|RS|RE|nf|fi|nh|ad)$/);
    }
  }
});

function has(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
}

const withoutGroff = !has("groff");
if (withoutGroff) console.warn("skipped, groff is not here: the manual page as it is shown");

Deno.test({
  name: "groff has nothing to say against the manual page, and shows options as they are typed",
  ignore: withoutGroff,
  fn: () =>
    withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/crystallite.1`, manualPage(program, "1.2.3"));
      const { success, stdout, stderr } = new Deno.Command("groff", {
        args: ["-man", "-ww", "-b", "-Tascii", "-P-cbou", `${folder}/crystallite.1`],
      }).outputSync();
      const decoder = new TextDecoder(), shown = decoder.decode(stdout);
      assert.ok(success);
      assert.equal(decoder.decode(stderr).replace(/.*(can't find|fallback).*\n/g, ""), "");
      assert.match(shown, /^CRYSTALLITE\(1\)/);
      assert.match(shown, /\n {7}--q-mask <MASK>/);
      assert.match(shown, /\n {11}crystallite cluster scan\.h5 --out result/);
    }),
});
