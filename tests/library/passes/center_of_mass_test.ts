import assert from "node:assert/strict";
import { centerOfMass } from "../../../library/passes/center_of_mass.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { seededRandom } from "../../support/random.ts";

Deno.test("the centre of mass is the sum over the detector, whatever the threads and bands", async () => {
  const shape = { rows: 5, columns: 7, patternRows: 9, patternColumns: 11 }, pixels = 99;
  const random = seededRandom(9), center = { kind: "at", row: 4.2, column: 5.6 } as const;
  for (const [make, most] of [[Uint8Array, 200], [Float32Array, 1]] as const) {
    const data = make.from(Array.from({ length: 35 * pixels }, () => random() * most));
    // No counts at all have no centre.
    data.fill(0, 3 * pixels, 4 * pixels);
    const scan = scanFromArray(data, shape), radius = 3.7;
    const wanted = { detector: { kind: "disk", radius }, center, badPixels: { kind: "none" } } as const;
    const found = await centerOfMass(scan, wanted, { workers: 1 });
    const again = await centerOfMass(scan, wanted, { workers: 2, bandHeight: 2 });
    assert.deepEqual(again, found);
    for (let probe = 0; probe < 35; probe++) {
      let sum = 0, down = 0, right = 0;
      for (let pixel = 0; pixel < pixels; pixel++) {
        const row = Math.floor(pixel / 11) - center.row, column = pixel % 11 - center.column;
        if (Math.hypot(row, column) > radius) continue;
        sum += data[probe * pixels + pixel];
        down += row * data[probe * pixels + pixel];
        right += column * data[probe * pixels + pixel];
      }
      if (sum === 0) assert.ok(Number.isNaN(found.row[probe]) && Number.isNaN(found.column[probe]));
      else {
        assert.ok(Math.abs(found.row[probe] - down / sum) < 1e-5, `${probe}: ${found.row[probe]}`);
        assert.ok(Math.abs(found.column[probe] - right / sum) < 1e-5);
      }
    }
  }
});
