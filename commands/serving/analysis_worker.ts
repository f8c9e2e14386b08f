/** The thread in which the viewer has `orient` and `strain` run on a result: the commands themselves, by their words. */

import { offerTask } from "../../library/engine/background_task.ts";
import type { AnalysisNews, AnalysisStart } from "../../viewer/server/runs/analysis_thread.ts";
import { orientCommand } from "../crystals/orient.ts";
import { strainCommand } from "../crystals/strain.ts";

const commands = { orient: orientCommand, strain: strainCommand };

offerTask<AnalysisStart, AnalysisNews, null>(async ({ kind, words }, { signal, tell }) => {
  const io = {
    terminal: null,
    writeOut: () => {},
    writeError: () => {},
    takeProgress: (progress: AnalysisNews["progress"]) => tell({ progress }),
  };
  const context = { io, say: () => {}, command: ["crystallite", kind, ...words], signal };
  await commands[kind](context).exitOverride().parseAsync(words, { from: "user" });
  return null;
});
