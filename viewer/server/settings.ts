/** What the viewer is told before it answers requests: who may ask, and what is served. */

import type { Workspace } from "./workspace.ts";
import { Sessions } from "./access/sessions.ts";

/** Settings of a running viewer. */
export interface ViewerSettings {
  /** Secret that makes a visitor's session. */
  readonly token: string;
  /** Names under which the server may be addressed, without port; see {@link loopbackHosts}. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly workspace: Workspace;
  /** Takes failures that are no fault of the request. */
  readonly report?: (cause: unknown) => void;
}

/** Names of this machine for itself. */
export const loopbackHosts: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/** A viewer that runs. */
export interface ConfiguredViewer extends ViewerSettings {
  readonly sessions: Sessions;
}

let configured: ConfiguredViewer | undefined;

/** Sets up the viewer of this process. */
export function configureViewer(settings: ViewerSettings): ConfiguredViewer {
  configured = { ...settings, sessions: new Sessions(settings.token, settings.port) };
  return configured;
}

/** The settings of this process. Without settings nobody may ask anything. */
export function viewerSettings(): ConfiguredViewer {
  if (configured === undefined) throw new Error("the viewer is not configured");
  return configured;
}
