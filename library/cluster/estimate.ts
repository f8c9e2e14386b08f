/** What a run would take, worked out before it starts, from the plans that the run itself goes by. */

import { arenaLimit, processBytes, workerCount } from "../engine/limits.ts";
import { workingType } from "../engine/loaded_scan.ts";
import type { RunOptions } from "../engine/options.ts";
import { type Pass, type PassScan, planPasses } from "../engine/pass.ts";
import { BlankPass } from "../passes/blank_patterns.ts";
import { expectedSweep, mostSlots } from "../passes/averages/sweeps.ts";
import { detectorMaskPixels, indexCenter } from "../passes/detector/detector_mask.ts";
import { halfFootprint, noWeights } from "../passes/prefilter/footprint.ts";
import { detectorGrid } from "../passes/sketch/detector_grid.ts";
import { PrefilterWeightsPass } from "../passes/prefilter/weights_pass.ts";
import { expectedBasis } from "../passes/sketch/sketch_basis.ts";
import { mostColumns } from "../passes/sketch/weight_blocks.ts";
import { SampledSimilarity } from "../passes/similarity/sampled_similarity.ts";
import { StripSimilarity } from "../passes/similarity/strip_similarity.ts";
import { SketchPass } from "../passes/sketch/sketch_pass.ts";
import { VirtualImagePass } from "../passes/virtual_image.ts";
import { bytesPerElement } from "../scan/dtype.ts";
import type { Engine } from "../engine/engine.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount, probeCount } from "../scan/shape.ts";
import { planComparison, readingsOf } from "./comparison_plan.ts";
import type { ClusterParameters } from "./parameters.ts";
import { unpackingSeconds } from "./unpacking_speed.ts";
import { defaultParameters } from "./presets.ts";
import { needsSketch, settleParameters } from "./settle.ts";
import { controlEdges, filteredSquares, plainSquares } from "./decisions/control_edges.ts";
import type { FeatureSettings } from "../passes/features/features.ts";
import { EdgeMemory, exactEdgesBytes } from "../passes/similarity/edge_memory.ts";

/** Raw bytes a second of one thread, as measured on the machine of docs/inside/performance.md, rounded down. */
const speeds = {
  /** As recorded and centred, in strips; centred or masked, in rows. */
  plain: 2.5e9,
  centred: { counts: 1.8e9, floats: 1e9 },
  prepared: 0.8e9,
  blurred: 0.4e9,
  sampled: 1.2e9,
  masked: 0.8e9,
  /** Weights of the prefilter: at nodes, and on all pixels. */
  weighed: { nodes: 0.6e9, pixels: 0.2e9 },
  /** Filtered patterns of all pixels, blurred and compared. */
  filtered: 0.12e9,
  /** What weights and filtered samples take beside the samples, pairs compared again included. */
  sampledPrefilter: { nodes: 0.7e9, pixels: 0.15e9 },
  summed: 3e9,
};
/** Beyond this many threads the memory bandwidth is the limit. */
const usefulThreads = 4;

/** Probes in a cluster, as a rule (the paper quotes 100 to 1000): what the averages will need is not known before. */
const usualClusterSize = 300;
/** Radius of the direct beam that is reckoned with, in detector pixels, and as a part of the detector's side. */
const usualBeam = 3, widestBeam = 1 / 8;
/**
 * On detectors of so many pixels a side beams are wider than that as a rule, so that masked patterns are compared on samples:
 * memory is said for a narrow beam, which takes more, and time for a usual one.
 */
const wideBeamSide = 96;
/** Threshold that is reckoned with where none is given: any number does. */
const usualThreshold = 0.9;
/** Bytes that sketches take outside the arena for each probe: features as they are, centred, and as sums of regions. */
const sketchArrays = 40 * mostColumns;
/** What writing a complete result takes, HDF5 and report included. */
const writingBytes = 50e6, writingSeconds = 0.8;
/** What the basis of sketches and finding regions take beside the readings: in all, and for each probe. */
const regionSeconds = { all: 0.6, probe: 1.2e-5 };

/** Expected cost of a run. */
export interface RunEstimate {
  /** Peak memory of the process in bytes, averages and a complete result included. */
  readonly memory: number;
  /** Bytes of the arena, that part of the memory which `--memory` limits most closely. */
  readonly arena: number;
  /** How often the scan is read, the averages included. */
  readonly passes: number;
  /** Bytes of the scan as stored in memory types. */
  readonly bytes: number;
  /** Seconds, a complete result included; a rough figure: machines differ by several times. */
  readonly seconds: number;
}

/** The parameters that memory and time depend on; what is not given is as in `defaultParameters`. */
export type EstimateParameters = Partial<ClusterParameters>;

/** One reading of the scan that a run will make. */
export interface PlannedReading {
  readonly passes: readonly Pass<unknown>[];
  /** Pairs that are compared one by one afterwards, and how. */
  readonly control?: FeatureSettings;
  /** Raw bytes a second of one thread. */
  readonly speed: number;
}

/**
 * Estimates memory and time of `clusterScan` and `averagePatterns`.
 *
 * @throws {OutOfResources} when the memory limit of the options is too small for the scan
 * @throws {BadParameter} when options or parameters are out of range, or do not fit the scan
 *
 * @example
 * ```ts
 * import { defaultParameters, estimateRun } from "crystallite";
 *
 * const shape = { rows: 512, columns: 512, patternRows: 192, patternColumns: 192 };
 * const { memory, bytes } = estimateRun({ shape, dtype: "u16" }, { ...defaultParameters, blur: 3 });
 * console.assert(bytes > 19e9 && memory < 2 ** 30);
 * ```
 */
export function estimateRun(
  scan: Pick<Scan, "shape" | "dtype"> & Partial<Pick<Scan, "stored" | "preparation">>,
  given: EstimateParameters,
  options: RunOptions = {},
): RunEstimate {
  const parameters = { ...defaultParameters, threshold: usualThreshold, ...given };
  const available = arenaLimit(options), threads = workerCount(options);
  const readings = plannedReadings(scan, parameters, { threads, available, limit: available });
  const { prefilter } = parameters;
  const bytes = probeCount(scan.shape) * pixelCount(scan.shape) * bytesPerElement(scan.dtype);
  let unpacking = 0;
  const arena = readings.reduce((most, { passes, control }) => {
    const reading = planPasses(scan, passes, { threads, available, bandHeight: options.bandHeight });
    unpacking += unpackingSeconds(scan, reading, bytes);
    if (!control) return Math.max(most, reading.bytes);
    const memory = new EdgeMemory(scan, control, prefilter ? noWeights(prefilter) : undefined);
    const edges = controlEdges(scan.shape, undefined, prefilter ? filteredSquares : plainSquares);
    return Math.max(most, reading.bytes, exactEdgesBytes(memory, edges, { threads, available }));
  }, 0);
  const sketched = needsSketch(parameters), probes = probeCount(scan.shape);
  const finding = sketched ? regionSeconds.all + regionSeconds.probe * probes : 0;
  const read = readings.reduce((seconds, { speed }) => seconds + bytes / speed, unpacking);
  // Similarity in eight directions and in four, mean, labels, queue and order of growth, weights of the prefilter.
  const perProbe = 4 * (8 + 4 + 1 + 1 + 1 + 2) + (prefilter ? 4 * halfFootprint(prefilter).length : 0) +
    (sketched ? sketchArrays : 0);
  return {
    memory: processBytes / 2 + arena + (scan.preparation?.bytes ?? 0) + perProbe * probes +
      writingBytes,
    arena,
    passes: readings.length,
    bytes,
    seconds: read / Math.min(threads, usefulThreads) + finding + writingSeconds,
  };
}

/**
 * The readings of the scan that `clusterScan` and `averagePatterns` make, in their order. What a run finds out first,
 * such as the direct beam, is assumed.
 *
 * @param engine what averages are summed with; default: one that has memory for all
 * @throws {BadParameter} when parameters do not fit the scan
 */
export function plannedReadings(
  scan: PassScan,
  parameters: ClusterParameters,
  engine?: Pick<Engine, "threads" | "available" | "limit">,
): PlannedReading[] {
  const { shape } = scan, { average } = parameters;
  const known = { ...scan, source: { format: "", path: "" } };
  const side = Math.min(shape.patternRows, shape.patternColumns);
  const center = indexCenter(shape), beam = { ...center, radius: Math.min(usualBeam, side * widestBeam) };
  const settled = settleParameters(parameters, { center, beam }, shape);
  const detector = detectorMaskPixels(settled.detectorMask, shape, settled.about);
  const readings: PlannedReading[] = [];
  if (parameters.mask.kind === "virtual") {
    readings.push({ passes: [new VirtualImagePass(known, null)], speed: speeds.summed });
  }
  const plan = planComparison({ scan: known, parameters: settled, detector, masked: [], options: {} });
  const control = plan.kind === "fast" ? plan.exact : undefined;
  const wideBeam = parameters.blur === "auto" && side >= wideBeamSide;
  const comparing = readingsOf(plan)
    .map((passes) => ({ passes, control, speed: speedOf(passes[0], settled, wideBeam) }));
  const last = comparing[comparing.length - 1];
  last.passes.push(new BlankPass(scan));
  if (needsSketch(parameters)) {
    const grid = detectorGrid(shape, beam, beam.radius);
    last.passes.push(new SketchPass(known, grid, expectedBasis(grid)));
  }
  readings.push(...comparing);
  if (average !== "none") {
    const prefilterWeights = settled.prefilter ? noWeights(settled.prefilter) : undefined;
    const settings = { parameters, prefilterWeights };
    const wanted = usualSlots(scan) + borderClusters(scan, parameters);
    const slots = engine ? Math.min(wanted, mostSlots(engine, scan, settings)) : wanted;
    const sweep = expectedSweep(scan, settings, slots);
    readings.push({ passes: [sweep], speed: speeds.summed });
  }
  return readings;
}

/** Clusters that one row of the scan crosses. */
function usualSlots({ shape }: PassScan): number {
  // Regions as irregular as grains are twice as high as squares of their size.
  const crossed = 2 * shape.columns / Math.sqrt(usualClusterSize);
  return Math.ceil(Math.min(probeCount(shape) / usualClusterSize, crossed));
}

/** Probes at the border of the scan, each a cluster by itself under the border rule. */
function borderClusters({ shape }: PassScan, { borderWidth }: ClusterParameters): number {
  const within = (length: number) => Math.max(0, length - 2 * borderWidth);
  return probeCount(shape) - within(shape.rows) * within(shape.columns);
}

/** Raw bytes a second of one thread in a reading that compares. */
function speedOf(
  pass: Pass<unknown>,
  { blur, prefilter, detectorMask }: Pick<ClusterParameters, "blur" | "prefilter" | "detectorMask">,
  wideBeam: boolean,
): number {
  if (pass instanceof PrefilterWeightsPass) return speeds.weighed[pass.nodes ? "nodes" : "pixels"];
  if (pass instanceof SampledSimilarity) {
    if (detectorMask.kind !== "none") return speeds.masked;
    if (!pass.prefilter) return speeds.sampled;
    return 1 / (1 / speeds.sampled + 1 / speeds.sampledPrefilter[pass.prefilter.nodes ? "nodes" : "pixels"]);
  }
  if (prefilter) return speeds.filtered;
  if (wideBeam && detectorMask.kind !== "none") return speeds.masked;
  if (blur !== 0) return speeds.blurred;
  if (!(pass instanceof StripSimilarity)) return speeds.prepared;
  if (!pass.centers) return speeds.plain;
  return speeds.centred[workingType(pass.scan.dtype) === "F32" ? "floats" : "counts"];
}
