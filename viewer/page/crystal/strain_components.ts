/** The numbers of a strain map: what they are called, their unit, and how they are written. */

import { formatFixed } from "../../drawing/format.ts";

/** One quantity of strain. */
export interface StrainComponent {
  /** Its name in addresses. */
  readonly name: "e_xx" | "e_yy" | "e_xy" | "dilation" | "rotation";
  readonly label: string;
  /** What it is, in words. */
  readonly about: string;
  /** Place in the last axis of `strain.npy`; `null` for the dilation, which has a file of its own. */
  readonly place: number | null;
  readonly unit: "%" | "°";
  /** From the number in the file to its unit here. */
  readonly factor: number;
}

/** In the order in which they are offered. */
export const strainComponents: readonly StrainComponent[] = [
  { name: "e_xx", label: "e_xx", about: "along x, down the detector", place: 0, unit: "%", factor: 100 },
  { name: "e_yy", label: "e_yy", about: "along y, to the right", place: 1, unit: "%", factor: 100 },
  { name: "e_xy", label: "e_xy", about: "shear", place: 2, unit: "%", factor: 100 },
  { name: "dilation", label: "Dilation", about: "e_xx + e_yy", place: null, unit: "%", factor: 100 },
  {
    name: "rotation",
    label: "Rotation",
    about: "of the lattice, from x towards y",
    place: 3,
    unit: "°",
    factor: 180 / Math.PI,
  },
];

/** A number of a file in the unit of its component, without it. */
export function formatStrain({ factor }: StrainComponent, value: number): string {
  return formatFixed(factor * value, 3);
}

/** The unit as it stands behind numbers. */
export function unitBehind({ unit }: StrainComponent): string {
  return unit === "°" ? unit : `\u202f${unit}`;
}
