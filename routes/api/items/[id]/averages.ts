/** Averaged patterns of groups of probes, as they are ready. */

import { answering, answerMessages, readParts } from "../../../../viewer/server/answers.ts";
import { define } from "../../../../viewer/server/define.ts";
import { probeCount } from "../../../../library/scan/shape.ts";

/** Room for the header of a request beside its probes. */
const headerBytes = 65536;

export const handler = define.handlers({
  POST: ({ state: { workspace }, params, req }) =>
    answering(async () => {
      const most = 4 * probeCount(workspace.item(params.id).shape) + headerBytes;
      const request = await readParts(req, most), stop = new AbortController();
      return answerMessages(workspace.averages(params.id, request, stop.signal), () => stop.abort());
    }),
});
