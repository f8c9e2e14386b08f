/** What is said of a run beforehand is what happens: readings of the scan, and memory of the arena. */

import assert from "node:assert/strict";
import { Engine } from "../../../library/engine/engine.ts";
import type { Progress } from "../../../library/engine/options.ts";
import { estimateRun } from "../../../library/cluster/estimate.ts";
import {
  autoPreset,
  defaultParameters,
  paperPreset,
  py4dstemPreset,
} from "../../../library/cluster/presets.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { averagePatterns } from "../../../library/passes/averages/averages.ts";
import { defaultPrefilter } from "../../../library/passes/prefilter/parameters.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { withFolder } from "../../support/folders.ts";

const plain: ClusterParameters = { ...defaultParameters, threshold: 0.9 };
const prefilter = { ...defaultPrefilter, edge: 4 };

/** Twenty ways to cluster: with masks, prefilter, dark field and averages of every kind. */
const cases: Readonly<Record<string, ClusterParameters>> = {
  "nothing": plain,
  "no averages": { ...plain, average: "none" },
  "a little blur": { ...plain, blur: 1 },
  "blur": { ...plain, blur: 3 },
  "blur, exact": { ...plain, blur: 3, exact: true },
  "blur, q mask": { ...plain, blur: 3, detectorMask: { kind: "annulus", inner: 4, outer: 28 } },
  "automatic q mask": { ...plain, detectorMask: { kind: "auto" } },
  "dark field": { ...plain, mask: { kind: "virtual" } },
  "dark field, blur": { ...plain, blur: 3, mask: { kind: "virtual" } },
  "prefilter": { ...plain, prefilter },
  "prefilter, blur": { ...plain, blur: 3, prefilter },
  "prefilter, blur, q mask": {
    ...{ ...plain, blur: 3, prefilter },
    detectorMask: { kind: "outside", radius: 6 },
  },
  "prefilter, filtered averages": { ...plain, blur: 3, prefilter, average: "filtered" },
  "pearson": { ...plain, metric: "pearson", blur: 1 },
  "centered, blur": { ...plain, metric: "centered", blur: 2.5 },
  "square footprint": { ...plain, prefilter: { ...prefilter, radius: 3, footprint: "square" } },
  "auto": autoPreset,
  "auto, growth": { ...autoPreset, method: "growth" },
  "paper": { ...paperPreset, prefilter },
  "py4DSTEM": { ...py4dstemPreset, threshold: 0.9 },
};

/** Stages that read single patterns only, or none. */
const withoutReading = ["exact edges", "prefilter check", "regions"];

/** How often a run read the whole scan, and the most bytes of the arena that it took. */
async function measure(scan: Scan, parameters: ClusterParameters, memory: number) {
  const engine = await Engine.create({ workers: 2, memory });
  let readings = 0;
  const onProgress = ({ stage, done, total }: Progress) => {
    if (done === total && !withoutReading.includes(stage)) readings++;
  };
  try {
    const clustering = await clusterScan(scan, parameters, { engine, onProgress });
    for await (const { count } of averagePatterns(scan, clustering, { engine, onProgress })) {
      assert.ok(count > 0);
    }
    return { readings, arena: engine.highest };
  } finally {
    engine.close();
  }
}

const shape = { rows: 36, columns: 48, patternRows: 96, patternColumns: 96 };

async function withScans(task: (scans: Readonly<Record<string, Scan>>) => Promise<void>): Promise<void> {
  // Enough electrons and pixels for samples: where they are not accurate, the comparison starts again on all pixels.
  const simulated = simulateScan({ ...shape, grains: 9, seed: 3, dose: 60_000 });
  const { rows, columns, patternRows, patternColumns } = shape;
  const data = new Uint16Array(rows * columns * patternRows * patternColumns);
  simulated.readRows(0, rows, data);
  await withFolder(async (folder) => {
    const lengths = [rows, columns, patternRows, patternColumns];
    await Deno.writeFile(`${folder}/scan.npy`, encodeNpy("u16", lengths, data));
    const file = await openScan(`${folder}/scan.npy`);
    try {
      await task({ "a file": file, "memory": scanFromArray(data, simulated.shape) });
    } finally {
      file.close();
    }
  });
}

Deno.test("readings and memory of a run are those of its estimate, for twenty sets of parameters", async (test) => {
  await withScans(async (scans) => {
    for (const [name, parameters] of Object.entries(cases)) {
      await test.step(name, async () => {
        for (const [place, scan] of Object.entries(scans)) {
          for (const memory of [700 * 2 ** 20, 320 * 2 ** 20]) {
            const { passes, arena } = estimateRun(scan, parameters, { workers: 2, memory });
            const found = await measure(scan, parameters, memory);
            assert.equal(found.readings, passes, place);
            const ratio = arena / found.arena;
            assert.ok(ratio > 1 / 1.2 && ratio < 1.2, `${place}: ${arena} bytes said, ${found.arena} taken`);
          }
        }
      });
    }
  });
});

Deno.test("time of an estimate holds the result, and regions by the number of probes", () => {
  const seconds = (side: number, parameters: ClusterParameters) =>
    estimateRun(
      { shape: { rows: side, columns: side, patternRows: 8, patternColumns: 8 }, dtype: "u8" },
      parameters,
    )
      .seconds;
  // Hardly a byte is read: what remains is neither for growth nor for regions nothing.
  assert.ok(seconds(8, plain) > 0.5, `${seconds(8, plain)} s for a result`);
  const growth: ClusterParameters = { ...autoPreset, method: "growth", mask: { kind: "none" } };
  const [small, large] = [16, 512].map((side) => seconds(side, autoPreset) - seconds(side, growth));
  assert.ok(small > 0.5, `${small} s for regions of a small scan`);
  assert.ok(large - small > 3, `${large - small} s more for 512 x 512 probes`);
});

Deno.test("times of the prefilter and of the automatic preset are to growth's as they were measured, within 20 %", () => {
  // 2.4 GB, whole commands on a quiet machine: 3.8 s, 6.8 s and 6.6 s (docs/inside/performance.md).
  const shape = { rows: 64, columns: 512, patternRows: 192, patternColumns: 192 };
  const growth: ClusterParameters = { ...plain, blur: 3 };
  const seconds = (parameters: ClusterParameters) =>
    estimateRun({ shape, dtype: "u16" }, parameters, { workers: 2 }).seconds;
  const measured: [ClusterParameters, number][] = [
    [{ ...growth, prefilter: defaultPrefilter }, 6.8 / 3.8],
    [autoPreset, 6.6 / 3.8],
  ];
  for (const [parameters, times] of measured) {
    const ratio = seconds(parameters) / seconds(growth) / times;
    assert.ok(ratio > 1 / 1.2 && ratio < 1.2, `${ratio} of ${times}`);
  }
});
