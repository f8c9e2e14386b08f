/** Calls of the kernels: written by `deno task build` from the signatures in assembly/, not by hand. */

import type { Address } from "./address.ts";

/** See assembly/accumulate.ts. */
export type AccumulateCall = readonly [
  kernel: "accumulateF32" | "accumulateU16" | "accumulateU8",
  terms: Address,
  count: number,
  pixels: number,
  from: number,
  to: number,
  sums: Address,
];

/** See assembly/accumulate.ts. */
export type AccumulateStagedCall = readonly [
  kernel: "accumulateStagedU16" | "accumulateStagedU8",
  staging: Address,
  terms: Address,
  count: number,
  pixels: number,
  sums: number,
];

/** See assembly/shift.ts. */
export type AccumulateShiftedCall = readonly [
  kernel: "accumulateShiftedF32" | "accumulateShiftedU16" | "accumulateShiftedU8",
  terms: Address,
  count: number,
  rows: number,
  columns: number,
  from: number,
  to: number,
  seen: Address,
  sums: Address,
];

/** See assembly/beam.ts. */
export type BeamsCall = readonly [
  kernel: "beamsF32" | "beamsU16" | "beamsU8",
  patterns: Address,
  count: number,
  rows: number,
  columns: number,
  top: number,
  bottom: number,
  left: number,
  right: number,
  radius: number,
  weights: Address,
  taps: number,
  seen: Address,
  out: Address,
  room: Address,
];

/** See assembly/friedel.ts. */
export type FriedelCall = readonly [
  kernel: "friedelF32" | "friedelU16" | "friedelU8",
  patterns: Address,
  count: number,
  rows: number,
  columns: number,
  weights: Address,
  taps: number,
  share: Address,
  tall: number,
  wide: number,
  half: number,
  seen: Address,
  overlap: Address,
  tallPlan: Address,
  widePlan: Address,
  out: Address,
  room: Address,
];

/** See assembly/rebin.ts. */
export type BinPatternsCall = readonly [
  kernel: "binPatternsF32" | "binPatternsF64" | "binPatternsU16" | "binPatternsU8",
  patterns: Address,
  count: number,
  rows: number,
  columns: number,
  factor: number,
  out: Address,
  outBytes: number,
  line: Address,
];

/** See assembly/blur.ts. */
export type BlurCall = readonly [
  kernel: "blur",
  source: Address,
  destination: Address,
  height: number,
  width: number,
  weights: Address,
  radius: number,
  scratch: Address,
];

/** See assembly/checks.ts. */
export type BlankCall = readonly [
  kernel: "blankF32" | "blankU16" | "blankU8",
  patterns: Address,
  count: number,
  pixels: number,
  flags: Address,
];

/** See assembly/checks.ts. */
export type MaximaCall = readonly [
  kernel: "maximaF32" | "maximaU16" | "maximaU8",
  row: Address,
  from: number,
  to: number,
  pixels: number,
  maxima: Address,
];

/** See assembly/checks.ts. */
export type ZeroUnfiniteCall = readonly [
  kernel: "zeroUnfiniteF32",
  values: Address,
  count: number,
];

/** See assembly/fill.ts. */
export type FillCall = readonly [
  kernel: "fillF32" | "fillU16" | "fillU8",
  row: Address,
  from: number,
  to: number,
  pixels: number,
  table: Address,
  count: number,
  scratch: Address,
];

/** See assembly/features.ts. */
export type FeaturesCall = readonly [
  kernel: "featuresF32" | "featuresU16" | "featuresU8",
  source: Address,
  destination: Address,
  references: Address,
  from: number,
  to: number,
  height: number,
  width: number,
  metric: number,
  weights: Address,
  radius: number,
  mask: Address,
  kept: number,
  scratch: Address,
];

/** See assembly/features.ts. */
export type MaskPatternsCall = readonly [
  kernel: "maskPatterns",
  source: Address,
  destination: Address,
  from: number,
  to: number,
  bytes: number,
  mask: Address,
];

/** See assembly/centred.ts. */
export type CentredCall = readonly [
  kernel: "centredF32",
  upper: Address,
  lower: Address,
  columns: number,
  from: number,
  to: number,
  pixels: number,
  upperMeans: Address,
  lowerMeans: Address,
  dots: Address,
  norms: Address,
  scratch: Address,
];

/** See assembly/centred.ts. */
export type LessMeansCall = readonly [
  kernel: "lessMeans",
  columns: number,
  from: number,
  to: number,
  pixels: number,
  upperMeans: Address,
  lowerMeans: Address,
  dots: Address,
  norms: Address,
];

/** See assembly/centred.ts. */
export type MeansCall = readonly [
  kernel: "meansF32" | "meansU16" | "meansU8",
  row: Address,
  from: number,
  to: number,
  pixels: number,
  averages: Address,
  squares: Address,
];

/** See assembly/correlate.ts. */
export type CorrelateCall = readonly [
  kernel: "correlate",
  row: Address,
  other: Address,
  columns: number,
  from: number,
  to: number,
  pixels: number,
  firstOffset: number,
  lastOffset: number,
  out: Address,
  outStride: number,
];

/** See assembly/correlate.ts. */
export type CorrelationWeightsCall = readonly [
  kernel: "correlationWeights",
  row: Address,
  other: Address,
  columns: number,
  from: number,
  to: number,
  pixels: number,
  firstOffset: number,
  lastOffset: number,
  out: Address,
  outStride: number,
  low: number,
  high: number,
];

/** See assembly/filter.ts. */
export type FilterCall = readonly [
  kernel: "filterF32" | "filterU16" | "filterU8",
  terms: Address,
  starts: Address,
  from: number,
  to: number,
  pixels: number,
  first: number,
  end: number,
  destination: Address,
];

/** See assembly/filter.ts. */
export type FilterListCall = readonly [
  kernel: "filterListF32" | "filterListU16" | "filterListU8",
  patterns: Address,
  count: number,
  pixels: number,
  terms: Address,
  starts: Address,
  sums: number,
  first: number,
  end: number,
  destination: Address,
  scratch: Address,
];

/** See assembly/runs.ts. */
export type FilterRunsCall = readonly [
  kernel: "filterRuns",
  sources: Address,
  count: number,
  radius: number,
  columns: number,
  from: number,
  to: number,
  samples: number,
  margin: number,
  terms: Address,
  termBytes: number,
  runs: Address,
  runBytes: number,
  starts: Address,
  startBytes: number,
  sums: Address,
];

/** See assembly/runs.ts. */
export type RunTermsCall = readonly [
  kernel: "runTerms",
  rows: Address,
  radius: number,
  offsets: Address,
  half: number,
  columns: number,
  from: number,
  to: number,
  patternBytes: number,
  shape: Address,
  margin: number,
  slot: number,
  terms: Address,
  runs: Address,
  starts: Address,
];

/** See assembly/terms.ts. */
export type FilterTermsCall = readonly [
  kernel: "filterTerms",
  rows: Address,
  radius: number,
  offsets: Address,
  half: number,
  columns: number,
  from: number,
  to: number,
  patternBytes: number,
  terms: Address,
  starts: Address,
];

/** See assembly/nodes.ts. */
export type NodesCall = readonly [
  kernel: "nodesF32" | "nodesU16" | "nodesU8",
  source: Address,
  count: number,
  height: number,
  width: number,
  tables: Address,
  weightSquares: number,
  area: number,
  centered: number,
  similar: Address,
  references: Address,
  weighted: Address,
  scratch: Address,
];

/** See assembly/prefilter.ts. */
export type WeightedCall = readonly [
  kernel: "weightedF32" | "weightedU16" | "weightedU8",
  source: Address,
  destination: Address,
  from: number,
  to: number,
  height: number,
  width: number,
  taps: Address,
  radius: number,
  weights: Address,
  weightSum: number,
  scratch: Address,
];

/** See assembly/masked.ts. */
export type MaskedCall = readonly [
  kernel: "maskedF32" | "maskedU16" | "maskedU8",
  source: Address,
  destination: Address,
  references: Address,
  from: number,
  to: number,
  height: number,
  width: number,
  tables: Address,
  centered: number,
  values: number,
  scratch: Address,
];

/** See assembly/sampled.ts. */
export type SampledCall = readonly [
  kernel: "sampledF32" | "sampledU16" | "sampledU8",
  source: Address,
  destination: Address,
  references: Address,
  from: number,
  to: number,
  height: number,
  width: number,
  tables: Address,
  centered: number,
  scratch: Address,
];

/** See assembly/similarity.ts. */
export type SimilarityCall = readonly [
  kernel: "similarityF32" | "similarityU16" | "similarityU8" | "similarityWideU16",
  upper: Address,
  lower: Address,
  columns: number,
  from: number,
  to: number,
  pixels: number,
  chunk: number,
  dots: Address,
  norms: Address,
];

/** See assembly/similarity.ts. */
export type SimilarityKnownCall = readonly [
  kernel: "similarityKnownU16",
  upper: Address,
  lower: Address,
  columns: number,
  from: number,
  to: number,
  pixels: number,
  upperLargest: Address,
  lowerLargest: Address,
  dots: Address,
  norms: Address,
];

/** See assembly/binned.ts. */
export type BinnedCall = readonly [
  kernel: "binnedF32" | "binnedU16" | "binnedU8",
  patterns: Address,
  count: number,
  patternRows: number,
  patternColumns: number,
  binning: number,
  output: Address,
  scale: number,
  whole: number,
  rest: number,
  scratch: Address,
];

/** See assembly/sketch.ts. */
export type SketchAdjointCall = readonly [
  kernel: "sketchAdjoint",
  binned: Address,
  patterns: number,
  pixels: number,
  from: number,
  to: number,
  features: Address,
  blocks: number,
  output: Address,
  more: number,
];

/** See assembly/sketch.ts. */
export type SketchCall = readonly [
  kernel: "sketchF32" | "sketchU16" | "sketchU8",
  patterns: Address,
  count: number,
  patternRows: number,
  patternColumns: number,
  binning: number,
  weights: Address,
  integers: Address,
  blocks: number,
  output: Address,
  thinned: Address,
  seed: number,
  probe: number,
  scale: number,
  whole: number,
  rest: number,
  scratch: Address,
];

/** See assembly/disks.ts. */
export type PlaceDisksCall = readonly [
  kernel: "placeDisksF32" | "placeDisksU16" | "placeDisksU8",
  patterns: Address,
  count: number,
  rows: number,
  columns: number,
  most: number,
  radius: number,
  edge: number,
  cover: Address,
  wide: number,
  peaks: Address,
  counts: Address,
  fit: Address,
];

/** See assembly/pairs.ts. */
export type PairsCall = readonly [
  kernel: "pairsF32" | "pairsU16" | "pairsU8" | "pairsWideU16",
  patterns: Address,
  pixels: number,
  list: Address,
  from: number,
  to: number,
  chunk: number,
  products: Address,
];

/** See assembly/peaks.ts. */
export type PeaksCall = readonly [
  kernel: "peaksF32" | "peaksU16" | "peaksU8",
  patterns: Address,
  count: number,
  rows: number,
  columns: number,
  tall: number,
  wide: number,
  half: number,
  spectrum: Address,
  tallPlan: Address,
  widePlan: Address,
  settings: Address,
  waves: Address,
  cover: Address,
  surroundings: Address,
  wanted: Address,
  peaks: Address,
  counts: Address,
  scratch: Address,
];

/** See assembly/lattices.ts. */
export type LatticesCall = readonly [
  kernel: "latticesF32" | "latticesU16" | "latticesU8",
  patterns: Address,
  count: number,
  rows: number,
  columns: number,
  probes: Address,
  clusters: Address,
  disks: Address,
  stamps: Address,
  classes: number,
  span: number,
  normals: Address,
  samples: number,
  seen: Address,
  perCount: number,
  out: Address,
  room: Address,
];

/** See assembly/joint.ts. */
export type JointLatticesCall = readonly [
  kernel: "jointLatticesF32" | "jointLatticesU16" | "jointLatticesU8",
  patterns: Address,
  count: number,
  rows: number,
  columns: number,
  probes: Address,
  clusters: Address,
  disks: Address,
  radius: number,
  width: number,
  seen: Address,
  perCount: number,
  out: Address,
  room: Address,
];

/** See assembly/joint.ts. */
export type SettleLatticesCall = readonly [
  kernel: "settleLattices",
  lattices: Address,
  count: number,
  place: number,
  least: number,
  most: number,
  wanted: Address,
];

/** See assembly/linkage.ts. */
export type LinkRegionsCall = readonly [
  kernel: "linkRegions",
  regions: Address,
  recordBytes: number,
  probes: number,
  length: number,
  edges: Address,
  steps: Address,
  limits: Address,
  heap: Address,
  roots: Address,
];

/** See assembly/medians.ts. */
export type MedianProductsCall = readonly [
  kernel: "medianProducts",
  vectors: Address,
  count: number,
  length: number,
  sample: Address,
  size: number,
  medians: Address,
  scratch: Address,
];

/** See assembly/nearness.ts. */
export type NearbyMeansCall = readonly [
  kernel: "nearbyMeans",
  features: Address,
  length: number,
  noise: Address,
  beam: Address,
  labels: Address,
  inner: Address,
  rows: number,
  columns: number,
  reach: number,
  leastInner: number,
  background: number,
  tasks: Address,
  count: number,
  numbers: Address,
  means: Address,
  scratch: Address,
];

/** See assembly/nearness.ts. */
export type NeighbourProductsCall = readonly [
  kernel: "neighbourProducts",
  features: Address,
  length: number,
  inside: Address,
  rows: number,
  columns: number,
  products: Address,
];

/** See assembly/nearness.ts. */
export type SumFeaturesCall = readonly [
  kernel: "sumFeatures",
  features: Address,
  length: number,
  groups: Address,
  probes: Address,
  count: number,
  sums: Address,
];

/** See assembly/vectors.ts. */
export type CombineVectorsCall = readonly [
  kernel: "combineVectors",
  vectors: Address,
  count: number,
  length: number,
  weights: Address,
  weightBytes: number,
  sums: number,
  out: Address,
];

/** See assembly/vectors.ts. */
export type OrthonormalVectorsCall = readonly [
  kernel: "orthonormalVectors",
  vectors: Address,
  count: number,
  length: number,
];

/** See assembly/vectors.ts. */
export type ProductsOfVectorsCall = readonly [
  kernel: "productsOfVectors",
  one: Address,
  other: Address,
  count: number,
  length: number,
  out: Address,
];

/** See assembly/match.ts. */
export type MatchPatternsCall = readonly [
  kernel: "matchPatterns",
  table: Address,
  peaks: Address,
  offsets: Address,
  from: number,
  to: number,
  refined: number,
  exhaustive: number,
  out: Address,
  scratch: Address,
];

/** See assembly/match.ts. */
export type ScoreZonesCall = readonly [
  kernel: "scoreZones",
  table: Address,
  peaks: Address,
  count: number,
  best: Address,
  shift: Address,
  scratch: Address,
];

/** See assembly/virtual.ts. */
export type VirtualCall = readonly [
  kernel: "virtualF32" | "virtualU16" | "virtualU8",
  row: Address,
  from: number,
  to: number,
  pixels: number,
  detector: Address,
  image: Address,
];

/** See assembly/whole.ts. */
export type WholeCall = readonly [
  kernel: "wholeF32" | "wholeU16" | "wholeU8",
  patterns: Address,
  count: number,
  pixels: number,
  from: number,
  to: number,
  sums: Address,
  squares: Address,
  maxima: Address,
];

/** See assembly/bitshuffle.ts. */
export type UnpackBitshuffleLz4Call = readonly [
  kernel: "unpackBitshuffleLz4",
  source: Address,
  sourceBytes: number,
  destination: Address,
  elements: number,
  elementBytes: number,
  scratch: Address,
];

/** See assembly/pack.ts. */
export type PackBloscCall = readonly [
  kernel: "packBlosc" | "packHdf5",
  source: Address,
  bytes: number,
  elementBytes: number,
  blockBytes: number,
  destination: Address,
  size: Address,
  scratch: Address,
];

/** See assembly/chunks.ts. */
export type JoinBitsCall = readonly [
  kernel: "joinBits",
  source: Address,
  target: Address,
  numbers: number,
  numberBytes: number,
  scratch: Address,
];

/** See assembly/chunks.ts. */
export type JoinBytesCall = readonly [
  kernel: "joinBytes",
  source: Address,
  target: Address,
  bytes: number,
  numberBytes: number,
];

/** See assembly/chunks.ts. */
export type PlaceTileCall = readonly [
  kernel: "placeTile",
  source: Address,
  target: Address,
  patterns: number,
  rows: number,
  rowBytes: number,
  sourceStep: number,
  sourceRowStep: number,
  targetStep: number,
  targetRowStep: number,
];

/** See assembly/chunks.ts. */
export type UnpackLz4Call = readonly [
  kernel: "unpackLz4",
  source: Address,
  sourceBytes: number,
  readableBytes: number,
  target: Address,
  targetBytes: number,
];

/** See assembly/zstandard.ts. */
export type UnpackZstandardCall = readonly [
  kernel: "unpackZstandard",
  source: Address,
  sourceBytes: number,
  target: Address,
  targetBytes: number,
  scratch: Address,
];

/** See assembly/frames.ts. */
export type ArrangeFramesCall = readonly [
  kernel: "arrangeFrames",
  source: Address,
  target: Address,
  count: number,
  recordBytes: number,
  rows: number,
  columns: number,
  rowStep: number,
  columnStep: number,
  numbers: number,
  swapped: number,
];

/** See assembly/widen.ts. */
export type WidenFramesCall = readonly [
  kernel: "widenFrames",
  source: Address,
  target: Address,
  count: number,
  recordBytes: number,
  rows: number,
  columns: number,
  rowStep: number,
  columnStep: number,
  numbers: number,
  swapped: number,
];

/** See assembly/packed.ts. */
export type UnpackWordsCall = readonly [
  kernel: "unpackWords",
  source: Address,
  target: Address,
  count: number,
  recordBytes: number,
  rows: number,
  columns: number,
  depth: number,
  chips: number,
];

/** See assembly/turn.ts. */
export type TurnNumbersCall = readonly [
  kernel: "turnNumbers",
  source: Address,
  target: Address,
  rows: number,
  columns: number,
  numberBytes: number,
  places: Address,
];

/** A call of any kernel. */
export type AnyKernelCall =
  | AccumulateCall
  | AccumulateStagedCall
  | AccumulateShiftedCall
  | BeamsCall
  | FriedelCall
  | BinPatternsCall
  | BlurCall
  | BlankCall
  | MaximaCall
  | ZeroUnfiniteCall
  | FillCall
  | FeaturesCall
  | MaskPatternsCall
  | CentredCall
  | LessMeansCall
  | MeansCall
  | CorrelateCall
  | CorrelationWeightsCall
  | FilterCall
  | FilterListCall
  | FilterRunsCall
  | RunTermsCall
  | FilterTermsCall
  | NodesCall
  | WeightedCall
  | MaskedCall
  | SampledCall
  | SimilarityCall
  | SimilarityKnownCall
  | BinnedCall
  | SketchAdjointCall
  | SketchCall
  | PlaceDisksCall
  | PairsCall
  | PeaksCall
  | LatticesCall
  | JointLatticesCall
  | SettleLatticesCall
  | LinkRegionsCall
  | MedianProductsCall
  | NearbyMeansCall
  | NeighbourProductsCall
  | SumFeaturesCall
  | CombineVectorsCall
  | OrthonormalVectorsCall
  | ProductsOfVectorsCall
  | MatchPatternsCall
  | ScoreZonesCall
  | VirtualCall
  | WholeCall
  | UnpackBitshuffleLz4Call
  | PackBloscCall
  | JoinBitsCall
  | JoinBytesCall
  | PlaceTileCall
  | UnpackLz4Call
  | UnpackZstandardCall
  | ArrangeFramesCall
  | WidenFramesCall
  | UnpackWordsCall
  | TurnNumbersCall;
