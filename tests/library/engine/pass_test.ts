/** Passes share a reading: each finds what it finds alone, the scan is read once, and memory is what was planned. */

import assert from "node:assert/strict";
import { type Address, nowhere } from "../../../library/engine/address.ts";
import { Engine } from "../../../library/engine/engine.ts";
import type { KernelCall } from "../../../library/engine/kernels.ts";
import type { Memory, Ring } from "../../../library/engine/memory.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import {
  type Arena,
  type Batches,
  type Pass,
  type PassScan,
  planPasses,
} from "../../../library/engine/pass.ts";
import type { RowBlock } from "../../../library/engine/pass.ts";
import { rowCalls } from "../../../library/engine/row_calls.ts";
import { workingType } from "../../../library/engine/loaded_scan.ts";
import { runPasses } from "../../../library/engine/run_passes.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { gaussianTaps } from "../../../library/passes/features/gaussian.ts";
import { StatisticsPass } from "../../../library/passes/pattern_statistics.ts";
import { PrefilterWeightsPass } from "../../../library/passes/prefilter/weights_pass.ts";
import { defaultPrefilter } from "../../../library/passes/prefilter/parameters.ts";
import { RowSimilarity } from "../../../library/passes/similarity/row_similarity.ts";
import { StripSimilarity } from "../../../library/passes/similarity/strip_similarity.ts";
import { VirtualImagePass } from "../../../library/passes/virtual_image.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { pixelCount, probeCount } from "../../../library/scan/shape.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { withFolder } from "../../support/folders.ts";

const shape = { rows: 11, columns: 13, patternRows: 64, patternColumns: 64 };
const fill = { table: new Int32Array(0), count: 0 };
const prefilter = { ...defaultPrefilter, blur: 1, radius: 2, edge: 2 };

/**
 * All there is to a new analysis, an image of the mean count of each pattern: its memory, its calls, its result.
 * Nothing else in the project knows of it.
 */
class MeanImage implements Pass<Float32Array> {
  readonly name = "mean count";
  readonly #image: Float32Array;
  #ones = nowhere;
  #sums!: Ring;
  #arena!: Arena;

  constructor(readonly scan: PassScan) {
    this.#image = new Float32Array(probeCount(scan.shape));
  }

  reserve(memory: Memory, band: number): void {
    const pixels = pixelCount(this.scan.shape);
    this.#ones = memory.table("ones", 4 * pixels, () => new Float32Array(pixels).fill(1));
    this.#sums = memory.ring("sums", band, 8 * this.scan.shape.columns);
  }

  begin(arena: Arena): void {
    this.#arena = arena;
  }

  *block({ first, end, pointer }: RowBlock): Batches {
    const { shape, dtype } = this.scan, pixels = pixelCount(shape);
    yield rowCalls(first, end - first, shape.columns, this.#arena.threads, (row, from, to) => [
      `virtual${workingType(dtype)}`,
      pointer(row),
      from,
      to,
      pixels,
      this.#ones,
      this.#sums(row),
    ]);
    for (let row = first; row < end; row++) {
      const mean = this.#arena.view(Float64Array, this.#sums(row), shape.columns).map((sum) => sum / pixels);
      this.#image.set(mean, row * shape.columns);
    }
  }

  finish(): Float32Array {
    return this.#image;
  }
}

/** Counts the patterns that it is shown, and makes no call. */
class Counting implements Pass<number> {
  readonly name = "counting";
  #patterns = 0;

  reserve(): void {}

  follow(_row: number, from: number, to: number, _patterns: Address): KernelCall[] {
    this.#patterns += to - from;
    return [];
  }

  finish(): number {
    return this.#patterns;
  }
}

/** One of each kind of pass that may share a reading of rows. */
const kinds = (scan: Scan) =>
  [
    new RowSimilarity(scan, { metric: "cosine", taps: gaussianTaps(1), mask: null }, undefined, {}),
    new PrefilterWeightsPass(scan, prefilter, []),
    new StatisticsPass(scan),
    new VirtualImagePass(scan, null),
    new MeanImage(scan),
    new Counting(),
  ] as const;

async function withScans(task: (name: string, scan: Scan) => Promise<void>): Promise<void> {
  const simulated = simulateScan({ ...shape, grains: 3, seed: 4 });
  const data = new Uint16Array(probeCount(shape) * pixelCount(shape));
  simulated.readRows(0, shape.rows, data);
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/scan.npy`, encodeNpy("u16", Object.values(shape), data));
    const file = await openScan(`${folder}/scan.npy`);
    try {
      await task("file", file);
    } finally {
      file.close();
    }
  });
  await task("memory", scanFromArray(data, simulated.shape));
  await task("float32", scanFromArray(Float32Array.from(data), simulated.shape));
}

async function run<const Passes extends readonly Pass<unknown>[]>(
  scan: Scan,
  passes: Passes,
  options: RunOptions,
) {
  const engine = await Engine.create({ workers: options.workers, memory: options.memory });
  try {
    return { results: await runPasses(engine, scan, { fill }, passes, options), highest: engine.highest };
  } finally {
    engine.close();
  }
}

Deno.test("passes in one reading find what each finds alone, for any threads and bands", async () => {
  await withScans(async (name, scan) => {
    const alone: unknown[] = [];
    for (const pass of kinds(scan)) alone.push((await run(scan, [pass], { workers: 1 })).results[0]);
    for (const options of [{ workers: 1, bandHeight: 1 }, { workers: 2, bandHeight: 4 }, { workers: 3 }]) {
      let readings = 0;
      const onProgress = ({ done, total }: { done: number; total: number }) =>
        void (done === total && readings++);
      const { results } = await run(scan, kinds(scan), { ...options, onProgress });
      assert.deepEqual(results, alone, name);
      assert.equal(readings, 1);
      assert.equal(results[5], probeCount(shape));
    }
  });
});

Deno.test("a pass of a few lines is planned, run and joined by others", async () => {
  await withScans(async (name, scan) => {
    const pixels = pixelCount(shape);
    const { results: [image, statistics] } = await run(
      scan,
      [new MeanImage(scan), new StatisticsPass(scan)],
      { workers: 2 },
    );
    const overProbes = image.reduce((sum, value) => sum + value, 0) / probeCount(shape);
    const overPixels = statistics.mean.reduce((sum, value) => sum + value, 0) / pixels;
    assert.ok(Math.abs(overProbes - overPixels) < 1e-5 * overPixels, name);
  });
});

Deno.test("what passes ask for is what is planned, and what is taken", async () => {
  await withScans(async (name, scan) => {
    const all = kinds(scan);
    for (const passes of [...all.map((pass) => [pass]), all]) {
      for (const bandHeight of [1, 3, undefined]) {
        const workers = 2, memory = 512 * 2 ** 20;
        const plan = planPasses(scan, passes, { threads: workers, available: memory, bandHeight });
        const { highest } = await run(scan, passes, { workers, memory, bandHeight });
        const place = `${name}, ${passes.map((pass) => pass.name).join(" and ")}, bands of ${plan.band}`;
        assert.ok(highest <= plan.bytes + 64, `${place}: ${highest} bytes taken, ${plan.bytes} planned`);
        assert.ok(highest > 0.8 * plan.bytes || plan.bytes < 2 ** 16 || name === "float32", place);
      }
    }
  });
});

Deno.test("a pass that fails while threads are busy fails the run, and the engine goes on", async () => {
  class Failing extends Counting {
    done(first: number): void {
      if (first > 0) throw new RangeError("no more rows");
    }
  }
  await withScans(async (name, scan) => {
    const engine = await Engine.create({ workers: 2 });
    const make = engine.run.bind(engine);
    let going = 0;
    engine.run = async (calls) => {
      going++;
      await make(calls);
      going--;
    };
    try {
      const options = { bandHeight: 2 };
      await assert.rejects(runPasses(engine, scan, { fill }, [new Failing()], options), /no more rows/);
      assert.equal(going, 0, `${name}: calls are still being made`);
      const [count] = await runPasses(engine, scan, { fill }, [new Counting()], options);
      assert.equal(count, probeCount(shape), name);
    } finally {
      engine.close();
    }
  });
});

Deno.test("strips are shared with passes that follow, and refused to those that need rows", async () => {
  const simulated = simulateScan({ ...shape, grains: 3, seed: 4 });
  const data = new Uint16Array(probeCount(shape) * pixelCount(shape));
  simulated.readRows(0, shape.rows, data);
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/scan.npy`, encodeNpy("u16", Object.values(shape), data));
    const file = await openScan(`${folder}/scan.npy`);
    try {
      const strips = () => new StripSimilarity(file, false, {});
      const [alone] = (await run(file, [strips()], { workers: 1 })).results;
      const { results } = await run(file, [strips(), new Counting()], { workers: 2, bandHeight: 3 });
      assert.deepEqual(results, [alone, probeCount(shape)]);
      await assert.rejects(run(file, [strips(), new StatisticsPass(file)], {}), /cannot share a reading/);
    } finally {
      file.close();
    }
  });
});

/** A detector that no vector and no tile of pixels divides; strips of 16-bit counts are 24 columns wide, of float32 12. */
const centredShape = { rows: 7, columns: 27, patternRows: 201, patternColumns: 190 };

for (const [dtype, array] of [["u8", Uint8Array], ["u16", Uint16Array], ["f32", Float32Array]] as const) {
  Deno.test(`patterns less their means give the same bits in strips as in rows: ${dtype}`, async () => {
    const pixels = pixelCount(centredShape), data = new array(probeCount(centredShape) * pixels);
    const noise = (i: number, bits: number) => Math.imul(i, 0x9e3779b1) >>> (32 - bits);
    for (let i = 0; i < data.length; i++) {
      data[i] = (dtype === "u16" ? 200 : 1) * (noise(i % pixels, 6) + noise(i, 7));
    }
    // A constant pattern has no norm once its mean is subtracted.
    data.fill(7, pixels, 2 * pixels);
    await withFolder(async (folder) => {
      await Deno.writeFile(`${folder}/scan.npy`, encodeNpy(dtype, Object.values(centredShape), data));
      const file = await openScan(`${folder}/scan.npy`);
      try {
        const features = { metric: "centered", taps: gaussianTaps(0), mask: null } as const;
        const rowByRow = new RowSimilarity(file, features, undefined, {});
        const [wanted] = (await run(file, [rowByRow], { workers: 1 })).results;
        assert.equal(wanted[5], 0, "the constant pattern is like no other");
        for (const workers of [1, 3]) {
          const [found] =
            (await run(file, [new StripSimilarity(file, true, {})], { workers, bandHeight: 3 })).results;
          assert.deepEqual(found, wanted);
        }
      } finally {
        file.close();
      }
    });
  });
}
