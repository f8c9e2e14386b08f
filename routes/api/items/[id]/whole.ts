/** Mean and maximum of all patterns. */

import { answering, answerLate } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";

export const handler = define.handlers({
  GET: ({ state, params }) =>
    answering(() => answerLate((signal) => state.workspace.whole(params.id, signal))),
});
