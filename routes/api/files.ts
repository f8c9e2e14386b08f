/** A folder below a served root, or the roots. */

import { answering, answerJson } from "../../viewer/server/answers.ts";
import { define } from "../../viewer/server/define.ts";

export const handler = define.handlers({
  GET: ({ state, url }) =>
    answering(async () => answerJson(await state.workspace.list(url.searchParams.get("path")))),
});
