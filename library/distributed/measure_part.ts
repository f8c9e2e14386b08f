/** What every pattern of a band of rows gives: similarities, sketches and whatever else labels follow from. */

import type { Engine } from "../engine/engine.ts";
import type { RunOptions } from "../engine/options.ts";
import type { Pass } from "../engine/pass.ts";
import { runPasses } from "../engine/run_passes.ts";
import { settleWeighing } from "../cluster/compare.ts";
import { planComparison } from "../cluster/comparison_plan.ts";
import { maskingImage } from "../cluster/groundwork.ts";
import { BlankPass } from "../passes/blank_patterns.ts";
import { halfFootprint, type PrefilterWeights } from "../passes/prefilter/footprint.ts";
import { sketchColumns } from "../passes/sketch/weight_blocks.ts";
import { SketchPass, windowsWithin } from "../passes/sketch/sketch_pass.ts";
import type { SketchRows } from "../passes/sketch/sketches.ts";
import { bytesPerElement } from "../scan/dtype.ts";
import type { ForwardSimilarity } from "../scan/neighbours.ts";
import { selectRegion } from "../scan/region.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount, probeCount, type ScanShape } from "../scan/shape.ts";
import type { Rows } from "./bands.ts";
import type { PartArray } from "./part_files.ts";
import type { Ground } from "./plan.ts";

/** Rows beside a band that must be read: those that the prefilter averages over, and the row below. */
export function rowsToRead(
  [first, end]: Rows,
  rows: number,
  prefilter: { readonly radius: number } | null,
): Rows {
  const reach = prefilter?.radius ?? 0;
  return [Math.max(0, first - reach), Math.min(rows, end + 1 + reach)];
}

/** Arrays of a band of rows, as a part holds them. */
export interface MeasuredRows {
  readonly arrays: readonly PartArray[];
  readonly bytesRead: number;
}

/**
 * Measures a band of rows, bit for bit as a run over the whole scan does.
 *
 * @param scan the whole; rows far from the band are never read
 * @throws as `clusterScan`
 */
export async function measureRows(
  engine: Engine,
  scan: Scan,
  { parameters, preparation, settled, detector, sketch }: Ground,
  rows: Rows,
  options: RunOptions,
): Promise<MeasuredRows> {
  const { shape } = scan, { columns } = shape, { prefilter } = parameters;
  const [top, bottom] = rowsToRead(rows, shape.rows, prefilter);
  const part = selectRegion(scan, { firstRow: top, lastRow: bottom, firstColumn: 0, lastColumn: columns });
  const leftOut = preparation.fill.leftOut?.subarray(top * columns, bottom * columns);
  const local = { ...preparation, fill: { ...preparation.fill, leftOut } };
  const dark = await maskingImage(engine, part, { parameters, preparation: local }, options);
  const blank = new BlankPass(part, preparation.electrons ?? 0);
  const sketching = sketch && new SketchPass(part, sketch.grid, sketch.basis, preparation.gain, null, {
    ...{ whole: shape, top, rows },
  }).asRows();
  // Looked at on the whole scan, so that every part comes to the same.
  const weighing = await settleWeighing(engine, { scan, preparation, parameters: settled }, options);
  const plan = planComparison({
    ...{ scan: part, parameters: settled, detector, masked: preparation.badPixels.masked, options },
    nodes: weighing?.nodes,
  });
  const run = <Result>(pass: Pass<Result>, others: readonly Pass<unknown>[] = []) =>
    runPasses(engine, part, local, [pass, ...others] as Pass<unknown>[], options) as Promise<
      readonly [Result, ...unknown[]]
    >;
  const companions: Pass<unknown>[] = [blank, ...sketching ? [sketching] : []];
  const readings = (dark ? 1 : 0) + (plan.kind === "exact" && plan.weighing ? 2 : 1);
  let forward: ForwardSimilarity, weights: PrefilterWeights | undefined, rest: readonly unknown[];
  if (plan.kind === "exact") {
    weights = plan.weighing ? (await run(plan.weighing))[0] : undefined;
    [forward, ...rest] = await run(plan.comparing(weights), companions);
  } else {
    const [sampled, ...others] = await run(plan.comparing, companions);
    ({ forward, weights } = sampled), rest = others;
  }
  scan.requireUnchanged?.();
  const own = (length: number) => [(rows[0] - top) * columns * length, (rows[1] - top) * columns * length];
  const map = <Values extends Float32Array | Uint8Array>(
    name: string,
    values: Values,
    length: number,
  ): PartArray => ({
    name,
    dtype: values instanceof Uint8Array ? "u8" : "f32",
    shape: [rows[1] - rows[0], columns, length],
    pieces: [values.subarray(...own(length))],
  });
  const sketches = rest[1] as SketchRows | undefined, width = sketch ? sketchColumns(sketch.basis.length) : 0;
  return {
    arrays: [
      map("similarity", forward, 4),
      map("blank", rest[0] as Uint8Array, 1),
      ...dark ? [map("dark_field", dark, 1)] : [],
      ...weights ? [map("weights", weights.values, weights.offsets.length)] : [],
      ...sketches ? [map("sketch", sketches.whole, width)] : [],
      ...sketches
        ? windowsWithin(shape, rows).map((window, index): PartArray => ({
          name: `thinned_${indexOfWindow(shape, window)}`,
          dtype: "f32",
          shape: [window.rows, window.columns, width],
          pieces: [sketches.thinned[index]],
        }))
        : [],
    ],
    bytesRead: readings * probeCount(part.shape) * pixelCount(shape) * bytesPerElement(scan.dtype),
  };
}

/** Which window of the whole scan a part of one belongs to. */
export function indexOfWindow(
  shape: Pick<ScanShape, "rows" | "columns">,
  { top, left }: { readonly top: number; readonly left: number },
): number {
  return windowsWithin(shape, [0, shape.rows]).findIndex((window) =>
    window.left === left && top >= window.top && top < window.top + window.rows
  );
}

/** Numbers of the prefilter's weights at each probe. */
export function weightsLength(prefilter: Ground["parameters"]["prefilter"]): number {
  return prefilter ? halfFootprint(prefilter).length : 0;
}
