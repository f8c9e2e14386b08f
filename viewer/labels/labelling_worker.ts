/** A worker of the page: makes labels while the page stays free to draw. Served as /workers/labelling.js. */

import { type LabellingRequest, LabellingService, transferable } from "./labelling_service.ts";

const service = new LabellingService();

self.onmessage = ({ data }: MessageEvent<LabellingRequest>) => {
  const answer = service.answer(data);
  self.postMessage(answer, { transfer: "result" in answer ? transferable(answer.result) : [] });
};
