/** What the first page of a server would wait for, done before it asks. */

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
