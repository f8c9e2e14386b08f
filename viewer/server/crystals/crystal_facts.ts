/** Which maps of crystals a result has. */

import type { StoredResult } from "../../../library/results/read.ts";
import { hasOrientations } from "../../../library/results/read_orientations.ts";
import { hasStrain } from "../../../library/results/read_strain.ts";
import type { CrystalFacts } from "../../protocol/crystals.ts";

/** By the record of the result; what its files hold is seen when they are read. */
export function crystalFacts(stored: StoredResult | undefined): CrystalFacts | undefined {
  if (!stored || !hasOrientations(stored)) return undefined;
  return { strain: hasStrain(stored) };
}
