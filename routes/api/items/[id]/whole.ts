/** Mean and maximum of all patterns. */

import { answering, answerLate } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";

export const handler = define.handlers({
  GET: ({ state, params }) =>
    answering(() => answerLate((signal) => state.workspace.whole(params.id, signal))),
});
