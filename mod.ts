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
 * data"; docs/inside/deviations.md lists where paper, published code and crystallite differ.
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
  type PlainError,
  ShapeUnknown,
  UnsupportedFormat,
} from "./library/scan/errors.ts";
export type { Calibration, PixelSize } from "./library/scan/calibration.ts";
export type { DType, PixelArray } from "./library/scan/dtype.ts";
export { scanFromArray } from "./library/scan/scan_from_array.ts";
export { isSeries, readPattern, type Scan, type ScanSource, type Series } from "./library/scan/scan.ts";
export type { Region } from "./library/scan/region.ts";
export type { FrameLayout, PackedWords } from "./library/scan/frames.ts";
export type { StoredNumber } from "./library/scan/stored_number.ts";
export type {
  BinnedPatterns,
  ChunkedPatterns,
  ContiguousPatterns,
  FramePatterns,
  RecordedPart,
  StoredPart,
  StoredPatterns,
} from "./library/scan/stored.ts";
export type { TiledPatterns, UnpackStep } from "./library/scan/tiles.ts";
export type { Preparation, PreparingOptions } from "./library/scan/preparation.ts";
export type { ScanShape } from "./library/scan/shape.ts";
export type { ScanOrder, ScanPath } from "./library/scan/scan_path.ts";
export type { DetectorFlip, DetectorOrientation } from "./library/scan/detector_orientation.ts";
export type { Engine } from "./library/engine/engine.ts";
export { type EngineChoice, withEngine } from "./library/engine/with_engine.ts";
export type { EngineOptions } from "./library/engine/limits.ts";
export type { Progress, RunOptions } from "./library/engine/options.ts";
export { readMaskFile } from "./library/formats/mask_file.ts";
export { encodeNpy } from "./library/formats/npy_encoding.ts";
export { NpyWriter } from "./library/formats/npy_writer.ts";
export { openFile, openScan, type OpenScanOptions } from "./library/formats/open.ts";
export type { Admit } from "./library/formats/folder.ts";
export type { OpenOptions } from "./library/formats/format.ts";
export type { ByteOrder, RawLayout } from "./library/formats/raw_layout.ts";
export type { PhaseMatch } from "./library/crystal/matching/phase_matches.ts";
export type { SimulatedDisk } from "./library/simulation/patterns.ts";
export { type SimulatedScan, simulateScan, type SimulationTruth } from "./library/simulation/scan.ts";
export {
  type ExampleName,
  exampleNames,
  type ExampleSize,
  exampleSizes,
  type SimulationExample,
  simulationExample,
} from "./library/simulation/examples.ts";
export { type SimulatedSeries, simulateSeries } from "./library/simulation/series.ts";
export type { SeriesParameters } from "./library/simulation/series_parameters.ts";
export type { Layout, PlaneStrain, SimulationParameters, Texture } from "./library/simulation/parameters.ts";
export type { GrainErrors } from "./library/scoring/grains.ts";
export {
  type PartitionScore,
  type ScoreInput,
  scoreLabels,
  type SegmentationScore,
} from "./library/scoring/score.ts";
export { scoreTracks, type TrackScore, type TrackScoreInput } from "./library/scoring/tracks.ts";
export { type Drift, type DriftStep, type FrameMap, measureDrift } from "./library/series/drift.ts";
export type { EventKind, TrackEvent } from "./library/series/events.ts";
export type { FrameAverages } from "./library/series/average_features.ts";
export type { TrackLink } from "./library/series/frame_links.ts";
export type { TrackedRegion, TrackSummary } from "./library/series/track_summary.ts";
export {
  type ClusteredFrame,
  type LinkedFrame,
  type LinkingOptions,
  SeriesLinker,
  type UnitedPart,
} from "./library/series/series_linker.ts";
export type { DriftMaps, DriftOptions } from "./library/series/drift_step.ts";
export type { FrameMaps, FrameOfSeries, SharedPreparation } from "./library/cluster/frame_of_series.ts";
export type { FrameExpectation } from "./library/cluster/regions/new_borders.ts";
export type { RegionPart } from "./library/cluster/regions/parts.ts";
export type { TrackerOptions } from "./library/series/tracker.ts";
export { applyTrackEdits, type SeriesRegions } from "./library/series/editing/edit_tracks.ts";
export { parseTrackEditLog } from "./library/series/editing/parse_track_log.ts";
export {
  addTrackEdit,
  emptyTrackLog,
  type TrackEdit,
  type TrackEditLog,
  type TrackPlace,
} from "./library/series/editing/track_log.ts";
export {
  chooseThreshold,
  type ChosenThreshold,
  type ThresholdEvidence,
} from "./library/cluster/automatic_threshold.ts";
export type { AverageBatch, AveragedClusters } from "./library/passes/averages/average_sweep.ts";
export { averagePatterns } from "./library/passes/averages/averages.ts";
export type { AveragedCluster, AveragedPatterns } from "./library/passes/averages/average_sums.ts";
export { nameClusters } from "./library/cluster/cluster_names.ts";
export type { BackgroundEvidence } from "./library/cluster/regions/background.ts";
export type { BadPixels } from "./library/passes/detector/bad_pixels_and_beam.ts";
export type { Cluster } from "./library/cluster/cluster.ts";
export {
  type Clustering,
  type ClusteringEdits,
  reductionRatio,
  type RegionEvidence,
} from "./library/cluster/clustering.ts";
export type { ComparisonPath } from "./library/cluster/compare.ts";
export { defaultPrefilter, type PrefilterParameters } from "./library/passes/prefilter/parameters.ts";
export type { PrefilterWeights } from "./library/passes/prefilter/footprint.ts";
export { neighbourOffsets } from "./library/scan/neighbours.ts";
export {
  applyEdits,
  applyEditsToClustering,
  type EditBase,
  type EditedMap,
} from "./library/cluster/editing/edits.ts";
export {
  addEdit,
  type Edit,
  type EditLog,
  emptyEditLog,
  type ProbePosition,
  redoEdits,
  undoEdits,
} from "./library/cluster/editing/log.ts";
export { parseEditLog } from "./library/cluster/editing/parse_log.ts";
export { type EstimateParameters, estimateRun, type RunEstimate } from "./library/cluster/estimate.ts";
export {
  buildForest,
  cutForest,
  type ForestCut,
  type ForestInput,
  type MergeForest,
} from "./library/cluster/forest.ts";
export type { Growth } from "./library/cluster/growth.ts";
export type { Mixtures } from "./library/cluster/mixtures.ts";
export type { BendingPair, BorderlinePair } from "./library/cluster/regions/regions.ts";
export {
  type FilteredRows,
  type FilterParameters,
  filterScan,
} from "./library/passes/prefilter/filter_scan.ts";
export { clusterOutlines, type Outline } from "./library/cluster/outlines.ts";
export {
  autoPreset,
  checkParameters,
  defaultParameters,
  paperPreset,
  py4dstemPreset,
} from "./library/cluster/presets.ts";
export type { ComparisonParameters } from "./library/cluster/comparison_parameters.ts";
export type { GrowthParameters } from "./library/cluster/growth_parameters.ts";
export type { ClusterParameters, Method } from "./library/cluster/parameters.ts";
export type { DetectorParameters } from "./library/passes/detector/parameters.ts";
export type { RealSpaceMask } from "./library/cluster/real_space_mask_kind.ts";
export type { Threshold } from "./library/cluster/threshold_kind.ts";
export type { BadPixelSource, DetectorCenter } from "./library/passes/detector/preparation.ts";
export type { DetectorMask, FixedDetectorMask } from "./library/passes/detector/detector_mask.ts";
export type { Metric } from "./library/passes/features/features.ts";
export { builtInCrystal, builtInCrystals } from "./library/crystal/built_in.ts";
export { parseCif, readCif } from "./library/crystal/cif/read.ts";
export type { AtomSite, Crystal } from "./library/crystal/crystal.ts";
export {
  excitationError,
  kinematicPattern,
  type PatternConditions,
  type SpotPattern,
} from "./library/crystal/kinematic_pattern.ts";
export { disorientation } from "./library/crystal/matching/disorientation.ts";
export {
  type Misorientation,
  misorientation,
  type SymmetricOrientation,
} from "./library/crystal/misorientation.ts";
export {
  type MatchOptions,
  matchOrientations,
  type OrientationMatch,
} from "./library/crystal/matching/match.ts";
export type { MatchingOptions } from "./library/crystal/matching/matching_options.ts";
export { type OrientationPlan, orientationPlan } from "./library/crystal/matching/plan.ts";
export type { Matrix3, Vector3 } from "./library/crystal/matrix.ts";
export type { DiffractionPeaks } from "./library/crystal/peaks.ts";
export { type LaueClass, type LaueGroup, laueGroup } from "./library/crystal/point_group.ts";
export { scatteringFactor } from "./library/crystal/scattering_factor.ts";
export {
  type Reflections,
  type StructureFactorOptions,
  structureFactors,
} from "./library/crystal/structure_factors.ts";
export {
  dilation,
  type Matrix2,
  type Strain,
  strainOf,
  turnAxes,
} from "./library/crystal/strain/deformation.ts";
export { fitStrain, type StrainFit, type StrainFitOptions } from "./library/crystal/strain/fit.ts";
export type { Places } from "./library/crystal/strain/pairs.ts";
export type { SymmetryOperation } from "./library/crystal/symmetry_operation.ts";
export { type CellParameters, type UnitCell, unitCell } from "./library/crystal/unit_cell.ts";
export { type ClusterOptions, clusterScan } from "./library/cluster/pipeline.ts";
export { type PatternStatistics, patternStatistics } from "./library/passes/pattern_statistics.ts";
export { findPeaks, type PeakLists } from "./library/passes/bragg_peaks/peak_pass.ts";
export {
  measuredTemplate,
  type ProbeImage,
  type ProbeSize,
} from "./library/passes/bragg_peaks/measured_template.ts";
export type { PeakOptions, SubpixelMethod } from "./library/passes/bragg_peaks/peak_settings.ts";
export { diskTemplate, type ProbeTemplate } from "./library/passes/bragg_peaks/probe_template.ts";
export { measureOrigins, type OriginSearch } from "./library/passes/origin/measure_origins.ts";
export type { BeamSearch } from "./library/passes/origin/brightest_pass.ts";
export type { InversionSearch } from "./library/passes/origin/friedel_pass.ts";
export type { MeasuredOrigins } from "./library/passes/origin/origin_pass.ts";
export { alignedAverages, type Alignment, alignmentOf } from "./library/mapping/alignment.ts";
export {
  calibrateDetector,
  type CalibrationConditions,
  type DetectorMeasurement,
  type OriginMethod,
} from "./library/mapping/calibration.ts";
export type { Ellipse, FittedEllipse } from "./library/mapping/ellipse.ts";
export type { OriginMap, OriginModel } from "./library/mapping/origin.ts";
export type { FittedPixelSize } from "./library/mapping/pixel_size.ts";
export type { DirectionDensity } from "./library/mapping/direction_density.ts";
export { meanOrientations, orientationDeviation } from "./library/mapping/grain_spread.ts";
export { kernelAverageMisorientation, type KernelOptions } from "./library/mapping/local_misorientation.ts";
export {
  equalPoles,
  inversePoleDensity,
  poleDensity,
  type WeightedOrientation,
} from "./library/mapping/pole_figure.ts";
export { type ProbeOrientations, probeOrientations } from "./library/mapping/probe_orientations.ts";
export { crystalAxes } from "./library/mapping/strain_axes.ts";
export type { ClusterOrientation } from "./library/mapping/strain_spots.ts";
export type { ClusterNote } from "./library/cluster/notes.ts";
export { type CenterOfMass, centerOfMass } from "./library/passes/center_of_mass.ts";
export { integratedField, type ProbeField } from "./library/measuring/integrated_field.ts";
export { type LineProfile, lineProfile, type ProfileLine } from "./library/measuring/line_profile.ts";
export { patternTransform } from "./library/measuring/pattern_transform.ts";
export { type RadialPattern, type RadialProfile, radialProfile } from "./library/measuring/radial_profile.ts";
export { type VirtualDetector, virtualImage } from "./library/passes/virtual_image.ts";
export type {
  FrameOrigin,
  PatternPair,
  ReportContent,
  RunFacts,
  ScanFacts,
} from "./library/report/content.ts";
export { renderReport } from "./library/report/html.ts";
export type { AxisName, Sizes } from "./library/results/axes.ts";
export type {
  Arrays,
  ArrayTypes,
  Flaw,
  HeldProduct,
  Product,
  ProductFacts,
  Reading,
  Restored,
  StreamedProduct,
} from "./library/results/product.ts";
export { products } from "./library/results/products.ts";
export { type Citation } from "./library/results/methods/citations.ts";
export { describeMethods, type MethodsText } from "./library/results/methods/methods_text.ts";
export { readResult, type StoredResult } from "./library/results/read.ts";
export type { PlainChoice, PlainParameters } from "./library/results/recorded_parameters.ts";
export type { PlainEvidence, PlainRegions, RunRecord, StoredFile } from "./library/results/run_record.ts";
export type { SampledChecksum } from "./library/results/checksum.ts";
export { type ExportGroup, exportGroups } from "./library/results/result_files.ts";
export { type ResultContent, type WriteOptions, writeResult } from "./library/results/write.ts";
export { version } from "./library/results/version.ts";
export { type Conversion, type ConvertOptions, convertScan } from "./library/conversion/convert.ts";
export type { Compression } from "./library/conversion/compression.ts";
