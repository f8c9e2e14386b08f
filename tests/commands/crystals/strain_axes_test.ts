/** Axes of strain by what is known of the scan. */

import assert from "node:assert/strict";
import { anglesOf } from "../../../commands/crystals/strain_axes.ts";

type Stored = Parameters<typeof anglesOf>[1];

Deno.test("the scan's angle in a file is not that of patterns which were turned in reading it", () => {
  const angle = (selection?: Record<string, string | number | boolean>) => {
    const run = { calibration: { scanRotation: 30 }, input: { selection } };
    return anglesOf({ frame: "scan" }, { run } as unknown as Stored, [], []);
  };
  const sixth = Math.PI / 6;
  for (const selection of [undefined, { qBin: 2 }, { detectorFlip: "rows", scanRotation: 30 }]) {
    assert.equal(angle(selection as Record<string, string>), sixth);
  }
  for (const selection of [{ detectorFlip: "rows" }, { detectorTranspose: true }, { swapScanAxes: true }]) {
    assert.throws(() => angle(selection as Record<string, string>), {
      kind: "BadParameter",
      message: /not known/,
    });
  }
});
