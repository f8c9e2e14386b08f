/** What reproduces a view. */

import { answering, answerJson, readJson } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";
import { labelViewOf } from "../../../../serving/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () => answerJson(state.workspace.command(params.id, labelViewOf(await readJson(req))))),
});
