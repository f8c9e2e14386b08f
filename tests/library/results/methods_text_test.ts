/** The paragraph for a methods section says every parameter that makes a result. */

import assert from "node:assert/strict";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { averagePatterns } from "../../../library/passes/averages/averages.ts";
import { describeMethods } from "../../../library/results/methods/methods_text.ts";
import {
  clusteringPaper,
  programCitation,
  trianglePaper,
} from "../../../library/results/methods/citations.ts";
import { describeClustering } from "../../../library/results/methods/clustering_text.ts";
import { readResult } from "../../../library/results/read.ts";
import type { RunRecord } from "../../../library/results/run_record.ts";
import { writeResult } from "../../../library/results/write.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { crystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { fullClustering } from "../../support/full_clustering.ts";

const run = {
  version: "1.2.3",
  shape: { rows: 4, columns: 7, patternRows: 32, patternColumns: 48 },
  calibration: { pixelSize: { row: 2, column: 3, unit: "nm" }, beamEnergy: 300, convergenceAngle: 0.622 },
  badPixels: { source: "found", filled: [1, 2], masked: [] },
  coveredFraction: 0.875,
} as unknown as RunRecord;

const works = { program: programCitation("1.2.3"), method: clusteringPaper, triangle: trianglePaper };

function textOf(parameters: Partial<ClusterParameters>, more: Partial<Clustering> = {}): string {
  const full = fullClustering();
  const clustering = {
    ...full,
    parameters: { ...defaultParameters, threshold: 0.9, ...parameters },
    ...more,
  };
  return describeClustering(run, clustering, ({ key }) => `[${key}]`, works).join(" ");
}

Deno.test("the text names sizes, beam, program and method", () => {
  const text = textOf({});
  assert.match(
    text,
    /^The 4D-STEM scan of 4 × 7 probe positions \(step 2 × 3 nm\) and 32 × 48 detector pixels at 300 kV with a semi-convergence angle of 0\.622 mrad was segmented with crystallite 1\.2\.3 \[crystallite\] by the method of Lee et al\. \[lee_clustering\]\./,
  );
  assert.match(text, /2 bad detector pixels became the median of their good neighbours\./);
  assert.match(text, /cover 88 % of the probe positions|covers? 87\.5 %/);
  assert.doesNotMatch(text, /undefined|NaN|\[object/);
});

Deno.test("every parameter that changes a result changes the text", () => {
  const plain = textOf({});
  const changes: { [Name in keyof ClusterParameters]?: Partial<ClusterParameters> } = {
    method: { method: "regions" },
    metric: { metric: "pearson" },
    threshold: { threshold: { kind: "auto" } },
    minimumSize: { minimumSize: 9 },
    prefilter: { prefilter: { blur: 3, radius: 4, footprint: "circle", range: [0.85, 0.95], edge: 12 } },
    mask: { mask: { kind: "triangle" } },
    average: { average: "none" },
    borderWidth: { borderWidth: 2 },
    missingNeighbour: { missingNeighbour: -1 },
    center: { center: { kind: "auto" } },
  };
  // Those that are told by what they came to: blur, detector mask and bad pixels; `exact` changes no label.
  const told = ["blur", "detectorMask", "badPixels", "exact"];
  assert.deepEqual(
    [...Object.keys(changes), ...told].sort(),
    Object.keys(defaultParameters).concat("threshold").filter((name, index, all) =>
      all.indexOf(name) === index
    ).sort(),
  );
  for (const [name, change] of Object.entries(changes)) {
    const text = textOf(change);
    assert.notEqual(text, plain, name);
    assert.doesNotMatch(text, /undefined|NaN|\[object/, name);
  }
  const settled = {
    blur: 2.5,
    detectorMask: { kind: "annulus", inner: 3, outer: 9 },
    threshold: 0.9,
  } as const;
  const text = textOf({ blur: "auto", detectorMask: { kind: "auto" } }, { settled });
  assert.match(text, /σ = 2\.5 pixels \(chosen automatically\)/);
  assert.match(text, /at 3 to 9 pixels from the centre \(chosen automatically\)/);
});

Deno.test("the command prints the paragraph with its citations, as BibTeX, or as JSON", () =>
  withFolder(async (folder) => {
    const scan = simulateScan({ rows: 10, columns: 10, grains: 2, seed: 1 }), directory = `${folder}/result`;
    const clustering = await clusterScan(scan, {
      ...defaultParameters,
      blur: 2,
      threshold: 0.9,
      mask: { kind: "triangle" },
    });
    await writeResult(directory, { scan, clustering, averages: averagePatterns(scan, clustering) });
    const { text, citations } = describeMethods(await readResult(directory));
    assert.equal(citations.length, 3);
    for (const [index] of citations.entries()) assert.ok(text.includes(`[${index + 1}]`), text);
    const plain = await crystallite("describe", directory);
    assert.equal(plain.out.split("\n\n")[0], text);
    assert.equal(plain.out.match(/^\[\d\] /gm)?.length, 3);
    const bibtex = await crystallite("describe", directory, "--bibtex");
    assert.deepEqual(bibtex.out.match(/^@\w+\{(\w+),$/gm)?.length, 3);
    assert.equal(bibtex.out.split("{").length, bibtex.out.split("}").length, "as many braces open as close");
    assert.deepEqual(
      JSON.parse((await crystallite("describe", directory, "--json")).out).citations,
      citations,
    );
    const refused = await crystallite("describe", folder);
    assert.equal(refused.code, 2);
    assert.match(refused.error, /is not a result/);
  }));
