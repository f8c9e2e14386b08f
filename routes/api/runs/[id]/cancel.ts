/** Cancelling a run. */

import { answering, answerJson } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";

export const handler = define.handlers({
  POST: ({ state, params }) =>
    answering(() => {
      state.workspace.cancel(params.id);
      return answerJson({});
    }),
});
