/** Similarities of neighbours. */

import { answering, answerParts } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";

export const handler = define.handlers({
  GET: ({ state, params }) => answering(() => answerParts(state.workspace.similarity(params.id))),
});
