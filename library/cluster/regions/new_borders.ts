/**
 * Borders that are new in a frame of a series. What was one region a frame ago is joined more readily (`hint.ts`), and a twin
 * that has grown in it since is not seen where its pattern is much like that of the rest. In time it is: neighbours on both
 * sides of the border were as alike as others the frame before, and are not any more. In a bent crystal nothing has changed.
 */

import { medianOf } from "../../scan/median.ts";
import { forEachForwardPair } from "../../scan/neighbours.ts";
import type { Sketch } from "../../passes/sketch/sketch.ts";
import { ProbeGroups } from "../forest.ts";
import { neighbourProducts } from "./grid.ts";
import { differentCosine } from "./hint.ts";
import { type LinkedRegions, linkRegions } from "./linkage.ts";

/** What another frame of a series says about this one. Maps are (row, column). */
export interface FrameExpectation {
  /** int32: which region is expected at each probe, -1 = unknown. */
  readonly labels: Int32Array;
  /** float32 (row, column, 8): similarities of neighbours in the other frame, moved with the specimen; NaN = unknown. */
  readonly similarity?: Float32Array;
}

/** Parts with fewer probes are none. */
const leastPart = 25;
/** Fewer pairs of neighbours across a border tell nothing. */
const leastPairs = 8;
/**
 * Neighbours across a new border differ at least so many times as much as others now, and at most so many the frame before: in
 * simulated twins 3.6 to 11 and 0.8 to 1.2, within crystals up to 1.7, and as much in both frames where a border was missed.
 */
const leastNow = 2.5, mostBefore = 1.3;
/** The one is at least so many times the other. */
const leastRise = 2;

/** Differences of neighbours, 1 - similarity, now and the frame before. */
interface Differences {
  readonly now: number[];
  readonly before: number[];
}

/**
 * Gives names of their own to parts of what is expected to be one region that have a new border between them now. The largest
 * keeps the name; nothing is known of probes in no part.
 *
 * @param mask uint8 (row, column): 1 where a probe takes part
 * @param similarity float32 (row, column, 8): similarities of neighbours in this frame
 * @returns int32 (row, column): what is expected, the given labels where no border is new
 */
export function tearAtNewBorders(
  sketch: Sketch,
  mask: Uint8Array,
  { labels, similarity: before }: FrameExpectation,
  similarity: Float32Array,
): Int32Array {
  if (!before) return labels;
  const parts = partsOfExpected(sketch, mask, labels);
  const sizes = new Int32Array(parts.count), names = new Int32Array(parts.count);
  parts.labels.forEach((part, probe) => {
    if (part < 0) return;
    sizes[part]++;
    names[part] = labels[probe];
  });
  const within = new Map<number, Differences>(), borders = new Map<number, Differences>();
  forEachForwardPair(sketch.rows, sketch.columns, (probe, other, direction) => {
    const one = parts.labels[probe], two = parts.labels[other];
    if (one < 0 || two < 0 || names[one] !== names[two] || Math.min(sizes[one], sizes[two]) < leastPart) {
      return;
    }
    const place = 8 * probe + 4 + direction, now = 1 - similarity[place], then = 1 - before[place];
    if (!Number.isFinite(now) || !Number.isFinite(then)) return;
    const map = one === two ? within : borders;
    const key = one === two ? one : Math.min(one, two) * parts.count + Math.max(one, two);
    const differences = map.get(key) ?? { now: [], before: [] };
    map.set(key, differences);
    differences.now.push(now);
    differences.before.push(then);
  });
  const whole = new ProbeGroups(parts.count), torn = new Set<number>();
  for (const [key, across] of borders) {
    const one = Math.floor(key / parts.count), two = key % parts.count;
    if (isNew(across, [within.get(one), within.get(two)])) torn.add(names[one]);
    else {
      const roots = [whole.find(one), whole.find(two)];
      whole.join(Math.min(...roots), Math.max(...roots));
    }
  }
  return torn.size > 0 ? renamed(labels, parts.labels, sizes, names, torn, whole) : labels;
}

/** Parts of what is expected to be one region that would be regions, were nothing expected but that they are. */
function partsOfExpected(sketch: Sketch, mask: Uint8Array, labels: Int32Array): LinkedRegions {
  const inside = mask.map((taken, probe) => taken === 1 && labels[probe] >= 0 ? 1 : 0);
  const products = neighbourProducts(sketch, inside);
  forEachForwardPair(sketch.rows, sketch.columns, (probe, other, direction) => {
    if (labels[probe] !== labels[other]) products[4 * probe + direction] = NaN;
  });
  return linkRegions(sketch, inside, products, undefined, differentCosine);
}

/** Whether neighbours across a border differ more than others, and did not the frame before. */
function isNew(across: Differences, parts: readonly (Differences | undefined)[]): boolean {
  if (across.now.length < leastPairs) return false;
  const contrast = (frame: keyof Differences) =>
    medianOf(across[frame]) / medianOf(parts.flatMap((within) => within?.[frame] ?? []));
  const now = contrast("now"), before = contrast("before");
  return now >= leastNow && before < mostBefore && now >= leastRise * before;
}

/** What is expected, with a name of its own for every component of the torn regions but the largest of each. */
function renamed(
  labels: Int32Array,
  parts: Int32Array,
  sizes: Int32Array,
  names: Int32Array,
  torn: ReadonlySet<number>,
  whole: ProbeGroups,
): Int32Array {
  const components = new Map<number, number>();
  sizes.forEach((size, part) => {
    if (size < leastPart || !torn.has(names[part])) return;
    const root = whole.find(part);
    components.set(root, (components.get(root) ?? 0) + size);
  });
  const largest = new Map<number, number>();
  for (const [root, size] of components) {
    const known = largest.get(names[root]);
    if (known === undefined || size > components.get(known)!) largest.set(names[root], root);
  }
  let next = labels.reduce((most, name) => Math.max(most, name), -1) + 1;
  const nameOf = new Map<number, number>();
  for (const root of components.keys()) {
    nameOf.set(root, largest.get(names[root]) === root ? names[root] : next++);
  }
  return labels.map((name, probe) =>
    torn.has(name) ? parts[probe] < 0 ? -1 : nameOf.get(whole.find(parts[probe])) ?? -1 : name
  );
}
