import assert from "node:assert/strict";
import { conversion, parseUnit, reciprocalSize, saysNoUnit } from "../../../library/scan/units.ts";

const spellings: Readonly<Record<string, readonly string[]>> = {
  "nm": [
    "nm",
    " nm ",
    "NM",
    "[n_m]",
    "nanometer",
    "nanometers",
    "nanometres",
    "$nm$",
    "\\mathrm{nm}",
    "b'nm'",
  ],
  "A": [
    "A",
    "a",
    "Å",
    "\u212b",
    "A\u030a",
    "Ang",
    "angstrom",
    "Angstroms",
    "ångström",
    "$\\AA$",
    "\\mathring{A}",
  ],
  "um": ["um", "µm", "\u03bcm", "microns", "micrometers", "$\\mu m$", "\\mu\\mathrm{m}"],
  "pm": ["pm"],
  "mm": ["mm", "millimetres"],
  "m": ["m", "meters"],
  "nm^-1": [
    ...["nm^-1", "1/nm", "1 / nm", "1.0/nm", "/nm", "nm-1", "nm**-1", "nm^(-1)", "nm^{-1}", "nm⁻¹", "nm−1"],
    ...[
      "$\\mathrm{nm}^{-1}$",
      "$nm^{-1}$",
      "[n_m^-1]",
      "[1_/_n_m]",
      "per nm",
      "inverse nanometers",
      "k_nm^-1",
    ],
    ...["1/nanometer", "\\mathrm{nm^{-1}}", "nm^-1.0"],
  ],
  "A^-1": [
    ...[
      "1/A",
      "A^-1",
      "Å⁻¹",
      "$A^{-1}$",
      "$\\AA^{-1}$",
      "\\AA^{-1}",
      "1/angstroms",
      "k_A^-1",
      "K_Å^-1",
      "1/Å",
    ],
    ...["[A^-1]", "Å^-1", "\u212b\u207b\u00b9"],
  ],
  "mrad": ["mrad", "mRad", "milliradians"],
  "rad": ["rad", "radians"],
  "deg": ["deg", "degrees", "°"],
};

for (const [name, texts] of Object.entries(spellings)) {
  for (const text of texts) {
    Deno.test(`"${text}" is ${name}`, () => {
      const unit = parseUnit(text);
      assert.deepEqual([unit?.name, unit?.factor], [name, 1]);
    });
  }
}

Deno.test("some units are kept in others", () => {
  const near = (text: string, name: string, factor: number) => {
    const unit = parseUnit(text);
    assert.equal(unit?.name, name, text);
    assert.ok(Math.abs(unit!.factor / factor - 1) < 1e-15, text);
  };
  near("µrad", "mrad", 1e-3);
  near("urad", "mrad", 1e-3);
  near("q_A^-1", "A^-1", 1 / (2 * Math.PI));
  near("$q_{nm^{-1}}$", "nm^-1", 1 / (2 * Math.PI));
  near("cm", "mm", 10);
  near("1/cm", "mm^-1", 0.1);
});

Deno.test("what is no unit of ours is not made one", () => {
  for (
    const text of [
      "",
      "pixels",
      "<undefined>",
      "_None_",
      "eV",
      "k_m",
      "q_nm",
      "1/nm^-1",
      "nm^-2",
      "nm^2",
      "1/mrad",
      "s",
    ]
      .concat("k_", "^-1", "1/", "nmm", "nm nm", "Ås^-1s", "x".repeat(10_000))
  ) assert.equal(parseUnit(text), undefined, text);
});

Deno.test("the quantity of a unit is known, and that some texts say nothing", () => {
  const quantities = ["nm", "1/nm", "mrad"].map((text) => parseUnit(text)!.quantity);
  assert.deepEqual(quantities, ["length", "reciprocal length", "angle"]);
  for (const text of ["", " ", "pixels", "[pix]", "<undefined>", "_None_", "px", "n/a", "none"]) {
    assert.ok(saysNoUnit(text), text);
  }
  for (const text of ["nm", "k_nm^-1", "eV", "furlongs"]) assert.ok(!saysNoUnit(text), text);
});

Deno.test("units of one quantity are converted, others are not", () => {
  const cases = [["um", "nm", 1000], ["nm^-1", "A^-1", 0.1], ["A^-1", "nm^-1", 10], ["rad", "mrad", 1000], [
    "m",
    "m",
    1,
  ]] as const;
  for (const [from, to, factor] of cases) {
    assert.ok(Math.abs(conversion(from, to)! / factor - 1) < 1e-12, `${from} ${to}`);
  }
  assert.ok(Math.abs(conversion("deg", "rad")! - Math.PI / 180) < 1e-15);
  for (const [from, to] of [["nm", "nm^-1"], ["mrad", "A^-1"], ["nm", "pixels"], ["pixels", "pixels"]]) {
    assert.equal(conversion(from, to), undefined);
  }
});

Deno.test("angles become reciprocal lengths with a beam energy only", () => {
  const size = { row: 0.5, column: 1, unit: "mrad" };
  assert.equal(reciprocalSize(size, undefined), undefined);
  assert.equal(reciprocalSize({ ...size, unit: "nm" }, 200), undefined);
  // The wavelength at 200 keV is 0.0250793 Å, at 300 keV 0.0196875 Å.
  const [at200, at300] = [200, 300].map((energy) => reciprocalSize(size, energy)!);
  assert.ok(Math.abs(at200.row - 0.5e-3 / 0.0250793) < 1e-6 && at200.unit === "A^-1");
  assert.ok(Math.abs(at300.column - 1e-3 / 0.0196875) < 1e-6);
  assert.deepEqual(reciprocalSize({ row: 1, column: 2, unit: "A^-1" }, undefined), {
    row: 1,
    column: 2,
    unit: "A^-1",
  });
});
