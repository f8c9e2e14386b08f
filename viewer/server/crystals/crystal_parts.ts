/** Orientations, strain and colour keys of a result as the page gets them: the numbers are those of its files. */

import { keyCorners, renderDirectionKey } from "../../../library/report/direction_key.ts";
import { parseHexColour } from "../../../library/report/image.ts";
import { readStrain, referenceWords, turnedAxes } from "../../../library/results/read_strain.ts";
import { strainFiles } from "../../../library/results/strain_files.ts";
import type { KeyHeader, OrientationsHeader, StrainHeader } from "../../protocol/crystals.ts";
import type { Parts } from "../../protocol/parts.ts";
import type { Roots } from "../files/roots.ts";
import type { Item } from "../items/item.ts";
import { malformed } from "../requests.ts";
import { admitFiles, demandStored, type StoredCrystals, storedCrystals } from "./stored_crystals.ts";

/** Orientations of all clusters. */
export async function orientationParts(roots: Roots, item: Item): Promise<Parts<OrientationsHeader>> {
  const found = await storedCrystals(roots, item);
  return {
    header: { phases: found.record.crystals.map(({ name }) => name), clusters: found.clusters },
    arrays: {
      labels: Int32Array.from(demandStored(item).labels),
      inPlane: coloursAlong(found, 0),
      outOfPlane: coloursAlong(found, 2),
    },
  };
}

/** Colours of the crystal directions along an axis of the laboratory, as in the maps of the report; black for none. */
function coloursAlong({ colours, orientations }: StoredCrystals, axis: 0 | 2): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(3 * orientations.length);
  orientations.forEach((found, cluster) => {
    if (!found) return;
    const colour = colours[found.phase].along(found.orientation, axis);
    all.set(colour.map((value) => Math.round(255 * value)), 3 * cluster);
  });
  return all;
}

/** Strain of all probes. */
export async function strainParts(roots: Roots, item: Item): Promise<Parts<StrainHeader>> {
  const stored = demandStored(item);
  await admitFiles(roots, stored, [strainFiles.strain, strainFiles.error, strainFiles.dilation]);
  const { record, strain, error, dilation } = readStrain(stored);
  return {
    header: { reference: referenceWords[record.reference], axes: turnedAxes(record) },
    arrays: {
      strain: Float32Array.from(strain),
      error: Float32Array.from(error),
      dilation: Float32Array.from(dilation),
    },
  };
}

/** What keys lie on, and their writing: `--raised` and `--text-1` of the page. */
const looks = {
  dark: { paper: parseHexColour("#25272b"), ink: parseHexColour("#eceded") },
  light: { paper: parseHexColour("#ffffff"), ink: parseHexColour("#1a1b1d") },
} as const;
/** Longest side of a key and the room around its wedge, in pixels. */
const side = 240, margin = 34;

/**
 * The colour key of a crystal.
 *
 * @throws {BadParameter} when there is no such crystal
 */
export async function keyParts(
  roots: Roots,
  item: Item,
  phase: number,
  theme: "dark" | "light",
): Promise<Parts<KeyHeader>> {
  const { colours, crystals } = await storedCrystals(roots, item);
  if (phase >= crystals.length) throw malformed(`a phase from 0 to ${crystals.length - 1}`, String(phase));
  const { cell } = crystals[phase];
  const { width, height, data } = renderDirectionKey(colours[phase], cell, { side, margin, ...looks[theme] });
  return {
    header: {
      ...{ width, height, margin, laueClass: colours[phase].group.laueClass },
      corners: [...keyCorners(colours[phase], cell).keys()],
    },
    arrays: { pixels: Uint8Array.from(data) },
  };
}
