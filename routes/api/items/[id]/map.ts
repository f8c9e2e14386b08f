/** The cluster map with its merge forest. */

import { answering, answerParts } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";

export const handler = define.handlers({
  GET: ({ state, params }) => answering(() => answerParts(state.workspace.map(params.id))),
});
