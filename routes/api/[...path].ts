/** Everything below /api; viewer/protocol/endpoints.ts says what there is. */

import { define } from "../../viewer/server/define.ts";
import { answerRequest } from "../../viewer/server/dispatch.ts";

export const handler = define.handlers(({ req, state }) => answerRequest(req, state.workspace));
