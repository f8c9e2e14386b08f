/** From the clustered frames of a series, one after the other, to tracks: drift, patterns, links and what became of each. */

import type { ScanShape } from "../scan/shape.ts";
import { AverageFeatures, type FrameAverages } from "./average_features.ts";
import { type Drift, type DriftStep, type FrameMap, measureDrift, usualReach } from "./drift.ts";
import type { TrackEvent } from "./events.ts";
import { expectedRegions } from "./expected_regions.ts";
import { RegionFrame } from "./region_frame.ts";
import { type TrackedRegion, TrackSummaries, type TrackSummary } from "./track_summary.ts";
import { Tracker, type TrackerOptions } from "./tracker.ts";

/** A clustered frame. */
export interface ClusteredFrame {
  /** Cluster of each probe, -1 = none. (row, column) row-major. */
  readonly labels: Int32Array;
  /** Number of clusters. */
  readonly clusters: number;
  /** Mean similarity of each probe to its neighbours, which drift is found by; absent where the frame was lost. */
  readonly meanSimilarity?: Float32Array;
  /** Counts beside the direct beam, by which the drift is found too, where every frame has them. */
  readonly darkField?: Float32Array;
  /** Mean patterns of the clusters; absent where there are none: then where regions lie decides alone. */
  readonly averages?: Omit<FrameAverages, "sizes">;
}

/** How a series is linked. */
export interface LinkingOptions extends TrackerOptions {
  /** Steps of the specimen, measured (default), all zero, or given for each frame. */
  readonly drift?: "auto" | "none" | readonly Drift[];
  /** Largest step that is looked for, in scan steps; default a sixth of the scan, from 8 to 16. */
  readonly largestStep?: number;
}

/** A frame with its tracks. */
export interface LinkedFrame {
  /** Track of each probe, -1 = none. (row, column) row-major. */
  readonly tracks: Int32Array;
  /** The tracks that are seen in it, by cluster. */
  readonly regions: readonly TrackedRegion[];
  /** The step from the frame before; its agreement is NaN where none was measured. */
  readonly step: DriftStep;
  /** Where the specimen has moved to since the first frame. */
  readonly drift: Drift;
}

/** Above this, regions come and go: look at the frames; above the second, events and lineages are not to be used. */
export const restless = 0.04, veryRestless = 0.08;

/**
 * Links the frames of a series; they are given in order, and only few are kept.
 *
 * @example
 * ```ts
 * import { clusterScan, defaultParameters, SeriesLinker, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 12, columns: 12, grains: 3, seed: 1 });
 * const { labels, clusters, meanSimilarity } = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const linker = new SeriesLinker(scan.shape);
 * for (let frame = 0; frame < 2; frame++) {
 *   const { regions } = await linker.add({ labels, clusters: clusters.length, meanSimilarity });
 *   console.assert(regions.every(({ track, region }) => track === region));
 * }
 * console.assert(linker.events().length === 0);
 * ```
 */
export class SeriesLinker {
  readonly #shape: ScanShape;
  readonly #options: LinkingOptions;
  readonly #tracker: Tracker;
  readonly #summaries = new TrackSummaries();
  #features: AverageFeatures | undefined;
  #before: DriftMaps | undefined;
  /** The step that was measured last, and of what. */
  #measured: { readonly maps: DriftMaps; readonly step: DriftStep } | undefined;
  /** Track of each probe of the frame before, where it was seen. */
  #tracks: Int32Array | undefined;
  #drift: Drift = { row: 0, column: 0 };
  #regionFrames = 0;

  /**
   * Begins a series.
   *
   * @param shape of every frame
   */
  constructor(shape: ScanShape, options: LinkingOptions = {}) {
    this.#shape = shape;
    this.#options = options;
    this.#tracker = new Tracker(options);
  }

  /**
   * Links the next frame.
   *
   * @throws {RangeError} when it is not of the shape of the series
   */
  async add({ labels, clusters, meanSimilarity, darkField, averages }: ClusteredFrame): Promise<LinkedFrame> {
    const { rows, columns } = this.#shape, frame = this.#tracker.frames;
    const maps = meanSimilarity && { meanSimilarity, darkField };
    const step = this.#step(maps);
    this.#before = maps ?? this.#before;
    this.#measured = undefined;
    const drift = this.#drift = { row: this.#drift.row + step.row, column: this.#drift.column + step.column };
    const known = averages && clusters > 0 ? { ...averages, sizes: sizesOf(labels, clusters) } : undefined;
    if (known) this.#features ??= await AverageFeatures.learn(this.#shape, known);
    const described = known && await this.#features!.of(known);
    const grouped = new RegionFrame({ rows, columns, labels, count: clusters, ...described });
    const links = this.#tracker.add(grouped, drift);
    const regions = links.map((link, region): TrackedRegion => ({
      ...link,
      frame,
      region,
      size: grouped.sizes[region],
      ...grouped.centroid(region),
      touchesRim: grouped.reachesRim(region),
    }));
    this.#summaries.add(regions, drift);
    this.#regionFrames += regions.length;
    const tracks = labels.map((label) => label < 0 ? -1 : links[label].track);
    this.#tracks = maps && tracks;
    return { tracks, regions, step, drift };
  }

  /**
   * Where the tracks of the frame before are expected in the next one, for regions that are found with its help: int32
   * (row, column), -1 = unknown. `undefined` where there is no frame before, or it was lost.
   *
   * @param maps of the next frame, as they will be added with it
   */
  expected(maps: DriftMaps): Int32Array | undefined {
    const { rows, columns } = this.#shape, tracks = this.#tracks;
    if (tracks === undefined) return undefined;
    const { row, column } = this.#step(maps);
    return expectedRegions({ rows, columns, tracks }, {
      row: Math.floor(row + 0.5),
      column: Math.floor(column + 0.5),
    });
  }

  /** Whether there is a frame before that the next one can be compared with. */
  get expects(): boolean {
    return this.#tracks !== undefined;
  }

  /** Tracks so far. */
  get tracks(): number {
    return this.#tracker.tracks;
  }

  /** What happened so far. */
  events(): TrackEvent[] {
    return this.#tracker.events();
  }

  /** What became of each track so far. */
  summaries(): TrackSummary[] {
    return this.#summaries.list(this.events(), this.#tracker.frames);
  }

  /**
   * Mergers, splits and ends that were taken back, per region and frame. Real coalescence raises it too, but above
   * {@link restless} it is mostly the segmentation that changes from frame to frame.
   */
  restlessness(): number {
    const turns = this.events().filter(({ kind }) => kind === "merge" || kind === "split").length;
    return this.#regionFrames > 0 ? (turns + this.#tracker.takenBack) / this.#regionFrames : 0;
  }

  #step(maps: DriftMaps | undefined): DriftStep {
    const { drift = "auto", largestStep } = this.#options, before = this.#before;
    const still = { row: 0, column: 0, agreement: NaN, trusted: true };
    if (typeof drift !== "string") return { ...still, ...drift[this.#tracker.frames] };
    if (before === undefined || maps === undefined || drift === "none") return still;
    if (this.#measured && equalMaps(this.#measured.maps, maps)) return this.#measured.step;
    const [one, other] = [before, maps].map((of) => this.#maps(of, before.darkField && maps.darkField));
    const step = measureDrift(one, other, largestStep ?? usualReach(this.#shape));
    this.#measured = { maps, step };
    return step;
  }

  /** The maps of a frame that the other has as well. */
  #maps({ meanSimilarity, darkField }: DriftMaps, both: Float32Array | undefined): FrameMap[] {
    const { rows, columns } = this.#shape;
    return [meanSimilarity, ...both && darkField ? [darkField] : []].map((values) => ({
      rows,
      columns,
      values,
    }));
  }
}

/** Maps of a frame that move with the specimen. */
export type DriftMaps = Required<Pick<ClusteredFrame, "meanSimilarity">> & Pick<ClusteredFrame, "darkField">;

function equalMaps(one: DriftMaps, other: DriftMaps): boolean {
  const equal = (a: Float32Array | undefined, b: Float32Array | undefined) =>
    a === b || a !== undefined && a.length === b?.length && a.every((value, i) => Object.is(value, b[i]));
  return equal(one.meanSimilarity, other.meanSimilarity) && equal(one.darkField, other.darkField);
}

/** Probes of each cluster. */
function sizesOf(labels: Int32Array, clusters: number): Int32Array {
  const sizes = new Int32Array(clusters);
  for (const label of labels) {
    if (label >= 0) sizes[label]++;
  }
  return sizes;
}
