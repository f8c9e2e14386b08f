/** What happens in a run. */

import { answering, answerMessages } from "../../../../serving/answers.ts";
import { define } from "../../../../serving/define.ts";
import { wholeNumberOf } from "../../../../serving/requests.ts";

export const handler = define.handlers({
  GET: ({ state, params, url }) =>
    answering(() => {
      const row = wholeNumberOf(url.searchParams, "row", 0), stop = new AbortController();
      return answerMessages(state.workspace.watch(params.id, row, stop.signal), () => stop.abort());
    }),
});
