/** Serves the viewer while it is worked on: `deno task dev`. */

import { Builder } from "fresh/dev";
import { newSecret } from "./viewer/server/access/sessions.ts";
import { configureViewer, loopbackHosts } from "./viewer/server/settings.ts";
import { Workspace } from "./viewer/server/workspace.ts";

const port = 8417;
const token = newSecret();
const workspace = new Workspace({ roots: [await Deno.realPath(".")] });
configureViewer({ token, hosts: loopbackHosts, port, workspace, report: (cause) => console.error(cause) });

await new Builder({ staticDir: "viewer/static" }).listen(() => import("./main.ts"), {
  port,
  hostname: "127.0.0.1",
  onListen: () => console.log(`http://127.0.0.1:${port}/?token=${token}`),
});
