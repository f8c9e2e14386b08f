/** The image of a virtual detector. */

import { answering, answerLate, readJson } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";
import { virtualRequestOf } from "../../../../viewer/server/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () => {
      const wanted = virtualRequestOf(await readJson(req));
      return await answerLate((signal) => state.workspace.virtual(params.id, wanted, signal));
    }),
});
