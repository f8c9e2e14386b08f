/** Edges computed one by one equal those of the exact pass bit for bit. */

import assert from "node:assert/strict";
import { fillTable } from "../../../library/passes/detector/bad_pixels_and_beam.ts";
import { detectorMaskPixels, indexCenter } from "../../../library/passes/detector/detector_mask.ts";
import { exactEdges } from "../../../library/passes/similarity/exact_edges.ts";
import { gaussianTaps } from "../../../library/passes/features/gaussian.ts";
import { forwardOffsets } from "../../../library/scan/neighbours.ts";
import type { Metric } from "../../../library/passes/features/features.ts";
import type { PrefilterParameters } from "../../../library/passes/prefilter/parameters.ts";
import { runPasses } from "../../../library/engine/run_passes.ts";
import { PrefilterWeightsPass } from "../../../library/passes/prefilter/weights_pass.ts";
import { RowSimilarity } from "../../../library/passes/similarity/row_similarity.ts";
import type { Engine } from "../../../library/engine/engine.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import type { DType } from "../../../library/scan/dtype.ts";
import { Aborted, CorruptFile, OutOfResources } from "../../../library/scan/errors.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import type { ScanShape } from "../../../library/scan/shape.ts";
import { withFolder } from "../../support/folders.ts";
import { seededRandom } from "../../support/random.ts";
import { grainScan } from "../../support/scans.ts";
import type { FillTable } from "../../../library/engine/loaded_scan.ts";

/** All that decides the similarity of an edge. */
interface Case {
  readonly metric: Metric;
  readonly blur: number;
  readonly mask: Uint8Array | null;
  readonly filled: readonly number[];
  readonly masked: readonly number[];
  readonly prefilter?: PrefilterParameters;
}

async function weightsOf(
  engine: Engine,
  scan: Scan,
  fill: FillTable,
  masked: readonly number[],
  prefilter: PrefilterParameters,
  options: RunOptions,
) {
  const weighing = new PrefilterWeightsPass(scan, prefilter, masked);
  return (await runPasses(engine, scan, { fill }, [weighing], options))[0];
}

/** All edges of the exact pass, NaN where they lead out of the scan. */
function passOver(scan: Scan, settings: Case, options: RunOptions): Promise<Float32Array> {
  const { metric, blur, mask, filled, masked, prefilter } = settings;
  const fill = fillTable(filled, masked, scan.shape);
  return withEngine(options, async (engine) => {
    const weights = prefilter && await weightsOf(engine, scan, fill, masked, prefilter, options);
    const comparing = new RowSimilarity(scan, { metric, taps: gaussianTaps(blur), mask }, weights, options);
    return (await runPasses(engine, scan, { fill }, [comparing], options))[0];
  });
}

async function oneByOne(
  scan: Scan,
  settings: Case,
  edges: ArrayLike<number>,
  options: RunOptions,
): Promise<Float32Array> {
  const { metric, blur, mask, filled, masked, prefilter } = settings;
  const features = { metric, taps: gaussianTaps(blur), mask };
  const fill = fillTable(filled, masked, scan.shape);
  const weights = prefilter &&
    await withEngine({ workers: 1 }, (engine) => weightsOf(engine, scan, fill, masked, prefilter, {}));
  return await withEngine(
    options,
    (engine) => exactEdges(engine, scan, fill, features, weights, edges, options),
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

const plain: Case = { metric: "cosine", blur: 1, mask: null, filled: [], masked: [] };
const filtering: PrefilterParameters = {
  ...{ blur: 1, radius: 3, footprint: "circle", range: [0.3, 0.9], edge: 2 },
};

/** The least memory that an engine takes: 16 MiB for patterns. */
const little = 266 * 2 ** 20;

Deno.test("little memory takes several groups of edges and gives the same bits", async () => {
  const shape = { rows: 24, columns: 26, patternRows: 72, patternColumns: 85 };
  for (const dtype of ["f32", "u16", "i32"] as DType[]) {
    const scan = grainScan(shape, dtype, 4);
    for (const prefilter of [undefined, filtering]) {
      const settings = { ...plain, prefilter };
      const edges = someEdges(shape, seededRandom(9), 0.3);
      let groups = 0;
      const found = await oneByOne(scan, settings, edges, {
        ...{ workers: 1, memory: little },
        onProgress: ({ done, total }) => {
          groups++;
          assert.ok(done <= total && total === edges.length);
        },
      });
      assert.ok(groups > 1, "a test that can't tell anything");
      const expected = await passOver(scan, settings, { workers: 1 });
      assert.deepEqual(
        found,
        Float32Array.from(edges, (edge) => expected[edge]),
        `${dtype} ${groups} groups`,
      );
    }
  }
});

Deno.test("patterns that threads read from a file give the same bits as rows of a scan in memory", () =>
  withFolder(async (folder) => {
    const shape = { rows: 9, columns: 12, patternRows: 20, patternColumns: 18 };
    const scan = grainScan(shape, "u16", 6);
    const data = new Uint16Array(shape.rows * shape.columns * shape.patternRows * shape.patternColumns);
    scan.readRows(0, shape.rows, data);
    const path = `${folder}/scan.npy`;
    await Deno.writeFile(path, encodeNpy("u16", Object.values(shape), data));
    const file = await openScan(path) as Scan;
    try {
      assert.ok(file.stored, "a test that can't tell anything");
      const edges = someEdges(shape, seededRandom(2), 0.2);
      for (const settings of [{ ...plain, filled: [3, 50] }, { ...plain, prefilter: filtering }]) {
        const expected = await oneByOne(scan, settings, edges, { workers: 1 });
        for (const workers of [1, 3]) {
          assert.deepEqual(
            await oneByOne(file, settings, edges, { workers }),
            expected,
            `${workers} workers`,
          );
        }
      }
    } finally {
      file.close();
    }
  }));

Deno.test("an edge that occurs twice, all edges and none are computed alike", async () => {
  const shape = { rows: 3, columns: 4, patternRows: 9, patternColumns: 9 };
  const scan = grainScan(shape, "u8");
  assert.equal((await oneByOne(scan, plain, [], { workers: 1 })).length, 0);
  const [first, second, third] = await oneByOne(scan, plain, [4, 0, 4], { workers: 1 });
  assert.equal(first, third);
  assert.deepEqual(await oneByOne(scan, plain, [0, 4], { workers: 1 }), Float32Array.of(second, first));
});

Deno.test("edges out of the scan are refused", async () => {
  const scan = grainScan({ rows: 2, columns: 3, patternRows: 8, patternColumns: 8 });
  for (const edge of [-1, 4 * 2, 1, 4 * 3 + 2, 4 * 2 + 3, 24, 0.5, NaN]) {
    await assert.rejects(oneByOne(scan, plain, [edge], { workers: 1 }), RangeError, `${edge}`);
  }
});

Deno.test("values that are not finite or too large are refused as in the exact pass, but only where they are read", async () => {
  const shape = { rows: 6, columns: 6, patternRows: 8, patternColumns: 8 };
  for (const value of [NaN, Infinity, 3e38]) {
    const data = new Float32Array(36 * 64).fill(1);
    data[(6 * 2 + 1) * 64 + 5] = value;
    const scan = scanFromArray(data, shape);
    const refused = (error: unknown) =>
      error instanceof CorruptFile && error.message.includes("row 2, column 1") &&
      error.details.remedy !== undefined;
    await assert.rejects(passOver(scan, plain, { workers: 1 }), refused);
    await assert.rejects(oneByOne(scan, plain, [4 * (6 * 2)], { workers: 1 }), refused);
    assert.deepEqual(await oneByOne(scan, plain, [4 * 28], { workers: 1 }), Float32Array.of(1));
  }
});

Deno.test("a signal stops it, and patterns for one edge that do not fit are refused with what would do", async () => {
  const scan = grainScan({ rows: 3, columns: 3, patternRows: 8, patternColumns: 8 });
  await assert.rejects(oneByOne(scan, plain, [0], { workers: 1, signal: AbortSignal.abort() }), Aborted);
  const shape = { rows: 9, columns: 9, patternRows: 520, patternColumns: 520 };
  const large = scanFromArray(new Uint8Array(81 * 520 * 520).fill(1), shape);
  const settings = { ...plain, prefilter: filtering };
  await assert.rejects(oneByOne(large, settings, [4 * 40], { workers: 1, memory: little }), (error) => {
    assert.ok(error instanceof OutOfResources);
    assert.match(error.details.remedy!, /`memory`/);
    return true;
  });
});
