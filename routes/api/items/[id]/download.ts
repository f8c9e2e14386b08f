/** One file for a download. */

import { answerFile, answering, readJson } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";
import { saveRequestOf } from "../../../../serving/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () => {
      const request = saveRequestOf(await readJson(req));
      return answerFile(await state.workspace.download(params.id, request));
    }),
});
