/** From what the page asks for to the words of `orient` and `strain`. */

import type { Checked } from "../../protocol/checked.ts";
import type { analysisRequest } from "../../protocol/analyses.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import type { Roots } from "../files/roots.ts";
import type { Item } from "../items/item.ts";
import { refuseForeignResult } from "../files/linked_files.ts";
import { demandStored } from "../crystals/stored_crystals.ts";
import type { AnalysisStart } from "./analysis_thread.ts";
import type { Resources } from "./engines.ts";

/**
 * The command that does what is asked. Values stand behind `=`, so that none can be taken for a flag.
 *
 * @throws {BadParameter} when no crystal is named, or orientations are missing
 * @throws {ServingError} when a file is not served
 * @throws {FileUnavailable} when the item is no result, or strain is wanted and its scan cannot be read
 */
export async function analysisWords(
  roots: Roots,
  item: Item,
  { kind, crystals, cifs, voltage, qPixelSize, reference }: Checked<typeof analysisRequest>,
  { workers, memory }: Resources,
): Promise<AnalysisStart> {
  const stored = demandStored(item), words = [await roots.real(stored.directory)];
  await refuseForeignResult(roots, stored.directory);
  if (kind === "orient") {
    if (crystals.length + cifs.length === 0) {
      throw new BadParameter("no crystal is given", {
        expected: "the crystals that the specimen may be made of",
        parameter: "crystal",
        remedy: "choose a crystal, or name a CIF file",
      });
    }
    for (const name of crystals) words.push(`--crystal=${name}`);
    for (const cif of cifs) words.push(`--cif=${await roots.real(cif)}`);
    if (voltage) words.push(`--voltage=${voltage}`);
    if (qPixelSize) words.push(`--q-pixel-size=${qPixelSize}`);
  } else if (reference) words.push(`--reference=${reference}`);
  // The command would look where the result says its scan lies, be that served or not: it is told, or told not to.
  if (kind === "strain" || item.readableScan) {
    words.push(`--scan=${await roots.real(item.demandScan().source.path)}`);
  } else words.push("--no-align");
  if (workers !== undefined) words.push(`--workers=${workers}`);
  if (memory !== undefined) words.push(`--memory=${memory}`);
  return { kind, words };
}
