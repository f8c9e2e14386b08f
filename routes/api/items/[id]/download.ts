/** One file for a download. */

import { answerFile, answering, readJson } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";
import { saveRequestOf } from "../../../../viewer/server/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () => {
      const request = saveRequestOf(await readJson(req));
      return answerFile(await state.workspace.download(params.id, request));
    }),
});
