/** The viewer: a Fresh application. Whatever is asked of it passes the guard first. */

import { App, csp, staticFiles } from "fresh";
import type { ViewerState } from "./viewer/server/define.ts";
import { guard } from "./viewer/server/access/guard.ts";

export const app: App<ViewerState> = new App<ViewerState>()
  .use(guard())
  .use(csp({ useNonce: true }))
  .use(staticFiles())
  .fsRoutes();
