/** From the request for a run to what it is. */

import { dirname } from "node:path";
import { checkParameters, presetOf } from "../../../library/cluster/presets.ts";
import type { RunRequest } from "../../protocol/runs.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import { probeCount } from "../../../library/scan/shape.ts";
import type { PlannedRun } from "./cluster_planned.ts";
import { decodeMask } from "../../labels/drawn_mask.ts";
import type { Item } from "../items/item.ts";
import type { Roots } from "../files/roots.ts";
import { parametersOf, parseCommand, resolveFiles } from "../items/words.ts";

/**
 * Understands a request before anything is started.
 *
 * @returns the run, and its words with files by their absolute paths
 * @throws {BadParameter} when words or mask are not understood or do not fit the scan
 * @throws {ServingError} when the words name a file that is not served
 */
export async function planRun(
  roots: Roots,
  item: Item,
  request: RunRequest,
): Promise<PlannedRun & { readonly words: readonly string[] }> {
  const words = withPreset(resolveFiles(request.words, dirname(item.content.path)));
  const parameters = await parametersOf(roots, item.shape, item.content.input, words);
  checkParameters(parameters);
  const drawn = request.mask && decodeMask(request.mask, probeCount(item.shape));
  if (drawn && !drawn.includes(1)) {
    throw new BadParameter("the drawn mask is empty", {
      expected: "a mask of at least one probe",
      found: "no probe",
      remedy: "draw a mask, or leave it out",
    });
  }
  return { parameters, words, drawn };
}

/** Words that name the preset which they imply, so that it still holds when others are put beside them. */
function withPreset(words: readonly string[]): readonly string[] {
  const flags = parseCommand(words), preset = presetOf(flags);
  return preset === flags.preset || preset === undefined ? words : ["--preset", preset, ...words];
}
