/** How far a map of regions can be trusted, without knowing the truth. */

import { adjustedRandIndex } from "../../scoring/agreement.ts";
import type { Sketch } from "../../passes/sketch/sketch.ts";
import type { Sketches } from "../../passes/sketch/sketches.ts";
import { croppedMap, croppedSketch } from "./crop.ts";
import { findRegions, type Regions, type RegionSettings } from "./regions.ts";
import { unexplainedSignal } from "./unexplained.ts";

/** A probe with a smaller margin, in standard errors, might as well be in another region. */
const decidedMargin = 2;
/** This part of the signal within regions may be unexplained: thickness and a little bending. What each part more takes. */
const usualRest = 0.1, restWeight = 0.4;
/** What probes beside the background take, each as a part of all that are on crystals: half of them are on the wrong side. */
const rimWeight = 0.5;

/** What speaks for a map, each 0 to 1, 1 = nothing is against it. */
export interface StabilityParts {
  /** Adjusted Rand index of the map and those of two halves of the electrons: mean of both. */
  readonly halves: number;
  /** The same of the map that a looser limit gives. */
  readonly limits: number;
  /** Part of the probes whose region is decided beyond chance. */
  readonly decided: number;
  /** How well the mean patterns explain what is shared within regions. */
  readonly explained: number;
  /** The less, the more of the crystals lies beside the background. */
  readonly rims: number;
}

/** The parts and their product. */
export interface Stability extends StabilityParts {
  /** 0 to 1. */
  readonly value: number;
}

/**
 * Judges a map. It sees noise, limits that decide by little, patterns that change within regions, and rims; not that grains
 * have the same pattern everywhere, or a background that is none by every measure.
 *
 * @param sketch of the whole scan, of which `found` are the regions
 * @param windows halves of the electrons in parts of the scan; where there are none, the map agrees with them
 * @param settings with which the regions were found
 */
export function stabilityOf(
  sketch: Sketch,
  windows: Sketches["windows"],
  found: Pick<Regions, "labels" | "sizes" | "margin">,
  settings: RegionSettings,
): Stability {
  const { rows, columns } = sketch;
  const inside = settings.mask ?? new Uint8Array(rows * columns).fill(1);
  let halves = 0, limits = 0;
  for (const { window, halves: pair } of windows) {
    const labels = croppedMap(found.labels, columns, window);
    const here = { ...settings, mask: croppedMap(inside, columns, window) };
    const agreement = (of: Sketch, given: RegionSettings) =>
      adjustedRandIndex(findRegions(of, given).labels, labels);
    halves += (agreement(pair[0], here) + agreement(pair[1], here)) / (2 * windows.length);
    // Probes that are all expected in the same region merge more readily.
    const looser = { ...here, expected: new Int32Array(labels.length) };
    limits += agreement(croppedSketch(sketch, window), looser) / windows.length;
  }
  if (windows.length === 0) halves = limits = 1;
  const partition = { rows, columns, labels: found.labels, count: found.sizes.length, background: -1 };
  const rest = unexplainedSignal(sketch, withBackground(partition, inside));
  const parts: StabilityParts = {
    halves: Math.max(0, halves),
    limits: Math.max(0, limits),
    decided: decidedPart(found.margin, inside),
    explained: 1 - Math.min(1, Math.max(0, restWeight * (rest - usualRest))),
    rims: 1 - rimWeight * rimPart(found.labels, inside, columns),
  };
  const { decided, explained, rims } = parts;
  return { ...parts, value: parts.halves * parts.limits * decided * explained * rims };
}

/** Part of the probes with a margin that is not chance. */
function decidedPart(margin: Float32Array, inside: Uint8Array): number {
  let probes = 0, decided = 0;
  margin.forEach((value, probe) => {
    if (inside[probe] === 0) return;
    probes++;
    if (value >= decidedMargin) decided++;
  });
  return probes > 0 ? decided / probes : 1;
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
