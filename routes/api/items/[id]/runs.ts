/** Starting a clustering. */

import { answering, answerJson, readJson } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";
import { runRequestOf } from "../../../../serving/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () =>
      answerJson(await state.workspace.start(params.id, runRequestOf(await readJson(req))))
    ),
});
