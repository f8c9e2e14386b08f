/** The merge forest of a result: `forest_probes.npy` and `forest_similarity.npy`. */

import { join } from "node:path";
import { type MergeForest, ProbeGroups } from "../cluster/forest.ts";
import { CorruptFile } from "../scan/errors.ts";
import { probeCount, type ScanShape } from "../scan/shape.ts";
import { readStoredArray, storedShape } from "./stored_array.ts";

/** File of the probes at the ends of the edges. */
export const forestProbesName = "forest_probes.npy";
/** File of the similarities of the edges. */
export const forestSimilarityName = "forest_similarity.npy";

/**
 * Reads the forest of a result.
 *
 * @throws {FileUnavailable} when a file is missing
 * @throws {CorruptFile} when it is no forest of neighbouring probes with falling similarities
 */
export function readForest(directory: string, shape: ScanShape): MergeForest {
  const { rows, columns } = shape;
  const file = join(directory, forestProbesName);
  const refuse = (what: string, expected: string, found: string) =>
    new CorruptFile(`${file} is no merge forest: ${what}`, {
      file,
      expected,
      found,
      remedy: "run the clustering again",
    });
  const [edges] = storedShape(file);
  if (!(edges < probeCount(shape))) {
    throw refuse("too many edges", `at most ${probeCount(shape) - 1}`, String(edges));
  }
  const probes = readStoredArray(file, "u32", [edges, 2]) as Uint32Array;
  const similarity = readStoredArray(join(directory, forestSimilarityName), "f32", [edges]) as Float32Array;
  const groups = new ProbeGroups(rows * columns);
  for (let edge = 0; edge < edges; edge++) {
    const probe = probes[2 * edge], other = probes[2 * edge + 1];
    const down = Math.floor(other / columns) - Math.floor(probe / columns),
      right = other % columns - probe % columns;
    const near = probe < rows * columns && other < rows * columns && probe !== other &&
      Math.abs(down) <= 1 && Math.abs(right) <= 1;
    if (!near) throw refuse("an edge joins no neighbours", "neighbouring probes", `${probe} and ${other}`);
    if (!(similarity[edge] <= (edge > 0 ? similarity[edge - 1] : 1))) {
      throw refuse("similarities do not fall", "falling similarities of at most 1", String(similarity[edge]));
    }
    const first = groups.find(probe), second = groups.find(other);
    if (first === second) throw refuse("edges go in a circle", "a forest", `edge ${edge}`);
    groups.join(first, second);
  }
  return { rows, columns, probes, similarity };
}
