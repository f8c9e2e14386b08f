/**
 * Every probe at a border goes to the region whose patterns nearby are nearest to its own.
 *
 * The nearest mean divides a mixed probe at equal parts; the cosine would favour the region with the stronger signal.
 * Means are local because the patterns of bent crystals drift.
 */

import type { Sketch } from "../../passes/sketch/sketch.ts";
import { BorderJudge, marginCap } from "./border_judge.ts";
import { neighboursOf, type Partition } from "./grid.ts";

/** Rounds of reassignment; more make regions drift. */
const sweeps = 2;
/** Rounds more in which crystals only withdraw. Linkage gives them the tails of their patterns, which may reach far. */
const withdrawals = 4;

/** Gives the probes at borders to the nearest region, all at once, twice. */
export function reassignBorders(sketch: Sketch, partition: Partition): Partition {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const judge = new BorderJudge(sketch, partition);
    const labels = partition.labels.slice();
    judge.best((probe) => !judge.isInner(probe), (probe, region) => labels[probe] = region);
    if (labels.every((region, probe) => region === partition.labels[probe])) break;
    partition = { ...partition, labels };
  }
  return partition;
}

/**
 * Gives the probes beside the background that surely belong there to it, layer by layer. What is doubtful stays, so that faint
 * crystals do not melt away.
 */
export function withdrawRims(sketch: Sketch, partition: Partition): Partition {
  const { background, rows, columns } = partition, around = new Int32Array(8);
  if (background < 0) return partition;
  for (let round = 0; round < withdrawals; round++) {
    const { labels } = partition, judge = new BorderJudge(sketch, partition);
    const left = labels.slice();
    const atRim = (probe: number) => {
      if (labels[probe] < 0 || labels[probe] === background) return false;
      const beside = around.subarray(0, neighboursOf(probe, rows, columns, around));
      return beside.some((other) => labels[other] === background);
    };
    judge.surelyOpen(atRim, (probe) => left[probe] = background);
    if (left.every((region, probe) => region === labels[probe])) break;
    partition = { ...partition, labels: left };
  }
  return partition;
}

/**
 * How far each probe is from belonging to another region: the score of its own less the best of the others, over its
 * standard error. For the choice between background and crystal: how far its part of the crystal's signal is from the
 * limit, over its standard error.
 *
 * @returns float32 (row, column), 0 (could as well be another's, or takes no part) to `marginCap` (no other is near)
 */
export function probeMargins(sketch: Sketch, partition: Partition): Float32Array {
  const judge = new BorderJudge(sketch, partition);
  const margins = Float32Array.from(partition.labels, (region) => region < 0 ? 0 : marginCap);
  judge.margins(
    (probe) => !judge.isInner(probe),
    (probe, margin) => margins[probe] = Math.min(marginCap, Math.max(0, margin)),
  );
  return margins;
}
