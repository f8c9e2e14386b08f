import assert from "node:assert/strict";
import { Aborted, BadParameter } from "../../../library/scan/errors.ts";
import { isFailure } from "../../../viewer/protocol/failure.ts";
import { decodeParts } from "../../../viewer/protocol/parts.ts";
import { answering, answerLate } from "../../../viewer/server/answers.ts";

Deno.test("what gives way to a run is no refusal, and what was asked wrongly is one", async () => {
  const gaveWay = await answering(() => answerLate(() => Promise.reject(new Aborted())));
  assert.equal(gaveWay.status, 200);
  const { header } = decodeParts(await gaveWay.arrayBuffer());
  assert.ok(isFailure(header) && header.error.kind === "Aborted", JSON.stringify(header));
  const wrong = await answering(() => answerLate(() => Promise.reject(new BadParameter("outer is -1"))));
  assert.equal(wrong.status, 400);
  await wrong.body?.cancel();
});
