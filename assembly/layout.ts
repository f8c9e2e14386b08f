// What the kernels of orientation matching take: one table for each crystal, and the scratch memory of a thread, laid out
// by library/crystal/matching/placed_plan.ts. Int32 fields come first, float64 constants from byte 128 on; offsets are in
// bytes from the table, or from the scratch memory.

/** Zone axes; angles on a turn; shells of equal |g|; reflections; rotations of the Laue group; rounds of refinement. */
export const enum Size {
  Zones = 0,
  Steps = 4,
  Shells = 8,
  Reflections = 12,
  Rotations = 16,
  Rounds = 20,
}

/**
 * Arrays of the table. Starts: int32 [zones + 1], pairs of each zone. Places: int32 [pairs], bytes from the start of an
 * image. PairWeights: int16 [pairs][2], of two neighbouring angles. Weights: float32 [pairs][2], the same exactly. Frames:
 * float64 [zones][9]. Turns: float64 [steps][cosine, sine] of the angles in the plane. Radii: float64 [shells]. Group:
 * float64 [rotations][9]. Reflections: float64 [reflections][x, y, z, |g|, strength]. RoundTable: float64
 * [rounds][step in radians, its cosine, its sine, width].
 */
export const enum Tables {
  Starts = 24,
  Places = 28,
  PairWeights = 32,
  Weights = 36,
  Frames = 40,
  Turns = 44,
  Radii = 48,
  Group = 52,
  Reflections = 56,
  RoundTable = 60,
}

/**
 * Arrays of the scratch memory. Sums: float64 [shells][steps]. Direct, Mirrored: float32 [shells][2 steps], each shell
 * twice in a row; DirectPairs, MirroredPairs: the same as int16 [..][this angle, the next]. Correlogram: int32 [steps].
 * Scores: float32 [zones][direct, mirrored]; Shifts: int32, the same. Chosen: records of Candidate. Equals: float64
 * [chosen][rotations][10], what symmetry makes equal to each. Peaks: float64 [peaks][row, column, weight, angle]. Norms:
 * float64 [rounds]. Near: float64 [reflections][x, y, z, |g|, strength]. Spots: float64 [reflections][row, column, weight].
 */
export const enum Room {
  Sums = 64,
  Direct = 68,
  Mirrored = 72,
  DirectPairs = 76,
  MirroredPairs = 80,
  Correlogram = 84,
  Scores = 88,
  Shifts = 92,
  Chosen = 96,
  Equals = 100,
  Peaks = 104,
  Norms = 108,
  Near = 112,
  Spots = 116,
}

/** The largest number in an image of pairs, and what rounding to whole numbers can change of a sum, twice. */
export const enum Whole {
  Top = 120,
  Margin = 124,
}

/**
 * Constants: the wavelength in Å; the kernel; excitation errors beyond Range leave nothing; Fading is 1 / (2 width^2) of
 * weights; Apart and Same are traces, 1 + 2 cos, of the angles at which candidates are apart and matches differ; widths of
 * the agreement without and with refinement; AsGood is the part of the agreement at which a half turn is as good; Longest is the largest |g|.
 */
export const enum Constant {
  Wavelength = 128,
  Kernel = 136,
  Range = 144,
  Fading = 152,
  Apart = 160,
  Same = 168,
  CoarseWidth = 176,
  FineWidth = 184,
  AsGood = 192,
  Longest = 200,
}

/** Fields of a candidate: float64 [10] matrix, row by row, and a zero; its correlation; its agreement. */
export const enum Candidate {
  Score = 80,
  Agreement = 88,
  Bytes = 96,
}

/** Candidates that are refined, and those that are looked at before. */
export const CHOSEN: i32 = 8;
export const LOOKED_AT: i32 = 320;
/** Spots fainter than this part of the strongest decide nothing. */
export const FAINTEST: f64 = 1e-3;

// @ts-ignore: decorator
@inline
export function size(table: usize, field: usize): i32 {
  return load<i32>(table + field);
}

// @ts-ignore: decorator
@inline
export function array(base: usize, table: usize, field: usize): usize {
  return base + <usize>load<i32>(table + field);
}

// @ts-ignore: decorator
@inline
export function constant(table: usize, field: usize): f64 {
  return load<f64>(table + field);
}
