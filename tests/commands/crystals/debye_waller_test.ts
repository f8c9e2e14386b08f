/** Atoms that vibrate: asked for, kept, and refused where nobody knows how they do. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { readCrystals, readOrientations } from "../../../library/results/read_orientations.ts";
import { readResult } from "../../../library/results/read.ts";
import { cifText, structures } from "../../support/cif_texts.ts";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";

/** Gold whose atoms vibrate so much that reflections far out fade. */
const vibrating = cifText({ ...structures.gold, sites: "Au1 0 0 0 3.0" })
  .replace("_atom_site_fract_z\n", "_atom_site_fract_z\n_atom_site_B_iso_or_equiv\n");

Deno.test("orient --debye-waller matches vibrating atoms, strain goes on with them, and unknown vibrations are refused", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "gold.npy"), out = join(folder, "result"), cif = join(folder, "gold.cif");
    await Deno.writeTextFile(cif, vibrating);
    const film = ["--rows", "24", "--columns", "24", "--grains", "4", "--twin-fraction", "0", "--seed", "3"];
    const detector = ["--pattern-rows", "96", "--pattern-columns", "96", "--maximum-q", "1.3"];
    const simulated = await crystallite(
      ...["simulate", "--out", scan, ...film, ...detector, "--convergence-angle", "1.5", "--quiet"],
    );
    assert.equal(simulated.code, 0, simulated.error);
    assert.equal((await crystallite("cluster", scan, "--out", out, "--preset", "auto", "--quiet")).code, 0);
    const orient = ["orient", out, "--voltage", "200kV", "--q-pixel-size", "0.026 A^-1"];
    const scores: string[] = [];
    for (const flags of [[], ["--debye-waller"]]) {
      await crystalliteJson(...orient, "--cif", cif, ...flags);
      const stored = await readResult(out), { record } = readOrientations(stored);
      assert.equal(record.debyeWaller, flags.length > 0);
      assert.equal((await readCrystals(stored, record))[0].atoms[0].debyeWaller, 3);
      scores.push(await Deno.readTextFile(join(out, "orientations.csv")));
    }
    assert.notEqual(scores[0], scores[1]);
    const strained = await crystallite("strain", out, "--quiet");
    assert.equal(strained.code, 0, strained.error);
    assert.match(
      (await crystallite("describe", out)).out,
      /1\/Å, Debye-Waller factors and an excitation error/,
    );
    const refused = await crystallite(...orient, "--crystal", "Au", "--debye-waller");
    assertFailure(refused, 2, /Au does not say how its atoms vibrate/);
  }));
