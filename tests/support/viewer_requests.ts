/** Requests to a viewer within this process, as browsers and attackers would make them. */

import { newSecret } from "../../viewer/server/access/sessions.ts";
import { type ConfiguredViewer, configureViewer, loopbackHosts } from "../../viewer/server/settings.ts";
import { Workspace } from "../../viewer/server/workspace.ts";

export const port = 8416;
export const origin = `http://127.0.0.1:${port}`;

/** Sets up this process as a viewer of some folders. */
export function configureTestViewer(
  roots: readonly string[] = [],
  report?: (cause: unknown) => void,
): ConfiguredViewer & { cookie: string } {
  const token = newSecret();
  const workspace = new Workspace({ roots: [...roots] });
  const viewer = configureViewer({ token, port, hosts: loopbackHosts, workspace, report });
  return { ...viewer, cookie: viewer.sessions.setCookie().split(";")[0] };
}

/** A request with its Host header; headers that are `undefined` are left out. */
export function requestTo(
  path: string,
  headers: Readonly<Record<string, string | undefined>> = {},
  init: RequestInit = {},
): Request {
  const given = Object.entries({ host: `127.0.0.1:${port}`, ...headers })
    .filter((pair): pair is [string, string] => pair[1] !== undefined);
  return new Request(origin + path, { redirect: "manual", ...init, headers: given });
}
