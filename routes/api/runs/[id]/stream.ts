/** What happens in a run. */

import { answering, answerMessages } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";
import { wholeNumberOf } from "../../../../viewer/server/requests.ts";

export const handler = define.handlers({
  GET: ({ state, params, url }) =>
    answering(() => {
      const row = wholeNumberOf(url.searchParams, "row", 0), stop = new AbortController();
      return answerMessages(state.workspace.watch(params.id, row, stop.signal), () => stop.abort());
    }),
});
