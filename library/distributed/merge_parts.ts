/** From the parts of a scan to its labels: what needs the whole, done as a run on one machine does it. */

import type { Engine } from "../engine/engine.ts";
import type { RunOptions } from "../engine/options.ts";
import type { Clustering } from "../cluster/clustering.ts";
import { type MeasuredScan, settleComparison, settleWeighing, subjectOf } from "../cluster/compare.ts";
import { planComparison } from "../cluster/comparison_plan.ts";
import { concludeClustering } from "../cluster/pipeline.ts";
import { maskRule } from "../cluster/real_space_mask.ts";
import { BlankPass } from "../passes/blank_patterns.ts";
import { halfFootprint, type PrefilterWeights } from "../passes/prefilter/footprint.ts";
import { sketchColumns } from "../passes/sketch/weight_blocks.ts";
import { windowsWithin } from "../passes/sketch/sketch_pass.ts";
import { sketchesOf } from "../passes/sketch/sketches.ts";
import { createPixelArray, type DType, type PixelArray } from "../scan/dtype.ts";
import { throwIfAborted } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { probeCount, type ScanShape } from "../scan/shape.ts";
import { type Part, readPartArray } from "./part_files.ts";
import { groundOf, parametersOf, type ScanPlan } from "./plan.ts";
import { indexOfWindow, weightsLength } from "./measure_part.ts";

/**
 * The clustering of a scan from its parts: the same bytes as `clusterScan` gives. The scan itself is read only for pairs
 * near a decision; all of it where samples turn out not to be accurate enough.
 *
 * @param parts with similarities, in the order of their rows, each row in one of them
 * @throws {CorruptFile} when arrays of parts are not what they should be
 * @throws as `clusterScan`
 */
export async function mergeParts(
  engine: Engine,
  scan: Scan,
  plan: ScanPlan,
  parts: readonly Part[],
  options: RunOptions,
): Promise<Clustering> {
  const started = performance.now();
  const given = await parametersOf(plan), ground = groundOf(plan, given);
  const { parameters, preparation, settled, detector, sketch } = ground, { shape } = scan;
  throwIfAborted(options.signal);
  const masking = parameters.mask.kind === "virtual"
    ? joined(parts, shape, "dark_field", "f32", 1) as Float32Array
    : undefined;
  const rule = maskRule(parameters.mask, probeCount(shape), masking);
  const blank = joined(parts, shape, "blank", "u8", 1) as Uint8Array;
  const weights = weightsOf(parts, shape, parameters.prefilter);
  const measured: MeasuredScan = {
    forward: joined(parts, shape, "similarity", "f32", 4) as Float32Array,
    ...weights && { weights },
    blank,
    ...sketch && {
      sketches: sketchesOf(
        {
          whole: joined(parts, shape, "sketch", "f32", sketchColumns(sketch.basis.length)) as Float32Array,
          thinned: thinnedWindows(parts, shape, sketchColumns(sketch.basis.length)),
        },
        scan,
        sketch.basis,
        blank,
      ),
    },
  };
  const read = performance.now();
  const job = {
    ...{ scan, preparation, parameters: settled, detector, mask: rule, sketching: null },
    blank: new BlankPass(scan, preparation.electrons ?? 0),
  };
  const settledJob = { ...job, weighing: await settleWeighing(engine, job, options) };
  const comparison = planComparison(subjectOf(settledJob, {}));
  const compared = await settleComparison(engine, settledJob, comparison, measured, options);
  scan.requireUnchanged?.();
  const settledAt = performance.now();
  if (parameters.method === "regions") options.onProgress?.({ stage: "regions", done: 0, total: 1 });
  const clustering = concludeClustering(shape, { ground, given, compared, rule, masking });
  const timings = {
    "reading parts": (read - started) / 1000,
    "similarity": (settledAt - read) / 1000,
    [parameters.method]: (performance.now() - settledAt) / 1000,
  };
  return { ...clustering, timings };
}

/** The weights of the prefilter at all probes. */
export function weightsOf(
  parts: readonly Part[],
  shape: ScanShape,
  prefilter: Clustering["parameters"]["prefilter"],
): PrefilterWeights | undefined {
  if (!prefilter) return undefined;
  const values = joined(parts, shape, "weights", "f32", weightsLength(prefilter)) as Float32Array;
  return { offsets: halfFootprint(prefilter), values };
}

/** An array (row, column, n) of all parts, one below the other. */
function joined(
  parts: readonly Part[],
  { rows, columns }: ScanShape,
  name: string,
  dtype: DType,
  length: number,
): PixelArray {
  const whole = createPixelArray(dtype, rows * columns * length);
  for (const part of parts) {
    const [first, end] = part.rows;
    const own = readPartArray(part, name, dtype, [end - first, columns, length]);
    whole.set(own, first * columns * length);
  }
  return whole;
}

/** Sketches of thinned patterns of `width` numbers, window by window, each from the parts that have rows of it. */
function thinnedWindows(parts: readonly Part[], shape: ScanShape, width: number): Float32Array[] {
  const windows = windowsWithin(shape, [0, shape.rows]);
  const whole = windows.map(({ rows, columns }) => new Float32Array(rows * columns * width));
  for (const part of parts) {
    for (const window of windowsWithin(shape, part.rows)) {
      const index = indexOfWindow(shape, window), lengths = [window.rows, window.columns, width];
      const own = readPartArray(part, `thinned_${index}`, "f32", lengths) as Float32Array;
      whole[index].set(own, (window.top - windows[index].top) * window.columns * width);
    }
  }
  return whole;
}
