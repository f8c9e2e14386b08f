/** Similarities at random, for tests of what merge forests say. */

import type { GrowthInput } from "../../library/cluster/growth.ts";
import { allDirections, meanSimilarity } from "../../library/scan/neighbours.ts";
import { seededRandom } from "./random.ts";

/** What growth and forests work on, and the similarities that occur in it. */
export type RandomField = Omit<GrowthInput, "threshold" | "borderWidth" | "minimumSize"> & {
  /** Distinct similarities of pairs in the mask, rising. */
  readonly values: readonly number[];
};

/** How a field is drawn. */
export interface FieldSettings {
  /** Rows and columns are 1 to this; default 14. */
  readonly largest?: number;
  /** Distinct similarities at most; default 2 to 31, so that there are ties. */
  readonly levels?: number;
}

/** Symmetric similarities of either sign, some NaN, and a mask with holes. */
export function randomField(seed: number, { largest = 14, levels }: FieldSettings = {}): RandomField {
  const random = seededRandom(seed);
  const rows = 1 + Math.floor(random() * largest), columns = 1 + Math.floor(random() * largest);
  const steps = levels ?? 2 + Math.floor(random() * 30);
  const missing = random() < 0.5 ? 0 : 0.1;
  const forward = Float32Array.from(
    { length: rows * columns * 4 },
    () => random() < missing ? NaN : Math.floor(random() * steps) / (steps - 1) * 2 - 1,
  );
  const similarity = allDirections(forward, rows, columns);
  const inside = [1, 0.8, 0.5][seed % 3];
  const mask = Uint8Array.from({ length: rows * columns }, () => random() < inside ? 1 : 0);
  return {
    rows,
    columns,
    similarity,
    meanSimilarity: meanSimilarity(similarity, null),
    mask,
    values: [...new Set(pairsOf({ rows, columns, similarity, mask }).map((pair) => pair.similarity))]
      .sort((a, b) => a - b),
  };
}

/** Pairs of neighbours in the mask that have a similarity, each once. */
export function pairsOf(
  { rows, columns, similarity, mask }: Pick<RandomField, "rows" | "columns" | "similarity" | "mask">,
): { first: number; second: number; similarity: number }[] {
  const pairs: { first: number; second: number; similarity: number }[] = [];
  for (let probe = 0; probe < rows * columns; probe++) {
    [[0, 1], [1, -1], [1, 0], [1, 1]].forEach(([down, right], direction) => {
      const row = Math.floor(probe / columns) + down, column = probe % columns + right;
      if (row >= rows || column < 0 || column >= columns) return;
      const second = row * columns + column, value = similarity[8 * probe + 4 + direction];
      if (mask[probe] && mask[second] && !Number.isNaN(value)) {
        pairs.push({ first: probe, second, similarity: value });
      }
    });
  }
  return pairs;
}
