/** Opening a scan, a result or a session. */

import { answering, answerJson, readJson } from "../../viewer/server/answers.ts";
import { define } from "../../viewer/server/define.ts";
import { openRequestOf } from "../../viewer/server/requests.ts";

export const handler = define.handlers({
  POST: ({ state, req }) =>
    answering(async () => answerJson(await state.workspace.open(openRequestOf(await readJson(req))))),
});
