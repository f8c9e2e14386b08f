/** Saving files into a folder. */

import { answering, answerJson, readJson } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";
import { saveRequestOf } from "../../../../serving/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () => {
      const request = saveRequestOf(await readJson(req));
      return answerJson(await state.workspace.save(params.id, request));
    }),
});
