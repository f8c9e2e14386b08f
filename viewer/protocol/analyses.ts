/** Orientations and strain that the page has found for a result. */

import { array, maxLength, object, optional, picklist, pipe, string } from "valibot";
import type { Given } from "./checked.ts";
import { path } from "./words.ts";

const shortText = pipe(string(), maxLength(100, "at most 100 characters"));

/** What to find. Nothing of it is a flag: the server makes the words of the command. */
export const analysisRequest = object({
  kind: picklist(["orient", "strain"]),
  // Names of crystals that the program knows, and paths of CIF files.
  crystals: optional(pipe(array(shortText), maxLength(20, "at most 20 crystals")), []),
  cifs: optional(pipe(array(path), maxLength(20, "at most 20 files")), []),
  // As people write them: `300 kV`, `0.02 A^-1`; by default those of the scan.
  voltage: optional(shortText),
  qPixelSize: optional(shortText),
  // What counts as no strain.
  reference: optional(picklist(["median", "cluster", "cif"])),
});

/** Asks for orientations or strain. */
export type AnalysisRequest = Given<typeof analysisRequest>;

/** What crystals can be chosen, and what is known of the conditions. */
export interface CrystalChoice {
  /** Names, and what tells them apart in words. */
  readonly builtIn: readonly (readonly [name: string, lattice: string])[];
  /** CIF files beside the result and its scan: absolute paths. */
  readonly cifs: readonly string[];
}
