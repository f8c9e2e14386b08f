/** Labels as the page shows them. */

import { answering, answerParts, readJson } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";
import { labelViewOf } from "../../../../viewer/server/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () => answerParts(state.workspace.labels(params.id, labelViewOf(await readJson(req))))),
});
