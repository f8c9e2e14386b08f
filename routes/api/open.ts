/** Opening a scan, a result or a session. */

import { answering, answerJson, readJson } from "../../serving/answers.ts";
import { define } from "../../serving/define.ts";
import { openRequestOf } from "../../serving/requests.ts";

export const handler = define.handlers({
  POST: ({ state, req }) =>
    answering(async () => answerJson(await state.workspace.open(openRequestOf(await readJson(req))))),
});
