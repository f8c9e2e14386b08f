/** `run.json`: where a result came from, and enough to make it again. */

import type { ThresholdEvidence } from "../cluster/automatic_threshold.ts";
import type { BackgroundEvidence } from "../cluster/regions/background.ts";
import { type Clustering, reductionRatio, type RegionEvidence } from "../cluster/clustering.ts";
import type { ClusterNote } from "../cluster/notes.ts";
import type { RegionPart } from "../cluster/regions/parts.ts";
import type { ComparisonPath } from "../cluster/compare.ts";
import { coveredFraction, type FrameOrigin, type RunFacts, type ScanFacts } from "../report/content.ts";
import type { Calibration } from "../scan/calibration.ts";
import { bytesPerElement, type DType } from "../scan/dtype.ts";
import { pixelCount, probeCount, type ScanShape } from "../scan/shape.ts";
import type { StoredNumber } from "../scan/stored_number.ts";
import type { SampledChecksum } from "./checksum.ts";
import { programName } from "./directory.ts";
import {
  type PlainChoice,
  plainChoice,
  type PlainParameters,
  plainParameters,
} from "./recorded_parameters.ts";

/** Layout of the result directory; changes when a reader of older results would misread a new one. */
export const resultVersion = 1;

/** {@link ThresholdEvidence} with curves as lists. */
export type PlainEvidence = {
  readonly [Name in keyof ThresholdEvidence]: ThresholdEvidence[Name] extends ArrayBufferView
    ? readonly number[]
    : ThresholdEvidence[Name];
};

/** {@link RegionEvidence} without its maps. */
export interface PlainRegions extends Omit<RegionEvidence, "margin" | "mixtures" | "otherBackground"> {
  /** Probes whose patterns hold parts of two clusters or more. */
  readonly mixedProbes?: number;
}

/** A stored file and its size in bytes. */
export interface StoredFile {
  /** Its name in the result directory. */
  readonly name: string;
  /** Its size. */
  readonly bytes: number;
}

/** The content of `run.json`. */
export interface RunRecord {
  /** Tells our records from others. */
  readonly program: "crystallite";
  /** Version of crystallite that wrote the result. */
  readonly version: string;
  /** Layout of the result directory. */
  readonly resultVersion: number;
  /** Command line word by word; empty where a program called the library. */
  readonly command: readonly string[];
  /** The folder that paths in `command`, `input` and `parameters` start from. */
  readonly workingDirectory?: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  /** Seconds by stage. */
  readonly timings: Readonly<Record<string, number>>;
  /** What was clustered, and how it was read. */
  readonly input: {
    readonly path: string;
    readonly format: string;
    readonly dataset?: string;
    /** Number type in the file, where it is not that of the pixels. */
    readonly numbers?: StoredNumber;
    /** Scan shape, geometry, frame, region and binning that the reading was asked for, where any was. */
    readonly selection?: Readonly<Record<string, string | number | boolean>>;
    /** Size of the file, all its parts together. */
    readonly bytes?: number;
    /** `null` for data that are not in one readable file. */
    readonly checksum: SampledChecksum | null;
    readonly notes?: Readonly<Record<string, string | number | boolean>>;
  };
  /** Sizes of the scan. */
  readonly shape: ScanShape;
  /** Number type of its pixels. */
  readonly dtype: DType;
  /** What was known of lengths, angles and the beam. */
  readonly calibration: Calibration;
  /** What the run was told. */
  readonly parameters: PlainParameters;
  /** Detector pixels that were filled or left out, indices (qy, qx) row-major, and who named them. */
  readonly badPixels: {
    readonly source: string;
    readonly filled: readonly number[];
    readonly masked: readonly number[];
    /** Values from here on were filled in the pattern that held them, unless they were part of a bright spot. */
    readonly largestBelieved?: number;
  };
  /** What one electron adds to the values of a pattern, where that is not 1: sizes of noise follow from it. */
  readonly gain?: number;
  /** What all values of a pattern stand on, which is no electrons, at least; absent where noise does not say that they do. */
  readonly valueOffset?: number;
  /** Standard deviation of reading a detector pixel out, in the values of a pattern; absent where noise does not show it. */
  readonly readNoise?: number;
  /** What automatic parameters came to. */
  readonly settled: {
    readonly blur: number;
    readonly detectorMask: PlainChoice;
    readonly threshold: number | null;
  };
  /** What speaks for one threshold or another. */
  readonly evidence?: PlainEvidence;
  /** Whether there is a background, and what speaks for it; with an automatic mask. */
  readonly background?: BackgroundEvidence;
  /** How far regions can be trusted; the margin of each probe is in margin.npy. */
  readonly regions?: PlainRegions;
  /** Direct beam in detector pixels; `hidden` where it is not seen, as behind a beam stop, and this is a guess. */
  readonly center: { readonly row: number; readonly column: number; readonly hidden?: true };
  /** Radius of the direct beam's disk in detector pixels, where it was looked for; the first frame's in a series. */
  readonly beamRadius?: number;
  /** Clusters that the frame `series.hintedBy` had as several: `expected` is the number of its cluster. */
  readonly parts?: readonly RegionPart[];
  /** Frames that the result rests on, where it is one of a series. */
  readonly series?: FrameOrigin;
  /** The number a triangle mask compared with. */
  readonly maskThreshold?: number;
  /** How neighbours were compared. */
  readonly comparison: ComparisonPath;
  /** Corrections by hand in `edits.json`, where there are any: their number, and how many are not undone. */
  readonly edits?: { readonly operations: number; readonly applied: number };
  /** Notes of people on clusters, each at a probe of its cluster. */
  readonly clusterNotes?: readonly ClusterNote[];
  /**
   * Of a result inside a page, which has no scan: its averages in all digits, rounded to 8 significant bits, means of
   * `bin` x `bin` pixels that are rounded so, or left out.
   */
  readonly page?: { readonly averages: "exact" | "rounded" | "binned" | "none"; readonly bin?: number };
  /** Number of clusters. */
  readonly clusters: number;
  /** Clusters per probe, the paper's R. */
  readonly reductionRatio: number;
  /** Share of the probes in a cluster. */
  readonly coveredFraction: number;
  /** Bytes of the scan's patterns, uncompressed. */
  readonly bytesIn: number;
  /** Bytes of the data files, without report and run record. */
  readonly bytesOut: number;
  /** The files of the result, but for this one. */
  readonly files: readonly StoredFile[];
  /** Plain sentences a user should read, of the scan and of the run. */
  readonly warnings: readonly string[];
}

/** What {@link makeRunRecord} is made from. */
export interface RunRecordContent {
  readonly clustering: Clustering;
  readonly scan: ScanFacts;
  readonly run: RunFacts;
  readonly checksum: SampledChecksum | null;
  readonly timings: Readonly<Record<string, number>>;
  readonly files: readonly StoredFile[];
  readonly bytesOut: number;
  readonly warnings: readonly string[];
}

/** Bytes of all patterns of a scan, uncompressed. */
export function scanBytes(scan: Pick<ScanFacts, "shape" | "dtype">): number {
  return probeCount(scan.shape) * pixelCount(scan.shape) * bytesPerElement(scan.dtype);
}

function countEdits({ edits }: Clustering): RunRecord["edits"] {
  return edits && { operations: edits.log.operations.length, applied: edits.log.cursor };
}

/** The run record as plain data. */
export function makeRunRecord(content: RunRecordContent): RunRecord {
  const { clustering, scan, run } = content;
  const { path, format, dataset, numbers, selection, bytes, notes } = scan.source;
  return {
    program: programName,
    version: run.version,
    resultVersion,
    command: run.command,
    workingDirectory: run.workingDirectory,
    started: run.started.toISOString(),
    timings: content.timings,
    input: { path, format, dataset, numbers, selection, bytes, checksum: content.checksum, notes },
    shape: scan.shape,
    dtype: scan.dtype,
    calibration: scan.calibration,
    parameters: plainParameters(clustering.parameters),
    badPixels: clustering.badPixels,
    gain: clustering.gain,
    valueOffset: clustering.valueOffset,
    readNoise: clustering.readNoise,
    settled: { ...clustering.settled, detectorMask: plainChoice(clustering.settled.detectorMask) },
    evidence: clustering.evidence && plainEvidence(clustering.evidence),
    background: clustering.background,
    regions: clustering.regions && plainRegions(clustering.regions),
    center: clustering.center,
    beamRadius: clustering.beamRadius,
    parts: clustering.parts,
    series: run.series,
    maskThreshold: clustering.maskThreshold,
    comparison: clustering.comparison,
    edits: countEdits(clustering),
    clusterNotes: run.clusterNotes,
    clusters: clustering.clusters.length,
    reductionRatio: reductionRatio(clustering),
    coveredFraction: coveredFraction(clustering),
    bytesIn: scanBytes(scan),
    bytesOut: content.bytesOut,
    files: content.files,
    warnings: content.warnings,
  };
}

/** Curves with seven digits, as float32 holds them. */
function plainEvidence(evidence: ThresholdEvidence): PlainEvidence {
  const list = (curve: ArrayLike<number>) => Array.from(curve, (value) => Number(value.toPrecision(7)));
  return {
    ...evidence,
    thresholds: Array.from(evidence.thresholds),
    entropy: list(evidence.entropy),
    clusters: Array.from(evidence.clusters),
    coverage: list(evidence.coverage),
    largest: list(evidence.largest),
  };
}

function plainRegions(
  { margin: _, otherBackground: __, mixtures, ...regions }: RegionEvidence,
): PlainRegions {
  return {
    ...regions,
    mixedProbes: mixtures?.second.reduce((count, second) => second < 0 ? count : count + 1, 0),
  };
}
