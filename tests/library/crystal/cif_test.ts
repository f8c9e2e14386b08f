/** CIF files as programs and people write them: read right, or refused with what is wrong. */

import assert from "node:assert/strict";
import { parseCif, readCif } from "../../../library/crystal/cif/read.ts";
import { CorruptFile, FileUnavailable, UnsupportedFormat } from "../../../library/scan/errors.ts";
import { cifText, spaceGroup, structures } from "../../support/cif_texts.ts";
import { withFolder } from "../../support/folders.ts";

const { gold, titanium, corundum, zirconia } = structures;

/** Atoms and operations that each text must give. */
const sound: readonly (readonly [what: string, text: string, atoms: number, operations: number])[] = [
  ["a full symbol", cifText(gold), 4, 192],
  ["a symbol without blanks", cifText({ ...gold, symmetry: spaceGroup("Fm-3m") }), 4, 192],
  ["an old cubic symbol", cifText({ ...gold, symmetry: spaceGroup("Fm3m") }), 4, 192],
  ["a Hall symbol", cifText({ ...gold, symmetry: "_space_group_name_Hall '-F 4 2 3'" }), 4, 192],
  ["a number", cifText({ ...gold, symmetry: "_space_group_IT_number 225" }), 4, 192],
  [
    "a number of the old dictionary",
    cifText({ ...gold, symmetry: "_symmetry_Int_Tables_number 225" }),
    4,
    192,
  ],
  [
    "the other origin of diamond",
    cifText({
      ...structures.silicon,
      symmetry: spaceGroup("F d -3 m :2"),
      sites: "Si .125 .125 .125",
    }),
    8,
    192,
  ],
  ["thirds of four digits", cifText(titanium), 2, 24],
  ["underscores of screw axes", cifText(structures.rutile), 6, 16],
  ["a monoclinic symbol", cifText(zirconia), 12, 4],
  ["a short monoclinic symbol", cifText({ ...zirconia, symmetry: spaceGroup("P21/c") }), 12, 4],
  [
    "a setting that is not standard, whatever the number beside it",
    cifText({
      ...zirconia,
      symmetry: `${spaceGroup("P 1 21/n 1")}\n_symmetry_Int_Tables_number 14`,
    }),
    12,
    4,
  ],
  [
    "another unique axis, by the cell",
    cifText({
      ...zirconia,
      cell: [5.1505, 5.2116, 5.3173, 90, 90, 99.23],
      symmetry: "_space_group_IT_number 14",
    }),
    12,
    4,
  ],
  ["a rhombohedral group on hexagonal axes", cifText(corundum), 30, 36],
  ["the same, said", cifText({ ...corundum, symmetry: spaceGroup("R -3 c :H") }), 30, 36],
  [
    "a rhombohedral group on its own axes",
    cifText({
      cell: [5.128, 5.128, 5.128, 55.28, 55.28, 55.28],
      symmetry: spaceGroup("R -3 c"),
      sites: "Al .352 .352 .352\nO .556 .944 .25",
    }),
    10,
    12,
  ],
  [
    "the same, by its number",
    cifText({
      cell: [5.128, 5.128, 5.128, 55.28, 55.28, 55.28],
      symmetry: "_space_group_IT_number 167",
      sites: "Al .352 .352 .352\nO .556 .944 .25",
    }),
    10,
    12,
  ],
  [
    "a glide plane of the old name",
    cifText({
      cell: [5, 6, 7, 90, 90, 90],
      symmetry: spaceGroup("C m c a"),
      sites: "Si .1 .2 .3",
    }),
    16,
    16,
  ],
  [
    "operations of the new dictionary",
    cifText({
      ...gold,
      symmetry:
        "loop_\n_space_group_symop_operation_xyz\n'x,y,z'\n'x,y+1/2,z+1/2'\n'1/2+x,y,1/2+z'\n'x+.5,y+.5,z'",
    }),
    4,
    4,
  ],
  [
    "operations of the old dictionary with numbers",
    cifText({
      ...gold,
      symmetry: "loop_\n_symmetry_equiv_pos_site_id\n_symmetry_equiv_pos_as_xyz\n1 x,y,z\n2 -X,-Y,-Z",
      sites: "Au 0.1 0.2 0.3",
    }),
    2,
    2,
  ],
  [
    "no symmetry, which the atoms have",
    cifText({
      ...gold,
      symmetry: "",
      sites: "Au 0 0 0\nAu 0 .5 .5\nAu .5 0 .5\nAu .5 .5 0",
    }),
    4,
    192,
  ],
  [
    "P 1 of a primitive cell",
    cifText({
      cell: [2.8836, 2.8836, 2.8836, 60, 60, 60],
      symmetry: spaceGroup("P 1"),
      sites: "Au 0 0 0",
    }),
    1,
    48,
  ],
  ["standard uncertainties", cifText(gold).replace("4.078", "4.078(2)"), 4, 192],
  ["charges and lower case", cifText(structures.salt).replace("Na1+", "NA"), 8, 192],
  ["a byte order mark and carriage returns", `\ufeff${cifText(gold).replaceAll("\n", "\r\n")}`, 4, 192],
  [
    "comments and text fields",
    `# from a program\n${
      cifText(gold).replace(
        "loop_",
        "_publ_section_title\n;\nA title; 'quoted'\nloop_ inside\n;\nloop_ # atoms",
      )
    }`,
    4,
    192,
  ],
  ["a quote inside quotes", cifText(gold).replace("loop_", "_publ_author 'O'Brien, 5'6'\nloop_"), 4, 192],
  ["a first block without a crystal", `data_global\n_journal_year 2014\n${cifText(gold)}`, 4, 192],
  ["two elements on one site", cifText({ ...gold, sites: "Au 0 0 0\nAg 0 0 0" }), 8, 192],
  ["a dummy atom", cifText({ ...gold, sites: "Au 0 0 0\nDum1 .1 .1 .1" }), 4, 192],
  ["upper-case tags", cifText(gold).replaceAll("_cell_length", "_CELL_LENGTH"), 4, 192],
  ["angles left out", cifText(gold).replace(/_cell_angle_\w+ 90\n/g, ""), 4, 192],
];

for (const [what, text, atoms, operations] of sound) {
  Deno.test(`a CIF file with ${what} is read`, async () => {
    const crystal = await parseCif(text);
    assert.equal(crystal.atoms.length, atoms);
    assert.equal(crystal.operations.length, operations);
  });
}

const damaged: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ["no block", "no cif at all", /holds no crystal/],
  ["no atoms", "data_x\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n", /holds no crystal/],
  ["a loop that ends early", `${cifText(gold)}Au2 0 0`, /a loop of 4 columns holds 6|7 values/],
  ["an unknown element", cifText({ ...gold, sites: "Qq 0 0 0" }), /of no known element/],
  ["a coordinate that is no number", cifText({ ...gold, sites: "Au zero 0 0" }), /is no number/],
  ["a missing coordinate", cifText({ ...gold, sites: "Au ? 0 0" }), /has no place/],
  [
    "an operation that is none",
    cifText({
      ...gold,
      symmetry: "loop_\n_space_group_symop_operation_xyz\n'x,y'",
    }),
    /operation 1 .* cannot be read/,
  ],
  ["an unknown space group", cifText({ ...gold, symmetry: spaceGroup("Q 7 m") }), /no table has/],
  [
    "a cell that does not fit its symmetry",
    cifText({
      ...gold,
      cell: [4.078, 5, 4.078, 90, 90, 90],
      symmetry: "loop_\n_space_group_symop_operation_xyz\nx,y,z\ny,x,z",
    }),
    /does not fit its cell/,
  ],
  ["a flat cell", cifText({ ...gold, cell: [4, 4, 4, 10, 10, 150], symmetry: "" }), /make no unit cell/],
  ["a tag without a value", "data_x\n_cell_length_a\n_cell_length_b 4\n", /has no value/],
];

for (const [what, text, message] of damaged) {
  Deno.test(`a CIF file with ${what} is refused`, async () => {
    await assert.rejects(parseCif(text, "test.cif"), (error) => {
      assert.match(String(error), message);
      return true;
    });
  });
}

Deno.test("partial occupancy and vibration are read", async () => {
  const text = cifText(gold).replace(
    "_atom_site_fract_z",
    "_atom_site_fract_z\n_atom_site_occupancy\n_atom_site_U_iso_or_equiv",
  )
    .replace("Au1 0 0 0", "Au1 0 0 0 0.75(1) 0.008");
  const { atoms: [atom] } = await parseCif(text);
  assert.equal(atom.occupancy, 0.75);
  assert.ok(Math.abs(atom.debyeWaller! - 8 * Math.PI ** 2 * 0.008) < 1e-12);
});

Deno.test("what was assumed of a file is said", async () => {
  const { notes, spaceGroup: found } = await parseCif(cifText({ ...gold, symmetry: "" }));
  assert.match(notes.join("; "), /names no symmetry/);
  assert.equal(found, "P m -3 m");
});

Deno.test("files are read from disk, and missing and huge ones refused", () =>
  withFolder(async (folder) => {
    const path = `${folder}/gold.cif`;
    await Deno.writeTextFile(path, cifText(gold));
    assert.equal((await readCif(path)).atoms.length, 4);
    await assert.rejects(readCif(`${folder}/none.cif`), FileUnavailable);
    await Deno.truncate(path, 1e9);
    await assert.rejects(readCif(path), UnsupportedFormat);
  }));

Deno.test("texts cut off anywhere are read or refused, never anything else", async () => {
  const text = cifText(corundum);
  for (let length = 0; length < text.length; length += 3) {
    await parseCif(text.slice(0, length)).catch((error) => {
      assert.ok(error instanceof CorruptFile || error instanceof UnsupportedFormat, `${length}: ${error}`);
    });
  }
});
