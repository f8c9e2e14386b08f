/** What an open item is. */

import { answering, answerJson } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";

export const handler = define.handlers({
  GET: ({ state, params }) => answering(() => answerJson(state.workspace.item(params.id).describe())),
});
