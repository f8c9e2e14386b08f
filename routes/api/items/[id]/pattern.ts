/** One pattern. */

import { answering, answerParts } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";
import { wholeNumberOf } from "../../../../viewer/server/requests.ts";

export const handler = define.handlers({
  GET: ({ state, params, url: { searchParams } }) =>
    answering(async () => {
      const row = wholeNumberOf(searchParams, "row"), column = wholeNumberOf(searchParams, "column");
      return answerParts(await state.workspace.pattern(params.id, row, column));
    }),
});
