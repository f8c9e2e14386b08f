/** Cancelling a run. */

import { answering, answerJson } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";

export const handler = define.handlers({
  POST: ({ state, params }) =>
    answering(() => {
      state.workspace.cancel(params.id);
      return answerJson({});
    }),
});
