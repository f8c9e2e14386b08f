/** Types of the viewer's routes. */

import { createDefine } from "fresh";
import type { Workspace } from "./workspace.ts";

/** What every route finds in `ctx.state`. */
export interface ViewerState {
  readonly workspace: Workspace;
}

/** Helpers that give routes their types. */
export const define = createDefine<ViewerState>();
