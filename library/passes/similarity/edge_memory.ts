/** What memory single edges take, for computing them and for saying so beforehand. */

import { CountedMemory } from "../../engine/memory.ts";
import type { PassScan } from "../../engine/pass.ts";
import { type LoaderRoom, patternLoaderBytes } from "../../engine/pattern_loader.ts";
import { workingBytes, workingType } from "../../engine/loaded_scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import { type FeatureSettings, FeatureStage } from "../features/features.ts";
import type { PrefilterWeights } from "../prefilter/footprint.ts";
import { groupEdges, type GroupSize } from "./edge_groups.ts";
import { ExactFilter } from "./exact_filter.ts";

/** Bytes of a group that are aimed at: more would touch memory that the passes have not touched. */
const groupBytes = 64 * 2 ** 20;

/** Sizes of groups of edges. */
export class EdgeMemory {
  readonly filter: ExactFilter | null;
  /** Features of one pattern, for their type and size. */
  readonly #single: FeatureStage;

  constructor(
    readonly scan: PassScan,
    readonly features: FeatureSettings,
    weights: PrefilterWeights | undefined,
  ) {
    this.filter = weights ? new ExactFilter(scan, weights) : null;
    this.#single = this.stage(1);
  }

  /** A list of patterns is a scan of one row to the stages and kernels. */
  stage(patterns: number): FeatureStage {
    const input = this.filter ? "F32" : workingType(this.scan.dtype);
    return new FeatureStage({ ...this.scan.shape, rows: 1, columns: patterns }, input, this.features);
  }

  /** Offsets (row, column) of the patterns that one end needs. */
  get footprint(): readonly (readonly [number, number])[] {
    return this.filter?.footprint ?? [[0, 0]];
  }

  /** Arena bytes that do not depend on the group. */
  fixedBytes(fillBytes: number, room: LoaderRoom): number {
    const memory = new CountedMemory(room.threads, 0);
    this.#single.reserve(memory);
    return patternLoaderBytes(this.scan, fillBytes, room) + memory.bytes + 4096;
  }

  /** Bytes that groups may take of those that are free. */
  limit(available: number, fixedBytes: number): number {
    return Math.min(groupBytes, available - fixedBytes);
  }

  /** Arena bytes of a group. */
  bytes({ edges, ends, patterns }: GroupSize, threads: number): number {
    const { shape, dtype } = this.scan;
    const raw = pixelCount(shape) * workingBytes(workingType(dtype));
    const feature = this.filter ? 4 * pixelCount(shape) : this.#single.rowBytes;
    return patterns * (raw + 4) + ends * (feature + 8 + 8 + 16) + edges * 16 +
      (this.filter?.groupBytes({ ends, patterns }, threads) ?? 0) + 1024;
  }
}

/** Arena bytes that `exactEdges` takes for these edges. */
export function exactEdgesBytes(
  memory: EdgeMemory,
  edges: ArrayLike<number>,
  room: LoaderRoom,
): number {
  const fixed = memory.fixedBytes(0, room), limit = memory.limit(room.available, fixed);
  const fits = (size: GroupSize) => memory.bytes(size, room.threads) <= limit;
  let most = 0;
  for (const { places, ends, patterns } of groupEdges(memory.scan.shape, edges, memory.footprint, fits)) {
    const size = { edges: places.length, ends: ends.length, patterns: patterns.length };
    most = Math.max(most, memory.bytes(size, room.threads));
  }
  return fixed + most;
}
