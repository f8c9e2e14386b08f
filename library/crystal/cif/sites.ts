/** The atoms that a CIF file lists. */

import { CorruptFile } from "../../scan/errors.ts";
import { atomicNumber } from "../elements.ts";
import type { AtomSite } from "../crystal.ts";
import type { CifBlock } from "./blocks.ts";
import { cifNumber } from "./numbers.ts";

const axes = ["x", "y", "z"] as const;

/**
 * The sites of a block; none where it lists none, or no fractional coordinates.
 *
 * @throws {CorruptFile} when a site has no coordinates or is of no known element
 */
export function cifSites(block: CifBlock, file: string): AtomSite[] {
  const column = (name: string) => block.columns.get(`_atom_site_${name}`);
  const places = axes.map((axis) => column(`fract_${axis}`));
  const [first] = places;
  if (!first || places.some((place) => !place)) return [];
  const types = column("type_symbol"), labels = column("label");
  const sites: AtomSite[] = [];
  for (let row = 0; row < first.length; row++) {
    const dummy = column("calc_flag")?.[row]?.toLowerCase() === "dum" ||
      /^du(m|$|\d)/i.test(labels?.[row] ?? "");
    if (dummy) continue;
    const symbol = types?.[row] ?? labels?.[row];
    const element = symbol === undefined ? undefined : atomicNumber(symbol);
    if (element === undefined) throw unknownElement(file, row, symbol);
    const [x, y, z] = axes.map((axis, index) => {
      const value = cifNumber(places[index]![row], `_atom_site_fract_${axis}`, file);
      if (value !== undefined) return value;
      throw new CorruptFile(`atom ${row + 1} of ${file} has no place`, {
        file,
        expected: "three fractional coordinates for each atom",
        found: `no ${axis}`,
        remedy: "complete the CIF file, or take the atom out",
      });
    });
    const number = (name: string) => cifNumber(column(name)?.[row], `_atom_site_${name}`, file);
    const occupancy = number("occupancy") ?? 1;
    if (occupancy < 0 || occupancy > 1.0001) throw impossibleOccupancy(file, row, occupancy);
    const isotropicU = number("u_iso_or_equiv");
    const isotropicB = number("b_iso_or_equiv") ??
      (isotropicU === undefined ? undefined : 8 * Math.PI * Math.PI * isotropicU);
    sites.push({
      element,
      position: [x, y, z],
      occupancy,
      ...(isotropicB !== undefined && { debyeWaller: isotropicB }),
    });
  }
  return sites;
}

function unknownElement(file: string, row: number, symbol: string | undefined): CorruptFile {
  return new CorruptFile(`atom ${row + 1} of ${file} is of no known element`, {
    file,
    expected: "a chemical symbol in _atom_site_type_symbol, or at the beginning of _atom_site_label",
    found: symbol === undefined ? "neither" : symbol.slice(0, 40),
    remedy: "correct the CIF file",
  });
}

function impossibleOccupancy(file: string, row: number, occupancy: number): CorruptFile {
  return new CorruptFile(`atom ${row + 1} of ${file} has an impossible occupancy`, {
    file,
    expected: "an occupancy between 0 and 1",
    found: String(occupancy),
    remedy: "correct the CIF file",
  });
}
