/** From the clustered frames of a series, one after the other, to tracks: drift, patterns, links and what became of each. */

import type { ScanShape } from "../scan/shape.ts";
import { AverageFeatures, type FrameAverages } from "./average_features.ts";
import { borderSeen, type ComparedFrame } from "./border_before.ts";
import type { Drift, DriftStep } from "./drift.ts";
import { type DriftMaps, type DriftOptions, stepBetween } from "./drift_step.ts";
import type { TrackEvent } from "./events.ts";
import { RegionFrame } from "./region_frame.ts";
import { reviewEvents } from "./review_events.ts";
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
  /** float32 (row, column, 8): similarity of each probe to its neighbours; with it splits are told from repairs. */
  readonly similarity?: Float32Array;
  /** Clusters that the frame before had as several, where that is known. */
  readonly parts?: readonly UnitedPart[];
}

/** A part of a cluster that was a cluster of the frame before. */
export interface UnitedPart {
  /** Number of the cluster. */
  readonly region: number;
  /** Number of the cluster in the frame before. */
  readonly expected: number;
  /** Cosine of the mean pattern of the part with that of the other parts. */
  readonly cosine: number;
}

/** How a series is linked. */
export interface LinkingOptions extends TrackerOptions, DriftOptions {}

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
  #drift: Drift = { row: 0, column: 0 };
  /** The frame before, where its similarities are known. */
  #compared: ComparedFrame | undefined;
  #regionFrames = 0;

  /**
   * Begins a series.
   *
   * @param shape of every frame
   * @throws {RangeError} when a size is missing: without those of patterns these would not be compared
   */
  constructor(shape: ScanShape, options: LinkingOptions = {}) {
    for (const size of ["rows", "columns", "patternRows", "patternColumns"] as const) {
      if (!(Number.isInteger(shape[size]) && shape[size] > 0)) {
        throw new RangeError(
          `${size} of the shape of a series is a whole number above 0, not ${shape[size]}`,
        );
      }
    }
    this.#shape = shape;
    this.#options = options;
    this.#tracker = new Tracker(options);
  }

  /**
   * Links the next frame.
   *
   * @throws {RangeError} when it is not of the shape of the series
   */
  async add(clustered: ClusteredFrame): Promise<LinkedFrame> {
    const { labels, clusters, meanSimilarity, darkField, averages, parts, similarity } = clustered;
    const { rows, columns } = this.#shape, frame = this.#tracker.frames;
    const maps = meanSimilarity && { meanSimilarity, darkField };
    const step = this.#step(maps);
    this.#before = maps ?? this.#before;
    const drift = this.#drift = { row: this.#drift.row + step.row, column: this.#drift.column + step.column };
    const known = averages && clusters > 0 ? { ...averages, sizes: sizesOf(labels, clusters) } : undefined;
    if (known) this.#features ??= await AverageFeatures.learn(this.#shape, known);
    const described = known && await this.#features!.of(known);
    const cosines = new Map(parts?.map(({ region, expected, cosine }) => [`${region},${expected}`, cosine]));
    const unionCosine = (region: number, before: number) => cosines.get(`${region},${before}`);
    const compared = this.#compared;
    const shift = { row: Math.floor(step.row + 0.5), column: Math.floor(step.column + 0.5) };
    const seen = compared &&
      ((now: RegionFrame, regions: readonly [number, number], before: number) =>
        borderSeen(compared, before, now, regions, shift, similarity));
    const grouped = new RegionFrame({
      ...{ rows, columns, labels, count: clusters, ...described },
      ...{ darkField, unionCosine, borderSeen: seen },
    });
    this.#compared = similarity && { rows, columns, labels, similarity };
    const links = this.#tracker.add(grouped, drift, maps === undefined && clusters === 0);
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
    const trackOf = Int32Array.from(links, ({ track }) => track), tracks = new Int32Array(labels.length);
    for (let probe = 0; probe < labels.length; probe++) {
      tracks[probe] = labels[probe] < 0 ? -1 : trackOf[labels[probe]];
    }
    return { tracks, regions, step, drift };
  }

  /** Tracks so far. */
  get tracks(): number {
    return this.#tracker.tracks;
  }

  /** What happened so far, in the light of all frames. */
  events(): TrackEvent[] {
    const lives = this.#summaries.lives(), { frames } = this.#tracker;
    return reviewEvents(this.#tracker.events(), lives, frames);
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
    return stepBetween(this.#before, maps, this.#shape, this.#tracker.frames, this.#options);
  }
}

/** Probes of each cluster. */
function sizesOf(labels: Int32Array, clusters: number): Int32Array {
  const sizes = new Int32Array(clusters);
  for (const label of labels) {
    if (label >= 0) sizes[label]++;
  }
  return sizes;
}
