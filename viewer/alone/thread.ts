/** Every thread of the page begins here: what its first message names is what it does from then on. */

import { takeFiles } from "./platform/files.ts";
import { type Beginning, keepScript } from "./platform/threads.ts";

/** The modules that threads run, by their paths in the project. Each takes the messages that come next. */
const modules: Readonly<Record<string, () => Promise<unknown>>> = {
  "/library/engine/worker.ts": () => import("../../library/engine/worker.ts"),
  "/viewer/alone/workspace_thread.ts": () => import("./workspace_thread.ts"),
  "/viewer/server/runs/run_worker.ts": () => import("../server/runs/run_worker.ts"),
};

self.onmessage = ({ data: { module, script, files } }: MessageEvent<Beginning>) => {
  keepScript(script);
  takeFiles(files);
  // Modules of a bundle are there at once: the next message finds its listener.
  modules[module]();
};
