/** Hermann-Mauguin symbols in the spellings that people use. */

import type { CellParameters } from "./unit_cell.ts";

/** A symbol without what spellings differ in: blanks, underscores and case. */
export function bare(symbol: string): string {
  return symbol.replace(/[\s_]/g, "").toLowerCase();
}

/** Names by which one setting of a space group goes. */
export interface NamedSetting {
  readonly number: number;
  readonly hm_short: string;
  readonly hm_full: string;
}

/**
 * The bare symbols of a setting: full (`p12_1/c1`), short (`p2_1/c`), with the letters of glide planes that were written
 * before 1992 (`Cmca` for `Cmce`), and cubic ones without their minus (`Fm3m`).
 */
export function symbolsOfSetting({ number, hm_short: short, hm_full: full }: NamedSetting): string[] {
  const monoclinic = number >= 3 && number <= 15;
  // The table's short symbols of monoclinic groups are those of the group, whatever the axes.
  const names = monoclinic ? [full, full.replace(/ 1(?= |$)/g, "")] : [full, short];
  const keys = names.map(bare);
  if (names.some((name) => name.includes("e"))) {
    for (const letter of "abc") keys.push(bare(short.replace("e", letter)));
  }
  if (number >= 195) keys.push(bare(short).replace("-3", "3"));
  return [...new Set(keys)];
}

/** Whether the axes of a setting are those of a cell; those of most groups always are. */
export function settingFits(setting: string, cell: CellParameters): boolean {
  const { a, b, c, alpha, beta, gamma } = cell;
  const alike = (one: number, other: number) => Math.abs(one - other) <= 1e-3 * Math.abs(other);
  if (setting === "H") return alike(a, b) && alike(gamma, 120);
  if (setting === "R") return alike(a, b) && alike(b, c) && alike(alpha, beta) && alike(beta, gamma);
  const unique = /^-?([abc])[123]?$/.exec(setting)?.[1];
  if (!unique) return true;
  const angles = { a: alpha, b: beta, c: gamma };
  return (["a", "b", "c"] as const).every((axis) => axis === unique || alike(angles[axis], 90));
}
