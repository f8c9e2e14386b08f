/** What a clustering would take. */

import { answering, answerJson, readJson } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";
import { runRequestOf } from "../../../../serving/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () =>
      answerJson(await state.workspace.estimate(params.id, runRequestOf(await readJson(req))))
    ),
});
