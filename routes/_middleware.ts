/** Every route of a file finds the workspace in its state; main.ts has the guard put it there. */

import { HttpError } from "fresh";
import { define } from "../viewer/server/define.ts";

export default define.middleware((ctx) => {
  if (!ctx.state.workspace) throw new HttpError(500, "the request did not pass the guard");
  return ctx.next();
});
