/** How far a map of regions can be trusted, without knowing the truth. */

import { adjustedRandIndex } from "../../scoring/agreement.ts";
import type { Sketch } from "../../passes/sketch/sketch.ts";
import type { Sketches } from "../../passes/sketch/sketches.ts";
import { leastRegion } from "./absorb.ts";
import { croppedMap, croppedSketch, sampledMap, sampledSketch, type SamplingStep } from "./crop.ts";
import { findRegions, type Regions, type RegionSettings } from "./regions.ts";
import { unexplainedSignal } from "./unexplained.ts";

/** This part of the signal within regions may be unexplained: thickness and a little bending. What each part more takes. */
const usualRest = 0.1, restWeight = 0.4;
/** What probes beside the background take, each as a part of all that are on crystals: half of them are on the wrong side. */
const rimWeight = 0.5;

/** Coarser samplings on which a map must come out the same: every second row, every second column. */
const samplings: readonly SamplingStep[] = [{ down: 2, right: 1 }, { down: 1, right: 2 }];
/** Of fewer rows or columns the half is too small a map to find the same regions in. */
const leastSampled = 24;

/** What speaks for a map, each 0 to 1, 1 = nothing is against it. */
export interface StabilityParts {
  /** Adjusted Rand index of the map and that of half of the electrons. */
  readonly electrons: number;
  /** The same of the maps of every second row and of every second column of probes: mean of both; 1 where there are too few. */
  readonly probes: number;
  /** The same of the map that a looser limit gives. */
  readonly limits: number;
  /** How well the mean patterns explain what is shared within regions. */
  readonly explained: number;
  /** The less, the more of the crystals lies beside the background. */
  readonly rims: number;
}

/** The parts, and what they come to. */
export interface Stability extends StabilityParts {
  /**
   * 0 to 1: the square root of the product of electrons, limits, rims, and the square root of that of electrons, probes and
   * explained. Most troubles lower two of them; half of the electrons see most, so that they count in both. On scans for tuning
   * the figure came near the adjusted Rand index of map and truth. 0 for a map without regions, for one of patterns in which
   * nothing is seen, and where no window holds a part of a region: nothing speaks for these.
   */
  readonly value: number;
  /** Whether any window holds a part of a region; where none does, nothing was tried. */
  readonly tried: boolean;
}

/**
 * Judges a map. It sees noise, patterns and sampling that decide by little, patterns that change within regions, and rims; not
 * that grains have the same pattern everywhere, or a background that is none by every measure.
 *
 * Each window counts by its probes in regions. Of a window that lies in the background, in a mask, or where nothing was recorded
 * there is nothing to find again: alone, a background is told from nothing, so that such a window would speak against any map.
 *
 * @param sketch of the whole scan, of which `found` are the regions
 * @param windows half of the electrons in parts of the scan; none where nothing but the direct beam is seen, so that nothing
 * speaks for the map
 * @param settings with which the regions were found
 */
export function stabilityOf(
  sketch: Sketch,
  windows: Sketches["windows"],
  found: Pick<Regions, "labels" | "sizes">,
  settings: RegionSettings,
): Stability {
  const { rows, columns } = sketch;
  const inside = settings.mask ?? new Uint8Array(rows * columns).fill(1);
  const tried = windows.flatMap(({ window, half }) => {
    const labels = croppedMap(found.labels, columns, window);
    const crystals = labels.reduce((sum, region) => region < 0 ? sum : sum + 1, 0);
    const given = { ...settings, mask: croppedMap(inside, columns, window) };
    return crystals > 0
      ? [{ crystals, ...agreements(labels, croppedSketch(sketch, window), half, given) }]
      : [];
  });
  const crystals = tried.reduce((sum, part) => sum + part.crystals, 0);
  const mean = (part: keyof Agreements) =>
    tried.reduce((sum, agreement) => sum + agreement.crystals / crystals * agreement[part], 0);
  const partition = { rows, columns, labels: found.labels, count: found.sizes.length, background: -1 };
  const rest = unexplainedSignal(sketch, withBackground(partition, inside));
  const parts: StabilityParts = {
    electrons: mean("electrons"),
    probes: mean("probes"),
    limits: mean("limits"),
    explained: 1 - Math.min(1, Math.max(0, restWeight * (rest - usualRest))),
    rims: 1 - rimWeight * rimPart(found.labels, inside, columns),
  };
  const { electrons, probes, limits, explained, rims } = parts;
  const product = electrons * limits * rims * Math.sqrt(electrons * probes * explained);
  return { ...parts, value: Math.sqrt(product), tried: tried.length > 0 };
}

type Agreements = Pick<StabilityParts, "electrons" | "probes" | "limits">;

/**
 * How far a map of a window agrees with those that are found there otherwise.
 *
 * @param sketch of the window
 * @param half the same of half of the electrons
 */
function agreements(
  labels: Int32Array,
  sketch: Sketch,
  half: Sketch,
  settings: RegionSettings & { readonly mask: Uint8Array },
): Agreements {
  const { rows, columns } = sketch;
  // Probes outside the mask are in no region whatever the map: they agree on nothing.
  const agreement = (map: Int32Array, of: Sketch, given: typeof settings) =>
    Math.max(0, adjustedRandIndex(findRegions(of, given).labels, map, given.mask));
  // Half as many probes make a region half as large.
  const minimumSize = Math.ceil((settings.minimumSize ?? leastRegion) / 2);
  const possible = samplings.filter(({ down, right }) =>
    (down === 1 || rows >= leastSampled) && (right === 1 || columns >= leastSampled)
  );
  const sampled = possible.map((step) => {
    const fewer = { ...settings, mask: sampledMap(settings.mask, columns, step), minimumSize };
    return agreement(sampledMap(labels, columns, step), sampledSketch(sketch, step), fewer);
  });
  // Probes that are all expected in the same region merge more readily.
  const looser = { ...settings, expected: new Int32Array(labels.length) };
  return {
    electrons: agreement(labels, half, settings),
    probes: sampled.length > 0 ? sampled.reduce((sum, value) => sum + value, 0) / sampled.length : 1,
    limits: agreement(labels, sketch, looser),
  };
}

/** The background as a region of its own, so that probes beside it are not inner ones. */
function withBackground(
  { rows, columns, labels, count }: { rows: number; columns: number; labels: Int32Array; count: number },
  inside: Uint8Array,
) {
  const named = labels.map((region, probe) => region < 0 && inside[probe] === 1 ? count : region);
  return { rows, columns, labels: named, count: count + 1, background: count };
}

/** Mean number of probes on both sides of the rim of the background, over the probes on crystals; at most 1. */
function rimPart(labels: Int32Array, inside: Uint8Array, columns: number): number {
  let rim = 0, crystal = 0;
  for (let probe = 0; probe < labels.length; probe++) {
    if (inside[probe] === 0) continue;
    const region = labels[probe], column = probe % columns;
    if (region >= 0) crystal++;
    const differs = (other: number) =>
      other >= 0 && other < labels.length && inside[other] === 1 && labels[other] < 0 !== region < 0;
    if (
      differs(probe - columns) || differs(probe + columns) || column > 0 && differs(probe - 1) ||
      column < columns - 1 && differs(probe + 1)
    ) rim++;
  }
  return crystal > 0 ? Math.min(1, rim / (2 * crystal)) : 0;
}
