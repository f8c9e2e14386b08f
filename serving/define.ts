/** What routes are made with, and what they find in their state. */

import type { Workspace } from "./workspace.ts";

/** State of every request. */
export interface ViewerState {
  readonly workspace: Workspace;
}

/** What a handler gets. */
export interface ViewerContext {
  readonly req: Request;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly state: ViewerState;
}

type Handlers = Partial<Record<"GET" | "POST", (context: ViewerContext) => Response | Promise<Response>>>;

export const define = { handlers: <Given extends Handlers>(handlers: Given): Given => handlers };
