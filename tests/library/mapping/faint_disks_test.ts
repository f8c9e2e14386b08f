/** Disks of averages told from noise and halo. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { disorientation } from "../../../library/crystal/matching/disorientation.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { disksAmong } from "../../../library/mapping/faint_disks.ts";
import { orientClusters } from "../../../library/mapping/orient_clusters.ts";
import { findPeaks } from "../../../library/passes/bragg_peaks/peak_pass.ts";
import { diskTemplate } from "../../../library/passes/bragg_peaks/probe_template.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { pixelCount, probeCount } from "../../../library/scan/shape.ts";
import { DiskStamp } from "../../../library/simulation/disks.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { trueOrientation } from "../../../library/simulation/true_orientation.ts";
import { seededRandom } from "../../support/random.ts";

const side = 96, radius = 4, beam = { row: 47.3, column: 48.6 };
const faint = [[47, 80], [70, 30], [20, 60.5]] as const;

/** A beam in its halo, faint disks, and noise of so many counts. */
function average(noise: number): Float32Array {
  const random = seededRandom(5), counts = new Float32Array(side * side);
  counts.forEach((_, pixel) => {
    const down = Math.floor(pixel / side) - beam.row, across = pixel % side - beam.column;
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    counts[pixel] = 6 * Math.exp(-(down * down + across * across) / (2 * 15 * 15)) + noise * normal;
  });
  const stamp = new DiskStamp(radius, 0.3, 16);
  stamp.add(counts, side, side, beam.row, beam.column, 5000);
  for (const [row, column] of faint) stamp.add(counts, side, side, row, column, 25);
  return counts;
}

/** Peaks of the average, and those of them that are disks. */
async function look(noise: number) {
  const scan = scanFromArray(average(noise), {
    rows: 1,
    columns: 1,
    patternRows: side,
    patternColumns: side,
  });
  const all = await findPeaks(scan, { template: diskTemplate(radius), leastRelative: 0.001 });
  const kept = await disksAmong(all, () => Promise.resolve(average(noise)), {
    ...{ detector: scan.shape, radius, origin: Float32Array.of(beam.row, beam.column) },
  });
  const wanted = [...faint, [beam.row, beam.column]];
  const found =
    wanted.filter(([row, column]) =>
      kept.row.some((own, peak) => Math.hypot(own - row, kept.column[peak] - column) < 1)
    ).length;
  return { all: all.row.length, kept: kept.row.length, found, wanted: wanted.length };
}

Deno.test("disks of half a percent of the beam stay, the ring of the halo and noise go", async () => {
  const { all, kept, found, wanted } = await look(0.05);
  assert.ok(all > 2 * wanted, `${all} peaks: nothing would be left to tell`);
  assert.deepEqual([found, kept], [wanted, wanted]);
});

Deno.test("where noise hides the disks next to nothing of it is taken for one", async () => {
  const { all, kept } = await look(1);
  assert.ok(all > 20, `${all}`);
  assert.ok(kept <= 4, `${kept} of ${all}`);
});

Deno.test("grains of a film are oriented by the faint disks of their averages", async () => {
  const gold = await builtInCrystal("Au"), { rotations } = laueGroup(gold);
  let right = 0, grains = 0;
  for (const seed of [302, 305]) {
    const scan = simulateScan({
      ...{ rows: 20, columns: 20, patternRows: side, patternColumns: side, grains: 5, seed, hotPixels: 0 },
    });
    const { shape, truth } = scan, pixels = pixelCount(shape), crystals = truth.twinOf.length;
    const data = new Uint16Array(probeCount(shape) * pixels), sums = new Float32Array(crystals * pixels);
    scan.readRows(0, shape.rows, data);
    const probes = new Int32Array(crystals);
    truth.labels.forEach((label, probe) => {
      if (label < 0 || truth.purity[probe] < 0.8) return;
      probes[label]++;
      for (let pixel = 0; pixel < pixels; pixel++) {
        sums[label * pixels + pixel] += data[probe * pixels + pixel];
      }
    });
    sums.forEach((sum, index) => sums[index] = sum / Math.max(1, probes[Math.floor(index / pixels)]));
    const averages = scanFromArray(sums, { ...shape, rows: 1, columns: crystals });
    const { matches } = await orientClusters(averages, {
      ...{ crystals: [gold], beamEnergy: 200, qPixelSize: truth.qPixelSize, fitPixelSize: true },
      ...{ center: { row: truth.center[0], column: truth.center[1] }, centerReach: 2 * truth.diskRadius },
      peaks: { template: diskTemplate(truth.diskRadius), subpixel: "fit" },
    });
    matches.forEach(([match], crystal) => {
      if (probes[crystal] < 10) return;
      grains++;
      if (match && disorientation(rotations, match.orientation, trueOrientation(truth, crystal)) < 3) right++;
    });
  }
  assert.ok(right >= 0.6 * grains, `${right} of ${grains}`);
});
