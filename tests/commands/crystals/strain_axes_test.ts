/** Axes of strain by what is known of the scan. */

import assert from "node:assert/strict";
import { anglesOf } from "../../../commands/crystals/strain_axes.ts";

type Stored = Parameters<typeof anglesOf>[1];
type Selection = Stored["run"]["input"]["selection"];

Deno.test("the scan's angle in a file is not that of patterns which were turned in reading it", () => {
  const angle = (selection?: Selection) => {
    const run = { calibration: { scanRotation: 30 }, input: { selection } };
    return anglesOf({ frame: "scan" }, { run } as unknown as Stored, [], []);
  };
  const sixth = Math.PI / 6;
  const known: readonly Selection[] = [undefined, { qBin: 2 }, { detectorFlip: "rows", scanRotation: 30 }];
  for (const selection of known) {
    assert.equal(angle(selection), sixth);
  }
  const unknown: readonly Selection[] = [{ detectorFlip: "rows" }, { detectorTranspose: true }, {
    swapScanAxes: true,
  }];
  for (const selection of unknown) {
    assert.throws(() => angle(selection), {
      kind: "BadParameter",
      message: /not known/,
    });
  }
});
