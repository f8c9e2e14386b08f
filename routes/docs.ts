/** The documentation: its pages are static files, which `deno task build` makes. */

import { define } from "../viewer/server/define.ts";

export const handler = define.handlers(() =>
  new Response(null, { status: 302, headers: { location: "/docs/index.html" } })
);
