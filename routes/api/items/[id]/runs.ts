/** Starting a clustering. */

import { answering, answerJson, readJson } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";
import { runRequestOf } from "../../../../viewer/server/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () =>
      answerJson(await state.workspace.start(params.id, runRequestOf(await readJson(req))))
    ),
});
