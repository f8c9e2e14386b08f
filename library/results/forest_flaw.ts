/** Whether two arrays are a merge forest: `forest_probes` and `forest_similarity`. */

import { ProbeGroups } from "../cluster/forest.ts";
import { probeCount } from "../scan/shape.ts";
import type { Arrays, Flaw } from "./product.ts";

/**
 * The first thing that keeps the arrays from being a forest of neighbouring probes with falling similarities.
 *
 * @param probes uint32 (edge, 2)
 * @param arrays among which the similarities are
 */
export function forestFlaw(probes: Uint32Array, { shape, array }: Arrays): Flaw | undefined {
  const { columns } = shape, count = probeCount(shape), edges = probes.length / 2;
  const similarity = array("forest_similarity");
  if (similarity?.length !== edges) {
    return flaw(
      "edges lack their similarities",
      `${edges} similarities`,
      String(similarity?.length ?? "none"),
    );
  }
  if (!(edges < count)) return flaw("too many edges", `at most ${count - 1}`, String(edges));
  const groups = new ProbeGroups(count);
  for (let edge = 0; edge < edges; edge++) {
    const probe = probes[2 * edge], other = probes[2 * edge + 1];
    const down = Math.floor(other / columns) - Math.floor(probe / columns),
      right = other % columns - probe % columns;
    const near = probe < count && other < count && probe !== other &&
      Math.abs(down) <= 1 && Math.abs(right) <= 1;
    if (!near) return flaw("an edge joins no neighbours", "neighbouring probes", `${probe} and ${other}`);
    if (!(similarity[edge] <= (edge > 0 ? similarity[edge - 1] : 1))) {
      return flaw("similarities do not fall", "falling similarities of at most 1", String(similarity[edge]));
    }
    const first = groups.find(probe), second = groups.find(other);
    if (first === second) return flaw("edges go in a circle", "a forest", `edge ${edge}`);
    groups.join(first, second);
  }
  return undefined;
}

function flaw(what: string, expected: string, found: string): Flaw {
  return { what: `this is no merge forest: ${what}`, expected, found };
}
