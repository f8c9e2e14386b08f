/** Checks of what is about to be stored: sizes agree, and no NaN or infinity leaves the program by accident. */

import { type AverageBatch, type Clustering, neighbourOffsets } from "../cluster/clustering.ts";
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
  const probes = rows * columns;
  const offsets = neighbourOffsets.length;
  demandLength("labels", labels, probes);
  demandLength("similarity", similarity, probes * offsets);
  demandLength("mean similarity", meanSimilarity, probes);
  demandLength("mask", mask, probes);
  if (darkField) demandLength("dark field", darkField, probes);
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
 * Checks that a batch of averages follows on the clusters before it.
 *
 * @param next id of the first cluster without an average
 * @throws {RangeError} when batches are out of order or of the wrong size
 * @throws {CorruptFile} when an average is not finite: the scan's counts overflow float32
 */
export function checkAverages(
  batch: AverageBatch,
  next: number,
  clusters: number,
  shape: ScanShape,
  file: string,
): void {
  const pixels = shape.patternRows * shape.patternColumns;
  if (batch.first !== next || batch.first + batch.count > clusters) {
    throw new RangeError(
      `averages ${batch.first} to ${
        batch.first + batch.count - 1
      } came where ${next} was next of ${clusters}`,
    );
  }
  demandLength("averages", batch.patterns, batch.count * pixels);
  const bad = batch.patterns.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new CorruptFile(
      `the average pattern of cluster ${batch.first + Math.floor(bad / pixels)} is not finite`,
      {
        file,
        expected: "counts whose mean is a float32 number",
        found: String(batch.patterns[bad]),
        remedy: "mark the pixels that hold such values with --bad-pixels",
      },
    );
  }
}

function demandLength(name: string, array: ArrayLike<number>, expected: number): void {
  if (array.length !== expected) {
    throw new RangeError(`${name} hold ${array.length} values, not ${expected}`);
  }
}
