/** Sizes of detector pixels, square or not. */

import assert from "node:assert/strict";
import { detectorPixel, detectorPixelIfKnown } from "../../../commands/options/crystal_options.ts";
import { calibratedPeaks } from "../../../library/mapping/calibrated_peaks.ts";

const unit = "A^-1", row = 0.026, column = 0.027;

Deno.test("pixels that are not quite square stretch patterns, and places in reciprocal space are right", () => {
  for (const [tall, wide] of [[row, column], [column, row]]) {
    const { qPixelSize, ellipse } = detectorPixel({}, { qPixelSize: { row: tall, column: wide, unit } }, 200);
    assert.equal(qPixelSize, column);
    const peaks = {
      offsets: Uint32Array.of(0, 1),
      row: Float32Array.of(40),
      column: Float32Array.of(70),
      height: Float32Array.of(1),
    };
    const { qRow: [down], qColumn: [across] } = calibratedPeaks(peaks, 0, {
      ...{ origin: Float32Array.of(50, 50), ellipse },
      qPixelSize: { row: qPixelSize, column: qPixelSize },
    });
    assert.ok(Math.abs(down + 10 * tall) < 1e-9 && Math.abs(across - 20 * wide) < 1e-9, `${down}, ${across}`);
  }
});

Deno.test("square pixels stretch nothing, pixels far from square are refused, and no size is none", () => {
  const of = (tall: number, wide: number) =>
    detectorPixel({}, { qPixelSize: { row: tall, column: wide, unit } }, 200);
  assert.deepEqual(of(0.02, 0.02), { qPixelSize: 0.02 });
  assert.equal(of(0.02, 0.02001).ellipse, undefined);
  assert.throws(() => of(0.02, 0.022), { kind: "BadParameter", message: /not square/ });
  assert.equal(detectorPixelIfKnown({}, {}, 200), undefined);
  assert.throws(() => detectorPixel({}, {}, 200), { kind: "BadParameter", message: /not known/ });
});
