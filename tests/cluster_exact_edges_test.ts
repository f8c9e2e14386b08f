/** Edges computed one by one equal those of the exact pass bit for bit. */

import assert from "node:assert/strict";
import { fillTable } from "../cluster/detector.ts";
import { detectorMaskPixels, indexCenter } from "../cluster/detector_mask.ts";
import { exactEdges } from "../cluster/exact_edges.ts";
import { gaussianTaps } from "../cluster/gaussian.ts";
import { forwardOffsets } from "../cluster/neighbours.ts";
import { type Metric, type PrefilterParameters } from "../cluster/parameters.ts";
import { prefilterPass } from "../cluster/prefilter.ts";
import { similarityPass } from "../cluster/similarity.ts";
import { withEngine } from "../engine/engine.ts";
import type { RunOptions } from "../engine/options.ts";
import { createPixelArray, type DType } from "../scan/dtype.ts";
import { Aborted, CorruptFile, OutOfResources } from "../scan/errors.ts";
import { scanFromArray } from "../scan/memory.ts";
import type { Scan } from "../scan/scan.ts";
import type { ScanShape } from "../scan/shape.ts";
import { seededRandom } from "./support/random.ts";
import { grainScan } from "./support/scans.ts";

/** All that decides the similarity of an edge. */
interface Case {
  readonly metric: Metric;
  readonly blur: number;
  readonly mask: Uint8Array | null;
  readonly filled: readonly number[];
  readonly masked: readonly number[];
  readonly prefilter?: PrefilterParameters;
}

/** All edges of the exact pass, NaN where they lead out of the scan. */
function passOver(scan: Scan, settings: Case, options: RunOptions): Promise<Float32Array> {
  const { metric, blur, mask, filled, masked, prefilter } = settings;
  const fill = fillTable(filled, masked, scan.shape);
  return withEngine(options, async (engine) => {
    const weights = prefilter && await prefilterPass(engine, scan, fill, masked, prefilter, options);
    return similarityPass(engine, scan, fill, { metric, taps: gaussianTaps(blur), mask }, weights, options);
  });
}

function oneByOne(
  scan: Scan,
  settings: Case,
  edges: ArrayLike<number>,
  options: RunOptions,
): Promise<Float32Array> {
  const { metric, blur, mask, filled, masked, prefilter } = settings;
  const features = { metric, taps: gaussianTaps(blur), mask };
  const filter = prefilter && { parameters: prefilter, masked };
  return withEngine(
    options,
    (engine) =>
      exactEdges(engine, scan, fillTable(filled, masked, scan.shape), features, filter, edges, options),
  );
}

/** Indices of the edges inside the scan, each kept with a probability, in random order. */
function someEdges({ rows, columns }: ScanShape, random: () => number, kept: number): number[] {
  const edges: number[] = [];
  for (let probe = 0; probe < rows * columns; probe++) {
    forwardOffsets.forEach(([down, right], direction) => {
      const column = probe % columns + right;
      const inside = Math.floor(probe / columns) + down < rows && column >= 0 && column < columns;
      if (inside && random() < kept) edges.push(4 * probe + direction);
    });
  }
  return edges.map((edge) => [random(), edge]).sort(([a], [b]) => a - b).map(([, edge]) => edge);
}

function randomCase(random: () => number, shape: ScanShape): Case {
  const pick = <Item>(...items: Item[]) => items[Math.floor(random() * items.length)];
  const pixels = shape.patternRows * shape.patternColumns;
  const outer = Math.min(shape.patternRows, shape.patternColumns) / 2;
  const masks = [
    null,
    detectorMaskPixels({ kind: "annulus", inner: 1, outer }, shape, indexCenter(shape), []),
    Uint8Array.from({ length: pixels }, (_, i) => i === 0 || random() < 0.7 ? 1 : 0),
  ];
  const bad = random() < 0.5 ? [] : [0, 7, Math.floor(pixels / 2)];
  const radius = 1 + Math.floor(random() * 3);
  const prefilter: PrefilterParameters = {
    blur: pick(0, 0.8, 1.5),
    radius,
    footprint: pick("circle", "square"),
    range: pick([0.2, 0.9] as const, [0.85, 0.95] as const, [-0.5, 0.5] as const),
    edge: pick(0, 2),
  };
  return {
    metric: pick("cosine", "centered", "pearson"),
    blur: pick(0, 0.7, 2),
    mask: pick(...masks),
    filled: bad,
    masked: bad.length > 0 && random() < 0.5 ? [5, 6] : [],
    prefilter: random() < 0.5 ? prefilter : undefined,
  };
}

Deno.test("edges one by one equal the exact pass bit for bit, on 60 random scans and settings", async () => {
  const types: DType[] = ["u8", "u16", "f32", "u16", "i32", "f64"];
  for (let seed = 0; seed < 60; seed++) {
    const random = seededRandom(seed);
    const shape = {
      rows: 1 + Math.floor(random() * 9),
      columns: 1 + Math.floor(random() * 9),
      patternRows: 9 + Math.floor(random() * 12),
      patternColumns: 9 + Math.floor(random() * 12),
    };
    // Every sixth scan has counts beyond 15 bits.
    const dtype = types[seed % types.length];
    const scan = grainScan(shape, dtype, seed, dtype === "u8" || seed % 6 !== 3 ? 1 : 500);
    const settings = randomCase(random, shape);
    const edges = someEdges(shape, random, random() < 0.5 ? 1 : 0.15);
    const workers = 1 + seed % 2;
    const expected = await passOver(scan, settings, { workers, bandHeight: 1 + seed % 3 });
    const found = await oneByOne(scan, settings, edges, { workers });
    assert.deepEqual(found, Float32Array.from(edges, (edge) => expected[edge]), `seed ${seed}`);
  }
});
