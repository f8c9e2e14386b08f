/** What a page would wait for, done before it asks. */

import { isResultDirectory } from "../../library/results/directory.ts";
import { prepareMap } from "./views/map_parts.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Opens the result that the first page will open, and works out how its clusters look. Scans are left to the page: opening
 * them is quick, and a recording is followed once somebody looks. What cannot be opened the page asks for again, and says why.
 *
 * @param path of what is to be opened first
 * @returns whether it is open
 */
export async function prepareFirst(workspace: Workspace, path: string): Promise<boolean> {
  try {
    if (!await isResultDirectory(path)) return false;
    const opened = await workspace.open({ path, input: [], frames: true });
    if (!("clustering" in opened)) return false;
    prepareMap(workspace.item(opened.id));
    return true;
  } catch {
    return false;
  }
}

/** How long the answer to whoever has opened something has to be on its way, in milliseconds. */
const answerFor = 2;

/**
 * Works out how the clusters look of what was just opened, once that is answered: pages read their scripts meanwhile, and the map is
 * what they ask for next. What cannot be worked out the page hears when it asks.
 *
 * @returns whether it was
 */
export async function prepareNext(
  workspace: Workspace,
  opened: Awaited<ReturnType<Workspace["open"]>>,
): Promise<boolean> {
  if (!("clustering" in opened && opened.clustering)) return false;
  await new Promise((resolve) => setTimeout(resolve, answerFor));
  try {
    prepareMap(workspace.item(opened.id, opened.revision));
    return true;
  } catch {
    return false;
  }
}
