/** Averages of clusters as vectors whose inner products tell how alike they are, as the run compared neighbours. */

import { detectorMaskPixels } from "../../../library/passes/detector/detector_mask.ts";
import { OutOfResources } from "../../../library/scan/errors.ts";
import type { ScanShape } from "../../../library/scan/shape.ts";
import type { LikenessHeader, LikenessRequest } from "../../protocol/patterns.ts";
import type { Parts } from "../../protocol/parts.ts";
import type { Item } from "../items/item.ts";
import type { Engines } from "../runs/engines.ts";
import { binned, binPattern, groupAverages, type Groups } from "./group_averages.ts";

/** Numbers of all vectors together, 24 MB: patterns of many clusters are binned until they fit. */
const mostNumbers = 6 * 2 ** 20;

/** The bin of an answer, checked before anything is read. */
export function likenessBin(shape: ScanShape, { sizes, bin }: LikenessRequest): number {
  const numbers = (bin: number) => {
    const { patternRows, patternColumns } = binned(shape, bin);
    return sizes.length * patternRows * patternColumns;
  };
  if (bin !== undefined) {
    if (numbers(bin) <= 2 * mostNumbers) return bin;
    throw new OutOfResources("so many averages do not fit into one answer", {
      expected: `${2 * mostNumbers} numbers`,
      found: `${numbers(bin)} numbers`,
      remedy: "ask with a larger bin",
    });
  }
  let least = 1;
  while (numbers(least) > mostNumbers && numbers(least + 1) < numbers(least)) least++;
  return least;
}

/** Vectors of unit length, f32 (group, pixel): what the run compared of each average, centred where its metric is. */
export async function likenessVectors(
  engines: Engines,
  item: Item,
  groups: Groups,
  bin: number,
  signal: AbortSignal,
): Promise<Parts<LikenessHeader>> {
  const { shape } = item, { settled, center, parameters, badPixels } = item.demandFound().clustering;
  const keep = detectorMaskPixels(settled.detectorMask, shape, center, badPixels.masked);
  const kept = keep ? keep.reduce((sum, own) => sum + own, 0) : shape.patternRows * shape.patternColumns;
  const { patternRows, patternColumns } = binned(shape, bin), length = patternRows * patternColumns;
  const vectors = new Float32Array(groups.clusters.length * length);
  for await (const { header: { place }, arrays } of groupAverages(engines, item, groups, 1, signal)) {
    const pattern = arrays.pattern as Float32Array;
    let sum = 0;
    if (keep) {
      for (let pixel = 0; pixel < pattern.length; pixel++) if (keep[pixel] === 0) pattern[pixel] = 0;
    }
    if (parameters.metric !== "cosine") {
      for (const value of pattern) sum += value;
      for (let pixel = 0; pixel < pattern.length; pixel++) {
        if (!keep || keep[pixel] === 1) pattern[pixel] -= sum / kept;
      }
    }
    const small = binPattern(pattern, shape, bin);
    const square = small.reduce((sum, value) => sum + value * value, 0);
    const factor = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let pixel = 0; pixel < length; pixel++) vectors[place * length + pixel] = small[pixel] * factor;
  }
  return { header: { bin }, arrays: { vectors } };
}
