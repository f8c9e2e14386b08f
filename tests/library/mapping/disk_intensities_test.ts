/** Light in disks whose places are known. */

import assert from "node:assert/strict";
import { diskIntensity } from "../../../library/mapping/disk_intensities.ts";
import { DiskStamp } from "../../../library/simulation/disks.ts";

const detector = { patternRows: 40, patternColumns: 48 }, radius = 4;

function pattern(row: number, column: number, electrons: number, ground: number): Float32Array {
  const counts = new Float32Array(40 * 48).map((_, pixel) => ground + 0.1 * Math.floor(pixel / 48));
  new DiskStamp(radius, 0.3, 16).add(counts, 40, 48, row, column, electrons);
  return counts;
}

Deno.test("a disk's light is counted above a background that slopes", () => {
  const counts = pattern(20.25, 22.5, 5000, 7);
  const found = diskIntensity(counts, detector, 20.25, 22.5, radius)!;
  assert.ok(found > 0.85 * 5000 && found <= 5000, `${found}`);
  assert.ok(diskIntensity(counts, detector, 10, 34, radius)! < 25, "elsewhere is none");
});

Deno.test("disks beyond the edge, and on bad pixels, are not measured", () => {
  const counts = pattern(20, 22, 100, 1), bad = new Uint8Array(40 * 48);
  assert.equal(diskIntensity(counts, detector, 3.9, 22, radius), undefined);
  assert.equal(diskIntensity(counts, detector, 20, 44, radius), undefined);
  bad[20 * 48 + 24] = 1;
  assert.equal(diskIntensity(counts, { ...detector, bad }, 20, 22, radius), undefined);
  assert.ok(diskIntensity(counts, { ...detector, bad }, 20, 34, radius) !== undefined);
});
