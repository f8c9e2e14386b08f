/** Saving files into a folder. */

import { answering, answerJson, readJson } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";
import { saveRequestOf } from "../../../../viewer/server/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () => {
      const request = saveRequestOf(await readJson(req));
      return answerJson(await state.workspace.save(params.id, request));
    }),
});
