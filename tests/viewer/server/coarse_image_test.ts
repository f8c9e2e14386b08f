/** The first image of a virtual detector: of few probes, each for those around it, within a bounded time. */

import assert from "node:assert/strict";
import { coarseImage } from "../../../viewer/server/patterns/coarse_image.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import type { Scan } from "../../../library/scan/scan.ts";

const rows = 90, columns = 120, side = 4;
const data = Uint16Array.from({ length: rows * columns * side * side }, (_, at) => (at * 7919) % 1000);
const shape = { rows, columns, patternRows: side, patternColumns: side };
const scan = scanFromArray(data, shape);
const { signal } = new AbortController();

const sumAt = (probe: number, detector: Uint8Array | null) =>
  data.subarray(probe * side * side, (probe + 1) * side * side)
    .reduce((sum, count, pixel) => sum + (detector === null || detector[pixel] ? count : 0), 0);

/** How many values in a row differ from the one before, the first included. */
function changes(count: number, valueAt: (place: number) => unknown): number {
  return Array.from({ length: count }, (_, place) => place)
    .filter((place) => place === 0 || valueAt(place) !== valueAt(place - 1)).length;
}

Deno.test("every probe has the sum of one near it, and those that were read their own", async () => {
  const detector = Uint8Array.from({ length: side * side }, (_, pixel) => pixel % 3 === 0 ? 1 : 0);
  for (const mask of [null, detector]) {
    const { image, step } = await coarseImage(scan, mask, signal);
    assert.ok(step.rows > 1 && step.rows < 12, String(step.rows));
    assert.equal(step.columns, step.rows);
    let own = 0;
    for (let probe = 0; probe < image.length; probe++) if (image[probe] === sumAt(probe, mask)) own++;
    assert.ok(
      own >= Math.floor(rows / step.rows) * Math.floor(columns / step.columns),
      `${own} of ${step.rows}`,
    );
  }
});

Deno.test("a slow file gives an image of the whole scan all the same", async () => {
  let read = 0;
  const slow: Scan = {
    source: scan.source,
    dtype: scan.dtype,
    shape: scan.shape,
    calibration: scan.calibration,
    warnings: [],
    close() {},
    readRows(first, count, into) {
      const end = performance.now() + 60;
      while (performance.now() < end);
      read++;
      return scan.readRows(first, count, into);
    },
  };
  const started = performance.now();
  const { image, step } = await coarseImage(slow, null, signal);
  assert.ok(performance.now() - started < 2000, `${performance.now() - started} ms`);
  assert.ok(read > 0 && step.rows > 1);
  assert.ok(image.every((sum) => sum > 0));
  // Rows alone were left out: columns stand as close as the image shows them.
  const ownRows = changes(rows, (row) => image.subarray(row * columns, (row + 1) * columns).join());
  const ownColumns = changes(columns, (column) => image[column]);
  assert.equal(ownColumns, Math.ceil(columns / step.columns));
  assert.equal(ownRows, read);
  assert.equal(step.rows, Math.ceil(rows / read));
  assert.ok(step.rows > step.columns, `${step.rows} x ${step.columns}`);
});
