/** Small MRC files made byte by byte, sound and unsound. */

import { numberBytes, type StoredNumber } from "../../library/scan/stored_number.ts";
import { setNumber } from "./raw_numbers.ts";

/** What a header says; fields that are left out are what they usually are. */
export interface MrcRecipe {
  readonly columns: number;
  readonly rows: number;
  readonly frames: number;
  readonly numbers: StoredNumber;
  readonly mode?: number;
  readonly bigEndian?: boolean;
  /** Without it there is no stamp of MRC and none of the byte order. */
  readonly stamped?: boolean;
  readonly extended?: Uint8Array;
  readonly extendedKind?: string;
  readonly extendedBytes?: number;
  readonly least?: number;
  readonly most?: number;
  /** IMOD's flags. */
  readonly imodFlags?: number;
  /** Lengths of the cell in Angstrom, along columns and rows. */
  readonly cell?: readonly [number, number];
}

const modes: Readonly<Record<string, number>> = { u8: 0, i8: 0, i16: 1, f32: 2, u16: 6, f16: 12 };

/** A file of the numbers `data`, frame after frame. */
export function mrcFile(recipe: MrcRecipe, data: ArrayLike<number>): Uint8Array {
  const { columns, rows, frames, numbers, bigEndian = false, extended = new Uint8Array(), stamped = true } =
    recipe;
  const bytes = numberBytes(numbers), start = 1024 + extended.length;
  const file = new Uint8Array(start + data.length * bytes), view = new DataView(file.buffer);
  const words: [number, number][] = [
    ...[[0, columns], [4, rows], [8, frames], [12, recipe.mode ?? modes[numbers]]] as [number, number][],
    ...[[28, columns], [32, rows], [36, frames], [92, recipe.extendedBytes ?? extended.length]] as [
      number,
      number,
    ][],
  ];
  if (recipe.imodFlags !== undefined) words.push([152, 1146047817], [156, recipe.imodFlags]);
  for (const [offset, value] of words) view.setInt32(offset, value, !bigEndian);
  const [width, height] = recipe.cell ?? [0, 0];
  // Programs that have not looked for it write a largest value below the least.
  const floats = [[40, width], [44, height], [76, recipe.least ?? 2], [80, recipe.most ?? 1]];
  for (const [offset, value] of floats) view.setFloat32(offset, value, !bigEndian);
  file.set(new TextEncoder().encode(recipe.extendedKind ?? ""), 104);
  if (stamped) {
    file.set(new TextEncoder().encode("MAP "), 208);
    file.fill(bigEndian ? 0x11 : 0x44, 212, 214);
  }
  file.set(extended, 1024);
  for (let i = 0; i < data.length; i++) setNumber(view, numbers, start + i * bytes, data[i], bigEndian);
  return file;
}

/** A record of Velox with all fields that are read. */
export function veloxRecord(masks: readonly [number, number] = [0xffffffff, 0xffffffff]): Uint8Array {
  const record = new Uint8Array(888), view = new DataView(record.buffer);
  view.setInt32(0, 888, true);
  view.setUint32(8, masks[0], true);
  record.set(new TextEncoder().encode("Velox"), 52);
  record.set(new TextEncoder().encode("3.7"), 68);
  for (const [offset, value] of [[84, 2e5], [156, 2e-9], [164, 3e-9], [301, 0.25], [329, 0.0015]]) {
    view.setFloat64(offset, value, true);
  }
  view.setUint32(297, masks[1], true);
  return record;
}
