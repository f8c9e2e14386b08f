/** Checks of what is about to be stored: sizes agree, and no NaN or infinity leaves the program by accident. */

import type { AverageBatch } from "../passes/averages/average_sweep.ts";
import type { Clustering } from "../cluster/clustering.ts";
import { neighbourOffsets } from "../scan/neighbours.ts";
import { CorruptFile } from "../scan/errors.ts";
import type { ScanShape } from "../scan/shape.ts";

/**
 * Checks a clustering against its own shape.
 *
 * @throws {RangeError} when an array has the wrong length, a label names no cluster, or a number is not finite where it
 *   must be (a similarity is NaN exactly where the neighbour is outside the scan)
 */
export function checkClustering(clustering: Clustering): void {
  const { shape: { rows, columns }, labels, clusters, similarity, meanSimilarity, mask, darkField } =
    clustering;
  const { forest, regions } = clustering;
  const probes = rows * columns;
  const offsets = neighbourOffsets.length;
  demandLength("labels", labels, probes);
  demandLength("similarity", similarity, probes * offsets);
  demandLength("mean similarity", meanSimilarity, probes);
  demandLength("mask", mask, probes);
  if (darkField) demandLength("dark field", darkField, probes);
  if (forest) demandLength("probes of the forest", forest.probes, 2 * forest.similarity.length);
  if (regions) {
    demandLength("margins", regions.margin, probes);
    if (!regions.margin.every(Number.isFinite)) throw new RangeError("a margin is not finite");
  }
  clusters.forEach((cluster, place) => {
    if (cluster.id !== place) throw new RangeError(`cluster ${cluster.id} is at place ${place}`);
  });
  for (let probe = 0; probe < probes; probe++) {
    if (labels[probe] < -1 || labels[probe] >= clusters.length) {
      throw new RangeError(`label ${labels[probe]} names none of ${clusters.length} clusters`);
    }
    if (!Number.isFinite(meanSimilarity[probe]) || (darkField && !Number.isFinite(darkField[probe]))) {
      throw new RangeError(`a map value of probe ${probe} is not finite`);
    }
    const row = Math.floor(probe / columns), column = probe % columns;
    for (let offset = 0; offset < offsets; offset++) {
      const y = row + neighbourOffsets[offset][0], x = column + neighbourOffsets[offset][1];
      const inside = y >= 0 && y < rows && x >= 0 && x < columns;
      const value = similarity[probe * offsets + offset];
      if (inside ? !Number.isFinite(value) : !Number.isNaN(value)) {
        throw new RangeError(`similarity ${value} of probe (${row}, ${column}) to (${y}, ${x}) cannot be`);
      }
    }
  }
}

/**
 * Checks a batch of averages and notes which clusters it holds.
 *
 * @param seen 1 for each cluster whose average has come; those of the batch are added
 * @throws {RangeError} when the batch is of the wrong size, or holds a cluster that there is not or that came before
 * @throws {CorruptFile} when an average is not finite: the scan's counts overflow float32
 */
export function checkAverages(
  { first, count, patterns }: AverageBatch,
  seen: Uint8Array,
  shape: ScanShape,
  file: string,
): void {
  const pixels = shape.patternRows * shape.patternColumns;
  if (!(first >= 0 && count >= 0 && first + count <= seen.length)) {
    throw new RangeError(
      `averages ${first} to ${first + count - 1} came, but there are ${seen.length} clusters`,
    );
  }
  if (seen.subarray(first, first + count).includes(1)) {
    throw new RangeError(`some of the averages ${first} to ${first + count - 1} came twice`);
  }
  seen.fill(1, first, first + count);
  demandLength("averages", patterns, count * pixels);
  for (let i = 0; i < patterns.length; i++) {
    // The difference of a number with itself is 0, but for NaN and infinity.
    if (patterns[i] - patterns[i] === 0) continue;
    throw new CorruptFile(`the average pattern of cluster ${first + Math.floor(i / pixels)} is not finite`, {
      file,
      expected: "counts whose mean is a float32 number",
      found: String(patterns[i]),
      parameter: "badPixels",
      remedy: "mark the pixels that hold such values with `badPixels`",
    });
  }
}

function demandLength(name: string, array: ArrayLike<number>, expected: number): void {
  if (array.length !== expected) {
    throw new RangeError(`${name} hold ${array.length} values, not ${expected}`);
  }
}
