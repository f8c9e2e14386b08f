/** The command line and the code that the page gives: run, they give the labels of the view, byte for byte. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CommandAnswer } from "../../../viewer/protocol/exports.ts";
import type { LabelView } from "../../../viewer/protocol/label_views.ts";
import type { LabelsHeader } from "../../../viewer/protocol/maps.ts";
import { encodeNpy, readResult } from "../../../mod.ts";
import { encodeMask } from "../../../viewer/labels/drawn_mask.ts";
import { withFolder } from "../../support/folders.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import { partsOf, succeed, withServer } from "../../support/serving.ts";

const program = fileURLToPath(new URL("../../../cli.ts", import.meta.url));
const config = fileURLToPath(new URL("../../../deno.json", import.meta.url));

/** Runs the text in a shell, in a folder, with `crystallite` being this one. */
async function runShell(text: string, folder: string): Promise<void> {
  const deno = `"${Deno.execPath()}" run -A --no-check --quiet "${program}"`;
  await succeeded("sh", ["-c", `crystallite() { ${deno} "$@"; }\n${text}`], folder);
}

async function runCode(code: string, folder: string): Promise<void> {
  await Deno.writeTextFile(join(folder, "code.ts"), code);
  await succeeded(
    Deno.execPath(),
    ["run", "-A", "--quiet", "--no-check", "--config", config, "code.ts"],
    folder,
  );
}

async function succeeded(command: string, args: string[], cwd: string): Promise<void> {
  const { code, stderr } = await new Deno.Command(command, { args, cwd, env: { NO_COLOR: "1" } }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
}

const drawn = Uint8Array.from({ length: 168 }, (_, probe) => probe % 14 > 2 ? 1 : 0);

const cases: readonly {
  readonly name: string;
  readonly input?: readonly string[];
  readonly words: readonly string[];
  readonly masks?: boolean;
  readonly drawn?: boolean;
  readonly view: LabelView;
  readonly edit?: boolean;
}[] = [
  { name: "as found", words: clusterFlags, view: { source: "method" } },
  {
    name: "at a threshold, read in part and binned",
    input: ["--roi", "1:11,0:14", "--q-bin", "2", "--pixel-size", "0.5 nm"],
    words: ["--blur", "1", "--threshold", "q0.4"],
    view: { source: "threshold", threshold: 0.99, minimumSize: 2 },
  },
  { name: "regions with an edit", words: ["--preset", "auto"], view: { source: "method" }, edit: true },
  {
    name: "regions cut at a threshold, with a drawn mask and an edit",
    words: ["--preset", "auto"],
    view: { source: "threshold", threshold: 0.95, mask: encodeMask(drawn) },
    edit: true,
  },
  {
    name: "run with a drawn mask and masks in files",
    words: ["--preset", "paper", "--prefilter-edge", "2", "--bad-pixels", "auto", "--threshold", "0.95"],
    masks: true,
    drawn: true,
    view: { source: "method" },
  },
];

for (const { name, input = [], words, masks, drawn: draws, view, edit } of cases) {
  Deno.test(`the command and the code give the view: ${name}`, () =>
    withFolder(async (outer) => {
      // A name that a shell would take apart.
      const folder = join(outer, `it's a "$HOME" & \\ folder`), work = join(outer, "work");
      await Deno.mkdir(folder);
      await Deno.mkdir(work);
      const film = await writeFilm(folder);
      const all = [...words];
      if (masks) {
        const keep = Uint8Array.from({ length: 1024 }, (_, pixel) => pixel % 32 > 3 ? 1 : 0);
        const inside = Uint8Array.from({ length: 168 }, (_, probe) => probe < 154 ? 1 : 0);
        const bad = Uint8Array.from({ length: 1024 }, (_, pixel) => pixel === 77 ? 1 : 0);
        await Deno.writeFile(join(folder, "q.npy"), encodeNpy("u8", [32, 32], keep));
        await Deno.writeFile(join(folder, "r.npy"), encodeNpy("u8", [12, 14], inside));
        await Deno.writeFile(join(folder, "bad.npy"), encodeNpy("u8", [32, 32], bad));
        all.push("--q-mask", join(folder, "q.npy"), "--mask", join(folder, "r.npy"));
        all.push("--bad-pixels", join(folder, "bad.npy"));
      }
      await withServer({ roots: [outer] }, async (server) => {
        const { id } = await server.open(film, input);
        assert.equal((await server.run(id, all, draws ? encodeMask(drawn) : undefined)).last.kind, "done");
        const shown = async (view: LabelView) =>
          (await partsOf<LabelsHeader>(server.post(`/api/items/${id}/labels`, view))).arrays
            .labels as Int32Array;
        let wanted = view;
        if (edit) {
          const labels = await shown(view), probe = labels.indexOf(labels.find((label) => label >= 0)!);
          const cluster = [Math.floor(probe / 14), probe % 14] as const;
          wanted = { ...view, edits: { version: 1, operations: [{ kind: "exclude", cluster }], cursor: 1 } };
        }
        const labels = await shown(wanted);
        assert.ok(labels.some((label) => label >= 0));
        const answer: CommandAnswer = await (await succeed(server.post(`/api/items/${id}/command`, wanted)))
          .json();
        // What the command needs beside it is saved with a session, under the same names.
        await succeed(server.post(`/api/items/${id}/save`, {
          ...{ view: wanted, kinds: ["session"], folder: work, name: "film" },
        }));
        for (const needed of answer.needs) await Deno.stat(join(work, needed));
        assert.equal(answer.needs.length, (draws || view.mask ? 1 : 0) + (edit ? 1 : 0));
        await runShell(answer.shell, work);
        assert.deepEqual((await readResult(join(work, "film"))).labels, labels);
        await Deno.rename(join(work, "film"), join(work, "by-shell"));
        await runCode(answer.code, work);
        assert.deepEqual((await readResult(join(work, "film"))).labels, labels);
      });
    }));
}
