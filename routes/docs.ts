/** The documentation, where `deno task docs:site` has made it: its pages are static files. */

import { define } from "../viewer/server/define.ts";

export const handler = define.handlers(() =>
  new Response(null, { status: 302, headers: { location: "/docs/index.html" } })
);
