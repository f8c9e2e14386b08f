/** Probes from scans without specimen: descan and noise do not make them larger or softer. */

import assert from "node:assert/strict";
import { vacuumTemplate } from "../../../library/mapping/vacuum_probe.ts";
import { diskTemplate } from "../../../library/passes/bragg_peaks/probe_template.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { poisson } from "../../support/disk_patterns.ts";
import { seededRandom } from "../../support/random.ts";

const size = 64,
  pixels = size * size,
  shape = { rows: 5, columns: 5, patternRows: size, patternColumns: size };

/** A disk of radius 5 that wanders by some pixels. */
function wandering(): Uint16Array {
  const random = seededRandom(8);
  const places = Array.from({ length: 25 }, () => [30 + 5 * random(), 33 - 4 * random()]);
  return Uint16Array.from({ length: 25 * pixels }, (_, index) => {
    const [row, column] = places[Math.floor(index / pixels)], pixel = index % pixels;
    const distance = Math.hypot(Math.floor(pixel / size) - row, pixel % size - column);
    return poisson(0.3 + 80 / (1 + Math.exp(4 * (distance - 5))), random);
  });
}

Deno.test("the probe of a wandering vacuum scan is that of one pattern, and of any number of threads", async () => {
  const scan = scanFromArray(wandering(), shape);
  const found = await vacuumTemplate(scan, { badPixels: { kind: "none" } }, { workers: 2 });
  assert.ok(Math.abs(found.radius - 5) < 0.12, `${found.radius}`);
  assert.ok(Math.abs(found.pixels.reduce((sum, value) => sum + value, 0)) < 1e-12);
  const expected = diskTemplate(5), middle = (found.side - 1) / 2, other = (expected.side - 1) / 2;
  const highest = expected.pixels[other * expected.side + other];
  for (let step = -7; step <= 7; step++) {
    const off = found.pixels[middle * found.side + middle + step] -
      expected.pixels[other * expected.side + other + step];
    assert.ok(Math.abs(off) < (Math.abs(step) > 3 ? 0.3 : 0.1) * highest, `${step}: ${off / highest}`);
  }
  assert.deepEqual(await vacuumTemplate(scan, { badPixels: { kind: "none" } }, { workers: 3 }), found);
});

Deno.test("a single pattern is a probe as well, and an empty one is none", async () => {
  const single = { ...shape, rows: 1, columns: 1 };
  const one = scanFromArray(wandering().slice(0, pixels), single);
  const found = await vacuumTemplate(one, { badPixels: { kind: "none" } }, { workers: 1 });
  // The highest pixel, which thresholds are parts of, is noise.
  assert.ok(Math.abs(found.radius - 5) < 0.5, `${found.radius}`);
  await assert.rejects(
    vacuumTemplate(scanFromArray(new Uint16Array(pixels), single), { badPixels: { kind: "none" } }, {
      workers: 1,
    }),
    (error: { kind: string }) => error.kind === "BadParameter",
  );
});
