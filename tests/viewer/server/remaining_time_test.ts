/** Time left of a whole run, from the rates of its stages. */

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

Deno.test("it is that of the whole run: later stages take as much longer than planned as the present one (case 10)", () => {
  const planned = [
    { stage: "prefilter", seconds: 2 },
    { stage: "similarity", seconds: 6 },
    { stage: "regions", seconds: 1 },
  ];
  const time = new RemainingTime(planned);
  assert.equal(time.report("looking", 0, 5, 0), undefined);
  assert.equal(time.report("prefilter", 0, 100, 1000), undefined);
  // 8 s in all for what was planned at 2: four times as long.
  assert.equal(time.report("prefilter", 50, 100, 5000), 4 + 4 * 7);
  assert.equal(time.report("prefilter", 100, 100, 9000), 4 * 7);
  // A stage that has just begun does not make the rest unknown.
  assert.equal(time.report("similarity", 0, 100, 9000), 4 * 7);
  assert.equal(time.report("similarity", 50, 100, 15_000), 6 + 2 * 1);
  assert.equal(time.report("regions", 0, 1, 21_000), 2 * 1);
});

Deno.test("a stage that starts over is measured anew", () => {
  const time = new RemainingTime([{ stage: "similarity", seconds: 5 }, { stage: "regions", seconds: 3 }]);
  time.report("similarity", 0, 100, 0);
  assert.equal(time.report("similarity", 50, 100, 5000), 5 + 6);
  assert.equal(time.report("similarity", 0, 100, 6000), 10 + 6);
  assert.equal(time.report("similarity", 50, 100, 7000), 1 + 1.2);
});
