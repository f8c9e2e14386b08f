/** Mean and maximum of all patterns. */

import { answering, answerParts } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";

export const handler = define.handlers({
  GET: ({ state, params, req }) =>
    answering(async () => answerParts(await state.workspace.whole(params.id, req.signal))),
});
