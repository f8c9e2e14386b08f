/** Masks of probe positions, as words, as texts, and as choices of a form. */

import type { Alternative } from "../parameters/form_field.ts";
import { parseMaskFile, writeMaskFile } from "../parameters/mask_file.ts";
import { decimalNumber } from "../parameters/number.ts";
import type { Kind, MaskInFile, NumberStyle } from "../parameters/schema.ts";
import { demand } from "../scan/demand.ts";

/** Which probe positions may be clustered. */
export type RealSpaceMask =
  | { readonly kind: "none" }
  /** leaves out the background, found by what its patterns have in common with their neighbours' */
  | { readonly kind: "auto" }
  /** mean similarity above the triangle threshold of its histogram */
  | { readonly kind: "triangle" }
  /** annular dark-field image above the triangle threshold of its histogram */
  | { readonly kind: "virtual" }
  /** mean similarity above a number */
  | { readonly kind: "number"; readonly above: number }
  /** nonzero probes, (row, column) row-major */
  | { readonly kind: "pixels"; readonly keep: Uint8Array; readonly source: string };

/** `none|auto|triangle|virtual|NUMBER|FILE`. What reads as a number is one; `./5` is a file named 5. */
export const realSpaceMaskKind: Kind<RealSpaceMask | MaskInFile> = {
  placeholder: "MASK",
  parse: parseRealSpaceMask,
  write: (mask) => {
    if (mask.kind === "number") return String(mask.above);
    if (mask.kind === "pixels") return writeMaskFile(mask.source, (text) => parseRealSpaceMask(text));
    return mask.kind === "path" ? mask.path : mask.kind;
  },
  check: (mask, name) => {
    if (mask.kind === "number") demand(Number.isFinite(mask.above), name, "a finite number", mask.above);
  },
};

function parseRealSpaceMask(text: string, flag = "--mask"): RealSpaceMask | MaskInFile {
  const word = text.trim();
  if (word === "none" || word === "auto" || word === "triangle" || word === "virtual") return { kind: word };
  const above = decimalNumber(word);
  if (above !== undefined) return { kind: "number", above };
  return parseMaskFile(flag, text, "none, auto, triangle, virtual, a number or a file");
}

/** The same as choices of a form. */
export const realSpaceMaskChoices: readonly Alternative[] = [
  { id: "none", label: "Everything" },
  { id: "auto", label: "No background" },
  { id: "triangle", label: "Mean similarity, triangle" },
  { id: "virtual", label: "Dark field, triangle" },
  { id: "number", label: "Mean similarity above", numbers: ["Mean similarity above"], first: "0.8" },
  { id: "path", label: "From file", file: "File of the mask", first: "./mask.npy" },
];

/** The mask in the words of the field. */
export function describeRealSpaceMask(mask: RealSpaceMask | MaskInFile, { number }: NumberStyle): string {
  switch (mask.kind) {
    case "none":
      return "none";
    case "auto":
      return "without the background, where there is one (automatic)";
    case "triangle":
      return "mean similarity above its triangle threshold";
    case "virtual":
      return "annular dark field above its triangle threshold";
    case "number":
      return `mean similarity above ${number(mask.above, 8)}`;
    case "pixels":
      return `from ${mask.source}`;
    case "path":
      return `from ${mask.path}`;
  }
}
