/** The image of a virtual detector. */

import { answering, answerParts, readJson } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";
import { virtualRequestOf } from "../../../../serving/requests.ts";

export const handler = define.handlers({
  POST: ({ state, params, req }) =>
    answering(async () => {
      const wanted = virtualRequestOf(await readJson(req));
      return answerParts(await state.workspace.virtual(params.id, wanted, req.signal));
    }),
});
