/** Time left, from the rate of a stage. */

import assert from "node:assert/strict";
import { RemainingTime } from "../../../viewer/server/runs/remaining_time.ts";

Deno.test("the time left follows from the rate of the stage, and is unknown until that is one", () => {
  const time = new RemainingTime();
  assert.equal(time.report("similarity", 10, 110, 0), undefined);
  assert.equal(time.report("similarity", 20, 110, 100), undefined, "a tenth of a second says little");
  assert.equal(time.report("similarity", 60, 110, 1000), 1);
  assert.equal(time.report("similarity", 110, 110, 2000), 0);
  assert.equal(time.report("averages", 0, 10, 2001), undefined);
  assert.equal(time.report("averages", 5, 10, 4001), 2);
});

Deno.test("a stage that starts over is measured anew, and stages to come are added", () => {
  const time = new RemainingTime({ regions: 6 });
  time.report("similarity", 0, 100, 0);
  assert.equal(time.report("similarity", 50, 100, 5000), 11);
  assert.equal(time.report("similarity", 0, 100, 6000), undefined);
  assert.equal(time.report("similarity", 50, 100, 7000), 7);
  assert.equal(time.report("regions", 0, 1, 9000), 6);
});
