/** Similarities of neighbours. */

import { answering, answerParts } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";

export const handler = define.handlers({
  GET: ({ state, params }) => answering(() => answerParts(state.workspace.similarity(params.id))),
});
