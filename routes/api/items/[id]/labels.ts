/** Labels as the page shows them. */

import { answering, answerParts, readJson } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";
import { labelViewOf } from "../../../../serving/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () => answerParts(state.workspace.labels(params.id, labelViewOf(await readJson(req))))),
});
