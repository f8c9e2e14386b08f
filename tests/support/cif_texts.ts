/** CIF texts for tests, of structures whose cells everybody knows. */

/** A crystal as a few words: cell, symmetry, sites. */
export interface CifWords {
  readonly cell: readonly [a: number, b: number, c: number, alpha: number, beta: number, gamma: number];
  /** Lines that say the symmetry. */
  readonly symmetry?: string;
  /** Lines `label x y z`. */
  readonly sites: string;
}

const cellTags = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"];

/** The text of a CIF file. */
export function cifText({ cell, symmetry = "", sites }: CifWords): string {
  return [
    "data_test",
    ...cellTags.map((tag, index) => `_cell_${tag} ${cell[index]}`),
    symmetry,
    "loop_",
    "_atom_site_label",
    "_atom_site_fract_x",
    "_atom_site_fract_y",
    "_atom_site_fract_z",
    sites,
    "",
  ].join("\n");
}

/** A line that names a space group by its Hermann-Mauguin symbol. */
export function spaceGroup(symbol: string): string {
  return `_symmetry_space_group_name_H-M '${symbol}'`;
}

const cubic = (a: number) => [a, a, a, 90, 90, 90] as const;

/** Structures of the tables in the specification of orientation mapping (9.3, 9.4). */
export const structures = {
  gold: { cell: cubic(4.078), symmetry: spaceGroup("F m -3 m"), sites: "Au1 0 0 0" },
  silicon: { cell: cubic(5.431), symmetry: spaceGroup("F d -3 m:1"), sites: "Si1 0 0 0" },
  titanium: {
    cell: [2.951, 2.951, 4.684, 90, 90, 120],
    symmetry: spaceGroup("P 63/m m c"),
    sites: "Ti1 0.3333 0.6667 0.25",
  },
  rutile: {
    cell: [4.594, 4.594, 2.959, 90, 90, 90],
    symmetry: spaceGroup("P4_2/mnm"),
    sites: "Ti 0 0 0\nO .305 .305 0",
  },
  corundum: {
    cell: [4.759, 4.759, 12.993, 90, 90, 120],
    symmetry: spaceGroup("R -3 c"),
    sites: "Al 0 0 .352\nO .306 0 .25",
  },
  salt: { cell: cubic(5.64), symmetry: spaceGroup("Fm-3m"), sites: "Na1+ 0 0 0\nCl1- .5 .5 .5" },
  titanate: {
    cell: cubic(3.905),
    symmetry: spaceGroup("P m -3 m"),
    sites: "Sr 0 0 0\nTi .5 .5 .5\nO .5 .5 0",
  },
  zirconia: {
    cell: [5.1505, 5.2116, 5.3173, 90, 99.23, 90],
    symmetry: spaceGroup("P 1 21/c 1"),
    sites: "Zr .2754 .0395 .2083\nO1 .0700 .3317 .3447\nO2 .4496 .7569 .4792",
  },
} satisfies Record<string, CifWords>;
