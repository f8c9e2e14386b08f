/** Peaks are found where lattices leave a pattern open, and where they are wanted anyway, and are those of every pattern. */

import assert from "node:assert/strict";
import { runPasses } from "../../../../library/engine/run_passes.ts";
import { withEngine } from "../../../../library/engine/with_engine.ts";
import { type PeakLists, PeakPass } from "../../../../library/passes/bragg_peaks/peak_pass.ts";
import { diskTemplate } from "../../../../library/passes/bragg_peaks/probe_template.ts";
import { fillTable } from "../../../../library/passes/detector/bad_pixels_and_beam.ts";
import { latticeNumbers, LatticePass } from "../../../../library/passes/lattices/lattice_pass.ts";
import {
  isSettled,
  PeaksBesideLattices,
  settledRule,
  unwanted,
  wantedAnyway,
  wantedIfOpen,
} from "../../../../library/passes/lattices/peaks_beside_lattices.ts";
import { scanFromArray } from "../../../../library/scan/scan_from_array.ts";
import { disk, disks, origin, patterns, pixels, size } from "../../../support/lattice_patterns.ts";

const rows = 6, columns = 4, count = rows * columns, times = 60;
/** Clusters 0 and 1 are fitted by the one way and the other; in cluster 1 every second pattern is empty; the rest has none. */
const labels = Int32Array.from({ length: count }, (_, probe) => probe % 3 - (probe % 3 === 2 ? 3 : 0));

function film() {
  const { data } = patterns(count, 0.01, times);
  labels.forEach((label, probe) => {
    if (label === 1 && probe % 2 === 0) data.fill(0, probe * pixels, (probe + 1) * pixels);
  });
  return scanFromArray(data, { rows, columns, patternRows: size, patternColumns: size });
}

async function find(marks: Uint8Array, workers = 1, bandHeight?: number) {
  const scan = film(),
    expected = disks.map((one) => ({ ...one, height: times * one.height, ground: times * one.ground }));
  const known = {
    ...{ ...disk, labels, gain: 1 },
    origin: Float32Array.from({ length: 2 * count }, (_, index) => origin[index % 2]),
  };
  const lattices = (["sampled", "joint"] as const).map((way, label) => ({
    pass: new LatticePass(scan, {
      ...known,
      way,
      disks: [0, 1].map((other) => other === label ? expected : []),
    }),
    settled: settledRule(way, 5),
  }));
  const template = diskTemplate(disk.radius, disk.edge);
  return await withEngine({ workers }, async (engine) => {
    const peaks = new PeakPass(scan, { template, subpixel: "fit" });
    const pass = new PeaksBesideLattices(peaks, lattices, marks);
    const table = { fill: fillTable([], [], scan.shape) };
    return (await runPasses(engine, scan, table, [pass], { workers, bandHeight }))[0];
  });
}

const listOf = ({ offsets, row, column, height }: PeakLists, probe: number) =>
  [row, column, height].map((values) => [...values.subarray(offsets[probe], offsets[probe + 1])]);

Deno.test("peaks are found of open patterns and wanted ones only, and there they are those of all patterns", async () => {
  const [all, ...fits] = await find(new Uint8Array(count).fill(wantedAnyway));
  const marks = Uint8Array.from(
    labels,
    (_, probe) => probe % 5 === 0 ? wantedAnyway : probe % 7 === 0 ? unwanted : wantedIfOpen,
  );
  const given = marks.slice(), [some, ...same] = await find(marks);
  assert.deepEqual(marks, given, "marks that were given are not written to");
  assert.deepEqual(same, fits);
  let open = 0, settled = 0;
  for (let probe = 0; probe < count; probe++) {
    const decided = (["sampled", "joint"] as const).some((way, label) =>
      labels[probe] === label &&
      isSettled(
        fits[label].values.subarray(latticeNumbers * probe, latticeNumbers * (probe + 1)),
        settledRule(way, 5),
      )
    );
    const wanted = marks[probe] === wantedAnyway || (marks[probe] === wantedIfOpen && !decided);
    assert.deepEqual(listOf(some, probe), wanted ? listOf(all, probe) : [[], [], []], `probe ${probe}`);
    if (marks[probe] !== wantedIfOpen) continue;
    if (decided) settled++;
    else if (listOf(all, probe)[0].length > 0) open++;
  }
  assert.ok(open > 0 && settled > 0, `${open} open, ${settled} settled`);
});

Deno.test("which peaks are left out does not depend on threads and bands", async () => {
  const marks = new Uint8Array(count).fill(wantedIfOpen), one = await find(marks);
  assert.deepEqual(await find(marks, 3, 1), one);
  assert.deepEqual(await find(marks, 2, 7), one);
});
