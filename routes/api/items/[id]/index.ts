/** What an open item is. */

import { answering, answerJson } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";

export const handler = define.handlers({
  GET: ({ state, params }) => answering(() => answerJson(state.workspace.item(params.id).describe())),
});
