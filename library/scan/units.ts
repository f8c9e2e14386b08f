/** Units of lengths, reciprocal lengths and angles, as people and programs write them. */

import type { PixelSize } from "./calibration.ts";
import { electronWavelength } from "./electron.ts";

/** What a unit measures. */
export type Quantity = "length" | "reciprocal length" | "angle";

/** A unit that was understood. */
export interface Unit {
  /** One of the units that sizes are kept in: `pm`, `A`, `nm`, `um`, `mm`, `m`, the same with `^-1`, `mrad`, `rad`, `deg`. */
  readonly name: string;
  /** How many of those one of the written unit is. */
  readonly factor: number;
  readonly quantity: Quantity;
}

/** Spellings in lower case, singular, behind the unit that they are kept in and how many of it they are. */
const lengths: readonly (readonly [name: string, factor: number, spellings: readonly string[]])[] = [
  ["pm", 1, ["pm", "picometer", "picometre"]],
  ["A", 1, ["a", "å", "ang", "angstrom", "angström", "ångstrom", "ångström"]],
  ["nm", 1, ["nm", "nanometer", "nanometre"]],
  ["um", 1, ["um", "micron", "micrometer", "micrometre"]],
  ["mm", 1, ["mm", "millimeter", "millimetre"]],
  ["mm", 10, ["cm", "centimeter", "centimetre"]],
  ["m", 1, ["m", "meter", "metre"]],
];
const angles: typeof lengths = [
  ["mrad", 1, ["mrad", "milliradian"]],
  ["mrad", 1e-3, ["urad", "microradian"]],
  ["rad", 1, ["rad", "radian"]],
  ["deg", 1, ["deg", "degree", "°"]],
];

/** In metres and in radians; the values of those in which sizes are kept. */
const sizes: Readonly<Record<string, number>> = {
  ...{ pm: 1e-12, A: 1e-10, nm: 1e-9, um: 1e-6, mm: 1e-3, m: 1 },
  ...{ mrad: 1e-3, rad: 1, deg: Math.PI / 180 },
};

/**
 * Understands `1/nm`, `nm^-1`, `Å⁻¹`, `$A^{-1}$`, `[1_/_n_m]`, `k_A^-1`, `nanometers`, `µrad` and the like. Of the names of
 * reciprocal lengths `q_` says that they carry a factor of 2 pi, `k_` that they do not.
 *
 * @returns `undefined` for what is none of these quantities, such as `pixels`
 */
export function parseUnit(text: string): Unit | undefined {
  const [base, inverse, vector] = takeApart(text);
  const length = find(lengths, base);
  if (length && inverse) {
    const factor = 1 / length.factor / (vector === "q" ? 2 * Math.PI : 1);
    return { name: `${length.name}^-1`, factor, quantity: "reciprocal length" };
  }
  // k_m and q_m are no lengths: whoever writes so means something that we do not know.
  if (vector !== undefined) return undefined;
  if (length) return { ...length, quantity: "length" };
  const angle = inverse ? undefined : find(angles, base);
  return angle && { ...angle, quantity: "angle" };
}

/** Whether a text says that there is no unit, in one of the ways of programs that must write something. */
export function saysNoUnit(text: string): boolean {
  return /^(|px|pix|pixels?|none|undefined|unknown|n\/?a|-|1|counts?)$/i.test(
    text.replace(/[[\]<>"'_\s]/g, ""),
  );
}

/** The unit's name without its power and without what only typesets it, whether it is inverse, and which vector it is of. */
function takeApart(text: string): [base: string, inverse: boolean, vector: "k" | "q" | undefined] {
  // NFKC makes one sign of the two micro signs and the two Angstrom signs, and plain digits of raised ones.
  const plain = text.normalize("NFKC").replace(/[−–]/g, "-").replace(/^b'(.*)'$/, "$1")
    .replace(/\\(mathrm|mathring|text|textrm|textup|rm|si|unit|[,;!: ])/g, "")
    .replace(/\\(AA|angstrom|r)(?![a-z])/gi, "A").replace(/\\?\bmu(?![a-z])|\\mu|\\micro|μ/g, "u").replace(
      /\\degree/g,
      "deg",
    )
    .trim().replace(/^(per|inverse|reciprocal)\s+/i, "1/");
  const [, vector, rest] = /^[[$\s]*([kq])_(?![a-z]_)(.*)$/i.exec(plain) ?? [, undefined, plain];
  const bare = rest!.replace(/[$[\]{}()_\s]/g, "");
  const [, over, base, power] = /^(1?(?:\.0)?\/)?(.*?)((?:\^|\*\*)?-1(?:\.0)?)?$/.exec(bare)!;
  // One over an inverse is a puzzle, no unit.
  const both = over !== undefined && power !== undefined;
  return [
    both ? "" : base.toLowerCase(),
    (over ?? power) !== undefined,
    vector?.toLowerCase() as "k" | "q" | undefined,
  ];
}

function find(units: typeof lengths, base: string): Pick<Unit, "name" | "factor"> | undefined {
  for (const [name, factor, spellings] of units) {
    if (spellings.includes(base) || (base.endsWith("s") && spellings.includes(base.slice(0, -1)))) {
      return { name, factor };
    }
  }
  return undefined;
}

/** How many `to` one `from` is; `undefined` where they measure different things. Both are names of {@link Unit}. */
export function conversion(from: string, to: string): number | undefined {
  const one = parseUnit(from), other = parseUnit(to);
  if (!one || one.quantity !== other?.quantity) return undefined;
  if (one.name === other.name) return 1;
  const ratio = sizes[one.name.replace("^-1", "")] / sizes[other.name.replace("^-1", "")];
  return one.quantity === "reciprocal length" ? 1 / ratio : ratio;
}

/**
 * A size of detector pixels in 1/Å: angles become reciprocal lengths by the wavelength of the beam only.
 *
 * @param beamEnergy in keV, where it is known
 * @returns `undefined` for angles without a beam energy, and for lengths
 */
export function reciprocalSize(size: PixelSize, beamEnergy: number | undefined): PixelSize | undefined {
  const angle = conversion(size.unit, "rad");
  const factor = angle === undefined
    ? conversion(size.unit, "A^-1")
    : beamEnergy && angle / electronWavelength(beamEnergy);
  return factor ? { row: size.row * factor, column: size.column * factor, unit: "A^-1" } : undefined;
}
