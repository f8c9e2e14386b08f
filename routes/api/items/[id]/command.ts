/** What reproduces a view. */

import { answering, answerJson, readJson } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";
import { labelViewOf } from "../../../../viewer/server/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () => answerJson(state.workspace.command(params.id, labelViewOf(await readJson(req))))),
});
