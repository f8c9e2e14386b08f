/** The direct beam beside pixels that outshine it. */

import assert from "node:assert/strict";
import { directBeam } from "../../../library/passes/detector/beam_of_scan.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { poisson } from "../../support/disk_patterns.ts";
import { seededRandom } from "../../support/random.ts";

Deno.test("a hot pixel is not taken for the direct beam, whether it is found or known", async () => {
  const size = 48, rows = 6, columns = 6, hot = 10 * size + 37, random = seededRandom(4);
  const shape = { rows, columns, patternRows: size, patternColumns: size };
  const data = Uint16Array.from({ length: rows * columns * size * size }, (_, index) => {
    const pixel = index % (size * size);
    if (pixel === hot) return 60_000;
    const distance = Math.hypot(Math.floor(pixel / size) - 25.3, pixel % size - 22.6);
    return poisson(80 / (1 + Math.exp(4 * (distance - 4))) + 0.3, random);
  });
  const bad = new Uint8Array(size * size);
  bad[hot] = 1;
  for (const source of [{ kind: "auto" }, { kind: "pixels", bad, source: "a map" }] as const) {
    const { row, column, radius } = await directBeam(scanFromArray(data, shape), source);
    assert.ok(
      Math.abs(row - 25.3) < 0.2 && Math.abs(column - 22.6) < 0.2,
      `${source.kind}: ${row}, ${column}`,
    );
    assert.ok(Math.abs(radius - 4) < 0.5, `${radius}`);
  }
});
