/** The regions around probes, with the means of their patterns nearby. */

import { type Address, nowhere, wholeLines } from "../../engine/address.ts";
import { onNumbers } from "../../engine/own_memory.ts";
import type { Sketch } from "../../passes/sketch/sketch.ts";
import type { Candidate } from "./crystal_part.ts";
import { neighboursOf, type Partition } from "./grid.ts";

/** Local means reach this many rows and columns. */
const localReach = 3;
/** Local means are made of inner probes only where there are this many. */
const leastInner = 3;
/** A probe and the eight around it may be of as many regions; and so many means are made at a time. */
const mostRegions = 9, mostMeans = 2048;
/** Numbers of a mean: see assembly/nearness.ts. */
const numbersOfMean = 5;

/** A probe, and what lies near it; for as long as it is looked at. */
export interface Surroundings {
  readonly probe: number;
  /** The regions next to it and its own, by number, without the background. */
  readonly grains: readonly Candidate[];
  /** Electrons of the direct beam in a pattern of the background nearby, 0 where they were not recorded; `null`: there is none. */
  readonly open: number | null;
}

/**
 * Shows what lies near probes, one after the other.
 *
 * @param inner 1 where all neighbours are of the same region
 * @param asked which probes; all of them in regions
 * @param see may not use kernels
 */
export function eachSurroundings(
  sketch: Sketch,
  partition: Partition,
  inner: Uint8Array,
  asked: (probe: number) => boolean,
  see: (surroundings: Surroundings) => void,
): void {
  const { features, length, noise, beam } = sketch, { rows, columns, labels, background } = partition;
  const probes = labels.length, pool = candidates(length), grains: Candidate[] = [];
  const place = layOut(probes, length);
  onNumbers(features, place.bytes, (kernels, memory, room) => {
    const at = (offset: number) => room + offset as Address;
    new Float32Array(memory, at(place.noise), probes).set(noise);
    if (beam) new Float32Array(memory, at(place.beam), probes).set(beam);
    new Int32Array(memory, at(place.labels), probes).set(labels);
    new Uint8Array(memory, at(place.inner), probes).set(inner);
    const tasks = new Int32Array(memory, at(place.tasks), 2 * mostMeans);
    const numbers = new Float64Array(memory, at(place.numbers), numbersOfMean * mostMeans);
    const means = new Float32Array(memory, at(place.means), length * mostMeans);
    const around = new Int32Array(8);
    for (let probe = 0; probe < probes;) {
      let count = 0;
      for (; probe < probes && count + mostRegions <= mostMeans; probe++) {
        if (asked(probe)) count = addTasks(partition, probe, around, tasks, count);
      }
      kernels.nearbyMeans(
        0 as Address,
        length,
        at(place.noise),
        beam ? at(place.beam) : nowhere,
        at(place.labels),
        at(place.inner),
        rows,
        columns,
        localReach,
        leastInner,
        background,
        at(place.tasks),
        count,
        at(place.numbers),
        at(place.means),
        at(place.scratch),
      );
      for (let task = 0; task < count;) {
        const [seen] = tasks.subarray(2 * task);
        let open: number | null = null;
        grains.length = 0;
        for (; task < count && tasks[2 * task] === seen; task++) {
          const region = tasks[2 * task + 1], from = numbersOfMean * task;
          if (numbers[from] === 0) continue;
          if (region === background) {
            open = numbers[from + 2];
            continue;
          }
          const candidate = pool[grains.length];
          candidate.region = region;
          candidate.mean.set(means.subarray(task * length, (task + 1) * length));
          candidate.noise = numbers[from + 1];
          candidate.beam = numbers[from + 2];
          candidate.square = numbers[from + 3] - candidate.noise;
          candidate.product = numbers[from + 4];
          candidate.score = 2 * candidate.product - candidate.square;
          grains.push(candidate);
        }
        see({ probe: seen, grains, open });
      }
    }
  });
}

/** Where everything lies behind the features. */
function layOut(probes: number, length: number) {
  const sizes = {
    noise: 4 * probes,
    beam: 4 * probes,
    labels: 4 * probes,
    inner: probes,
    tasks: 8 * mostMeans,
    numbers: 8 * numbersOfMean * mostMeans,
    means: 4 * length * mostMeans,
    scratch: 4 * (2 * localReach + 1) ** 2,
  };
  let bytes = 0;
  const offsets = Object.fromEntries(
    Object.entries(sizes).map(([name, size]) => {
      const offset = bytes;
      bytes += wholeLines(size);
      return [name, offset];
    }),
  ) as Record<keyof typeof sizes, number>;
  return { ...offsets, bytes };
}

function candidates(length: number): Candidate[] {
  return Array.from({ length: mostRegions }, () => ({
    region: -1,
    mean: new Float32Array(length),
    noise: 0,
    square: 0,
    beam: 0,
    product: 0,
    score: 0,
  }));
}

/** Adds a probe with each of the regions next to it and its own, by number, to a list of tasks; how long that is then. */
function addTasks(
  { rows, columns, labels }: Partition,
  probe: number,
  around: Int32Array,
  tasks: Int32Array,
  count: number,
): number {
  const regions = [labels[probe]];
  const found = neighboursOf(probe, rows, columns, around);
  for (let i = 0; i < found; i++) {
    const region = labels[around[i]];
    if (region >= 0 && !regions.includes(region)) regions.push(region);
  }
  regions.sort((a, b) => a - b);
  for (const region of regions) {
    tasks[2 * count] = probe;
    tasks[2 * count++ + 1] = region;
  }
  return count;
}
