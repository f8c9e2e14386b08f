/** Sketches of a whole scan and of half of its electrons, from the numbers that its patterns were projected to. */

import { CorruptFile } from "../../scan/errors.ts";
import type { Scan } from "../../scan/scan.ts";
import { commonFeatures, withoutCommon } from "./centre.ts";
import type { Sketch } from "./sketch.ts";
import type { SketchBasis } from "./sketch_basis.ts";
import { beamColumn, noiseColumn, sketchColumns } from "./weight_blocks.ts";
import { stabilityWindows, type Window } from "./windows.ts";

/** What is known once the scan has passed; what the patterns of all crystals have in common is taken out. */
export interface Sketches {
  readonly whole: Sketch;
  /**
   * Sketches of half of the electrons, for each window of the scan: each count of a binned pixel is divided at random, by the
   * toss of a coin for each electron, so that half and rest are independent measurements of the same probes.
   */
  readonly windows: readonly { readonly window: Window; readonly half: Sketch }[];
}

/** Numbers of sketches as they were projected; nothing common is taken out yet. */
export interface SketchRows {
  /** float32 (row, column, {@link sketchColumns} of their number): features first, beam and noise last. */
  readonly whole: Float32Array;
  /** The same of thinned patterns, float32 (row, column, number) of each window. */
  readonly thinned: readonly Float32Array[];
}

/**
 * The sketches of a whole scan from its numbers.
 *
 * @param blank uint8 (row, column): 1 where a pattern says nothing of what crystals have in common
 * @throws {CorruptFile} when patterns are too bright for float32
 */
export function sketchesOf(
  { whole: values, thinned }: SketchRows,
  { shape: { rows, columns }, source }: Pick<Scan, "shape" | "source">,
  { length, degreesOfFreedom, directions, restNoise }: Omit<SketchBasis, "weights">,
  blank?: Uint8Array,
): Sketches {
  const whole = unpack(values, { rows, columns }, { length, degreesOfFreedom, restNoise });
  if (!areFinite(whole.features) || !areFinite(whole.noise)) {
    throw new CorruptFile("patterns are too bright to be compared", {
      file: source.path,
      dataset: source.dataset,
      expected: "sums of products below 3.4e38",
      found: "an infinite sum",
      parameter: "badPixels",
      remedy: "scale the data, or name the broken pixels with `badPixels: pixels`",
    });
  }
  const recorded = blank?.map((empty) => empty ? 0 : 1);
  const common = commonFeatures(whole, directions, recorded), half = common.map((value) => value / 2);
  const windows = stabilityWindows({ rows, columns }).map((window, index) => ({
    window,
    half: withoutCommon(
      unpack(thinned[index], window, { length, degreesOfFreedom, restNoise: restNoise / 2 }),
      half,
    ),
  }));
  return { whole: withoutCommon(whole, common), windows };
}

/** Whether all numbers are finite. */
function areFinite(values: Float32Array): boolean {
  let sum = 0;
  // Zero times what is not finite is not a number, and stays it.
  for (let i = 0; i < values.length; i++) sum += 0 * values[i];
  return sum === 0;
}

/** A sketch from what the kernels leave of each pattern: features, and in the last two columns beam and noise. */
function unpack(
  values: Float32Array,
  { rows, columns }: Pick<Window, "rows" | "columns">,
  { length, degreesOfFreedom, restNoise }: Pick<SketchBasis, "length" | "degreesOfFreedom" | "restNoise">,
): Sketch {
  const features = new Float32Array(rows * columns * length), noise = new Float32Array(rows * columns);
  const beam = new Float32Array(rows * columns);
  const width = sketchColumns(length);
  for (let probe = 0; probe < noise.length; probe++) {
    const from = probe * width, to = probe * length;
    for (let k = 0; k < length; k++) features[to + k] = values[from + k];
    beam[probe] = values[from + width - beamColumn];
    noise[probe] = values[from + width - noiseColumn] + restNoise;
    if (noise[probe] < 0) noise[probe] = 0;
  }
  return { rows, columns, length, features, noise, degreesOfFreedom, beam };
}

/** Sketches of a scan in which nothing but the direct beam is seen: all patterns are alike. */
export function blankSketches(
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Sketches {
  const blank: Sketch = {
    rows,
    columns,
    length: 1,
    features: new Float32Array(rows * columns),
    noise: new Float32Array(rows * columns),
    degreesOfFreedom: 1,
  };
  return { whole: blank, windows: [] };
}
