/**
 * The tracking measure of the Cell Tracking Challenge (Matula et al. 2015, doi:10.1371/journal.pone.0144959): what it costs to
 * turn the graph of the tracks into that of the truth, with the challenge's weights. Lineages, which have one parent there and
 * several here, take no part.
 */

/** A frame: which numbers are in it, and how far tracks cover objects. */
export interface CoveredFrame {
  readonly objects: readonly number[];
  readonly tracks: readonly number[];
  /** Probes of an object that lie in a track, in parts of the object, (object, track). */
  readonly covered: readonly (readonly number[])[];
}

/** What corrections cost: splitting a node, adding one, taking one away, taking an edge away, adding one. */
const costs = { split: 5, add: 10, remove: 1, removeEdge: 1, addEdge: 1.5 };
/** Part of an object that a track must cover, more than this, to stand for it. */
const standsFor = 0.5;

/** 1 = equal graphs, 0 = as good as none. */
export function trackingAccuracy(frames: readonly CoveredFrame[]): number {
  let cost = 0, nodes = 0, edges = 0;
  /** Of the frame before: its objects, and the track of each that has one alone. */
  let before:
    | { readonly alone: ReadonlyMap<number, number>; readonly objects: ReadonlySet<number> }
    | undefined;
  for (const { objects, tracks, covered } of frames) {
    const standing = new Map<number, number[]>();
    objects.forEach((object, i) => {
      const j = covered[i].findIndex((part) => part > standsFor);
      if (j < 0) cost += costs.add;
      else standing.set(tracks[j], [...standing.get(tracks[j]) ?? [], object]);
    });
    nodes += objects.length;
    cost += costs.remove * tracks.filter((track) => !standing.has(track)).length;
    const alone = new Map<number, number>();
    for (const [track, all] of standing) {
      cost += costs.split * (all.length - 1);
      if (all.length === 1) alone.set(all[0], track);
    }
    if (before) {
      const { objects: objectsBefore, alone: aloneBefore } = before;
      const lasting = objects.filter((object) => objectsBefore.has(object));
      edges += lasting.length;
      const kept = lasting.filter((object) =>
        alone.has(object) && alone.get(object) === aloneBefore.get(object)
      );
      cost += costs.addEdge * (lasting.length - kept.length);
      // Edges between nodes that stand for one object each, but for different ones.
      const objectOf = new Map(Array.from(aloneBefore, ([object, track]) => [track, object]));
      for (const [object, track] of alone) {
        const earlier = objectOf.get(track);
        if (earlier !== undefined && earlier !== object) cost += costs.removeEdge;
      }
    }
    before = { alone, objects: new Set(objects) };
  }
  const most = costs.add * nodes + costs.addEdge * edges;
  return most > 0 ? 1 - Math.min(cost, most) / most : 0;
}
