/** One pattern. */

import { answering, answerParts } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";
import { wholeNumberOf } from "../../../../serving/requests.ts";

export const handler = define.handlers({
  GET: ({ state, params, url: { searchParams } }) =>
    answering(() => {
      const row = wholeNumberOf(searchParams, "row"), column = wholeNumberOf(searchParams, "column");
      return answerParts(state.workspace.pattern(params.id, row, column));
    }),
});
