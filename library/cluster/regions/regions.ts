/** Regions of equal patterns without any number to choose. */

import { keepingNumbers } from "../../engine/own_memory.ts";
import { absorbSmall, leastRegion } from "./absorb.ts";
import type { Background } from "./background.ts";
import { decideBackground, holesAmong, partOf } from "./decided_background.ts";
import { joinFragments } from "./fragments.ts";
import { neighbourProducts, type Partition } from "./grid.ts";
import { joinAcrossLamellae, joinAlike } from "./lamellae.ts";
import { linkRegions } from "./linkage.ts";
import { completeParticles } from "./particles.ts";
import { probeMargins, reassignBorders, withdrawRims } from "./reassign.ts";
import { meanCosine, regionMeans, touchingPairs } from "./region_means.ts";
import { localPairs, mergeAcrossBorders } from "./remerge.ts";
import type { Sketch } from "../../passes/sketch/sketch.ts";

/** Touching regions with a cosine between these are listed: a slightly different limit would have decided otherwise. */
const borderlineCosines: readonly [number, number] = [0.6, 0.8];
/** Regions whose cosine near the border exceeds that of their means by this much may be one bent crystal. */
const bendingExcess = 0.15;

/** What may be chosen. */
export interface RegionSettings {
  /**
   * Whether to look for support or liquid without crystals; "none" where crystals cover the field, "proposed" for what single
   * probes say, whether regions confirm it or not.
   */
  readonly background: "auto" | "none" | "proposed";
  /** uint8 (row, column): 1 where a probe may be clustered; default: everywhere. */
  readonly mask?: Uint8Array;
  /** Regions with fewer probes are given to their neighbours, where they have any; default 5. */
  readonly minimumSize?: number;
  /** int32 (row, column): which region another frame of the series expects at each probe, -1 = unknown; default: nothing. */
  readonly expected?: Int32Array;
}

/** Two touching regions that are neither clearly the same nor clearly different. */
export interface BorderlinePair {
  /** The smaller number of the two. */
  readonly first: number;
  /** The larger number of the two. */
  readonly second: number;
  /** Cosine of the mean features, freed of noise. */
  readonly similarity: number;
  /** Pairs of neighbouring probes, diagonals included, one in each. */
  readonly borderLength: number;
}

/** Two touching regions that agree much better at their border than in the mean. */
export interface BendingPair {
  /** The smaller number of the two. */
  readonly first: number;
  /** The larger number of the two. */
  readonly second: number;
  /** Cosine of the mean features, freed of noise. */
  readonly similarity: number;
  /** The same of the patterns on both sides of the common border. */
  readonly localSimilarity: number;
}

/** Regions of a scan. Maps are (row, column). */
export interface Regions {
  /** int32: region by falling size, ties by the lowest probe; -1 in the background and outside the mask. */
  readonly labels: Int32Array;
  /** Probes of each region. */
  readonly sizes: Int32Array;
  /** Whether there is a background, and what speaks for it. */
  readonly background: Background;
  /** float32: how safe a probe's region is, in standard errors: 0 to 100; 100 where no other touches, 0 outside the mask. */
  readonly margin: Float32Array;
  /** By first and second. */
  readonly borderlinePairs: readonly BorderlinePair[];
  /** By first and second. */
  readonly bending: readonly BendingPair[];
}

/**
 * Finds the regions of equal patterns: background, linkage, joining of fragments that chance made, absorption of rims, merging
 * across the borders of bent crystals, completion of particles, reassignment of the probes at borders, withdrawal of particles
 * from the background around them, joining of what lies on both sides of a lamella, so that a region may have several pieces,
 * and of what touches and is alike by now.
 *
 * @param sketch without what is common to all patterns (`withoutCommon`): the background is found by having no signal left
 * @throws {RangeError} when arrays do not have the lengths that rows, columns and k ask for
 */
export function findRegions(sketch: Sketch, settings: RegionSettings): Regions {
  return keepingNumbers(() => decidedRegions(sketch, settings));
}

function decidedRegions(sketch: Sketch, settings: RegionSettings): Regions {
  const found = regionsWith(sketch, settings);
  if (!found.background.present || found.sizes.length > 0) return found;
  // A background without crystals beside it is none.
  const { background, ...whole } = regionsWith(sketch, { ...settings, background: "none" });
  return { ...whole, background: { ...background, doubtful: true } };
}

function regionsWith(sketch: Sketch, settings: RegionSettings): Regions {
  const { rows, columns } = sketch;
  const probes = rows * columns;
  const inside = settings.mask ?? new Uint8Array(probes).fill(1);
  const { features, noise, length } = sketch;
  if (features.length !== probes * length || noise.length !== probes || inside.length !== probes) {
    throw new RangeError(
      `the sketch or mask does not fit ${rows} x ${columns} probes with ${length} numbers each`,
    );
  }
  const products = neighbourProducts(sketch, inside);
  let background = chosenBackground(decideBackground(sketch, inside, products), settings.background);
  const foreground = inside.map((taken, probe) => taken === 1 && background.map[probe] === 0 ? 1 : 0);
  const linked = linkRegions(sketch, foreground, products, settings.expected);
  const holes = settings.background === "auto" && !background.present ? holesAmong(sketch, linked) : null;
  if (holes) background = { ...background, present: true, map: holes, coverage: partOf(holes, inside) };
  const leastSize = settings.minimumSize ?? leastRegion;
  let partition = joinFragments(sketch, withBackground(sketch, linked, background));
  partition = absorbSmall(sketch, partition, leastSize);
  partition = mergeAcrossBorders(sketch, partition, settings.expected);
  partition = reassignBorders(sketch, completeParticles(sketch, partition));
  partition = withdrawRims(sketch, partition);
  partition = absorbSmall(sketch, partition, leastSize);
  partition = completeParticles(sketch, partition);
  partition = joinAlike(sketch, joinAcrossLamellae(sketch, partition));
  const margin = probeMargins(sketch, partition);
  const { labels, sizes } = numberBySize(partition);
  if (background.present) {
    const left = labels.map((label, probe) => label < 0 && inside[probe] === 1 ? 1 : 0);
    const coverage = partOf(left, inside);
    // Crystals beside it may have taken all of it.
    background = { ...background, present: coverage > 0, coverage };
  }
  const named = { rows, columns, labels, count: sizes.length, background: -1 };
  return { labels, sizes, background, margin, ...doubtfulPairs(sketch, named) };
}

/** The background that is left out. */
function chosenBackground(decided: Background, choice: RegionSettings["background"]): Background {
  if (choice === "auto") return decided;
  const present = choice === "proposed" && decided.proposed.includes(1);
  const map = present ? decided.proposed : new Uint8Array(decided.map.length);
  return { ...decided, present, doubtful: false, map };
}

/** The background as one region after the others. */
function withBackground(
  { rows, columns }: Sketch,
  { labels, count }: { labels: Int32Array; count: number },
  { present, map }: Background,
): Partition {
  if (!present) return { rows, columns, labels, count, background: -1 };
  return {
    rows,
    columns,
    labels: labels.map((region, probe) => map[probe] === 1 ? count : region),
    count: count + 1,
    background: count,
  };
}

/** Regions by falling size, ties by the lowest probe, without the background. */
function numberBySize({ labels, count, background }: Partition): { labels: Int32Array; sizes: Int32Array } {
  const sizes = new Int32Array(count), first = new Int32Array(count).fill(-1);
  for (let probe = 0; probe < labels.length; probe++) {
    const region = labels[probe];
    if (region < 0 || region === background) continue;
    if (sizes[region]++ === 0) first[region] = probe;
  }
  const order = Int32Array.from(sizes.keys())
    .filter((region) => sizes[region] > 0)
    .sort((a, b) => sizes[b] - sizes[a] || first[a] - first[b]);
  const names = new Int32Array(count).fill(-1);
  order.forEach((region, name) => names[region] = name);
  return {
    labels: labels.map((region) => region < 0 ? -1 : names[region]),
    sizes: order.map((region) => sizes[region]),
  };
}

/** Pairs of touching regions that a user should look at. */
function doubtfulPairs(
  sketch: Sketch,
  partition: Partition,
): Pick<Regions, "borderlinePairs" | "bending"> {
  const means = regionMeans(sketch, partition);
  const similarity = (first: number, second: number) => meanCosine(means, sketch.length, first, second);
  const [low, high] = borderlineCosines;
  const borderlinePairs = touchingPairs(partition)
    .map((pair) => ({ ...pair, similarity: similarity(pair.first, pair.second) }))
    .filter((pair) => pair.similarity >= low && pair.similarity <= high);
  const bending = localPairs(sketch, partition)
    .map(({ first, second, cosine }) => ({
      first,
      second,
      similarity: similarity(first, second),
      localSimilarity: cosine,
    }))
    .filter((pair) => pair.localSimilarity >= low && pair.localSimilarity - pair.similarity >= bendingExcess);
  return { borderlinePairs, bending };
}
