/** From what the page asks for to the words of `orient` and `strain`. */

import type { Checked } from "../../protocol/checked.ts";
import type { analysisRequest } from "../../protocol/analyses.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import type { Roots } from "../files/roots.ts";
import type { Item } from "../items/item.ts";
import { demandStored } from "../crystals/stored_crystals.ts";
import type { AnalysisStart } from "./analysis_thread.ts";
import type { Resources } from "./engines.ts";

/**
 * The command that does what is asked. Values stand behind `=`, so that none can be taken for a flag.
 *
 * @throws {BadParameter} when no crystal is named, or orientations are missing
 * @throws {ServingError} when a file is not served
 * @throws {FileUnavailable} when the item is no result
 */
export async function analysisWords(
  roots: Roots,
  item: Item,
  { kind, crystals, cifs, voltage, qPixelSize, reference }: Checked<typeof analysisRequest>,
  { workers, memory }: Resources,
): Promise<AnalysisStart> {
  const stored = demandStored(item), { scan } = item.content.asked;
  const words = [await roots.real(stored.directory)];
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
  if (scan !== undefined) words.push(`--scan=${await roots.real(scan)}`);
  if (workers !== undefined) words.push(`--workers=${workers}`);
  if (memory !== undefined) words.push(`--memory=${memory}`);
  return { kind, words };
}
