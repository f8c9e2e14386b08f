/**
 * crystallite finds the coherent regions of 4D-STEM scans and gives each one averaged diffraction pattern.
 *
 * Open a scan, cluster it, write the results:
 *
 * ```ts
 * import { averagePatterns, clusterScan, defaultParameters, simulateScan, writeResult } from "crystallite";
 *
 * const scan = simulateScan({ rows: 16, columns: 16, grains: 4, seed: 1 }); // or: await openScan("scan.h5")
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 3, threshold: 0.95 });
 * const directory = `${await Deno.makeTempDir()}/result`;
 * await writeResult(directory, { scan, clustering, averages: averagePatterns(scan, clustering) });
 * scan.close();
 * ```
 *
 * The method is that of Lee et al., "Unsupervised clustering algorithm for efficient processing of 4D-STEM and 5D-STEM
 * data"; docs/deviations.md lists where paper, published code and crystallite differ.
 *
 * @module
 */

export {
  Aborted,
  BadParameter,
  CorruptFile,
  CrystalliteError,
  type ErrorDetails,
  type ErrorKind,
  FileUnavailable,
  OutOfResources,
  ShapeUnknown,
  UnsupportedFormat,
} from "./scan/errors.ts";
export type { Calibration, PixelSize } from "./scan/calibration.ts";
export type { DType, PixelArray } from "./scan/dtype.ts";
export { scanFromArray } from "./scan/memory.ts";
export { isSeries, readPattern, type Scan, type ScanSource, type Series } from "./scan/scan.ts";
export type { Region } from "./scan/region.ts";
export type { ScanShape } from "./scan/shape.ts";
export { type Engine, withEngine } from "./engine/engine.ts";
export type { Progress, RunOptions } from "./engine/options.ts";
export { readMaskFile } from "./formats/mask_file.ts";
export { encodeNpy, NpyWriter } from "./formats/npy_writer.ts";
export { openFile, openScan, type OpenScanOptions } from "./formats/open.ts";
export type { OpenOptions } from "./formats/format.ts";
export { type SimulatedScan, simulateScan, type SimulationTruth } from "./simulation/scan.ts";
export type { Layout, SimulationParameters, Texture } from "./simulation/parameters.ts";
export type { GrainErrors } from "./scoring/grains.ts";
export {
  type PartitionScore,
  type ScoreInput,
  scoreLabels,
  type SegmentationScore,
} from "./scoring/score.ts";
export {
  chooseThreshold,
  type ChosenThreshold,
  type ThresholdEvidence,
} from "./cluster/automatic_threshold.ts";
export { type AverageBatch, type AveragedClusters, averagePatterns } from "./cluster/averages.ts";
export { nameClusters } from "./cluster/cluster_names.ts";
export type { BackgroundEvidence } from "./cluster/regions/background.ts";
export type { BadPixels } from "./cluster/detector.ts";
export type { Cluster } from "./cluster/cluster.ts";
export {
  type Clustering,
  type ClusteringEdits,
  reductionRatio,
  type RegionEvidence,
} from "./cluster/clustering.ts";
export type { ComparisonPath } from "./cluster/compare.ts";
export { defaultPrefilter, type PrefilterParameters, type PrefilterWeights } from "./cluster/footprint.ts";
export { neighbourOffsets } from "./cluster/neighbours.ts";
export { applyEdits, applyEditsToClustering, type EditBase, type EditedMap } from "./cluster/edits.ts";
export {
  addEdit,
  type Edit,
  type EditLog,
  emptyEditLog,
  type ProbePosition,
  redoEdits,
  undoEdits,
} from "./cluster/editing/log.ts";
export { parseEditLog } from "./cluster/editing/parse_log.ts";
export { type EstimateParameters, estimateRun, type RunEstimate } from "./cluster/estimate.ts";
export {
  buildForest,
  cutForest,
  type ForestCut,
  type ForestInput,
  type MergeForest,
} from "./cluster/forest.ts";
export type { Growth } from "./cluster/growth.ts";
export type { BendingPair, BorderlinePair } from "./cluster/regions/regions.ts";
export { type FilteredRows, type FilterParameters, filterScan } from "./cluster/filter.ts";
export { clusterOutlines, type Outline } from "./cluster/outlines.ts";
export {
  autoPreset,
  checkParameters,
  type ClusterParameters,
  defaultParameters,
  type Method,
  paperPreset,
  py4dstemPreset,
  type RealSpaceMask,
  type Threshold,
} from "./cluster/parameters.ts";
export type { BadPixelSource, DetectorCenter } from "./cluster/preparation.ts";
export type { DetectorMask, FixedDetectorMask } from "./cluster/detector_mask.ts";
export type { Metric } from "./cluster/features.ts";
export { clusterScan } from "./cluster/pipeline.ts";
export { type VirtualDetector, virtualImage } from "./cluster/virtual.ts";
export type { PatternPair, ReportContent, RunFacts, ScanFacts } from "./report/content.ts";
export { renderReport } from "./report/html.ts";
export { readResult, type StoredResult } from "./results/read.ts";
export type { PlainChoice, PlainParameters, RunRecord, StoredFile } from "./results/run_record.ts";
export type { SampledChecksum } from "./results/checksum.ts";
export {
  type ExportGroup,
  exportGroups,
  type ResultContent,
  type WriteOptions,
  writeResult,
} from "./results/write.ts";
export { version } from "./results/version.ts";
