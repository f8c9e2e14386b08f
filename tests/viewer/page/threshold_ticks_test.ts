import assert from "node:assert/strict";
import { textWidth } from "../../../viewer/drawing/svg/text_width.ts";
import { thresholdTicks } from "../../../viewer/page/looking/threshold_ticks.ts";
import { placeOf } from "../../../viewer/page/looking/thresholds.ts";
import { seededRandom } from "../../support/random.ts";

Deno.test("numbers at the axis of thresholds never run into each other", () => {
  const random = seededRandom(3);
  for (let trial = 0; trial < 400; trial++) {
    // Axes that crowd towards 1 in as many ways.
    const power = 1 + 6 * random(), first = 0.5 + 0.4 * random();
    const thresholds = Float64Array.from(
      { length: 151 },
      (_, place) => 1 - (1 - first) * (1 - place / 151) ** power - 1e-6,
    );
    const length = 180 + Math.floor(600 * random()), ticks = thresholdTicks(length, thresholds);
    assert.ok(ticks.length >= 2, `${ticks}`);
    for (let at = 1; at < ticks.length; at++) {
      const [before, own] = [ticks[at - 1], ticks[at]],
        distance = placeOf(own, thresholds) -
          placeOf(before, thresholds);
      const words = (textWidth(String(before), 11) + textWidth(String(own), 11)) / 2;
      assert.ok(distance * length > words, `${before} and ${own} on ${length} px`);
    }
  }
});
