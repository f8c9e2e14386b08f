// What the kernels of orientation matching take: one table for each crystal, and the scratch memory of a thread, laid out
// by library/crystal/matching/placed_plan.ts. Int32 fields come first, float64 constants from byte 256 on; offsets are in
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

/** The plan in short: leaders; angles compared, steps between them, angles computed; bytes of a row of the image. */
export const enum Short {
  Leaders = 24,
  Angles = 28,
  Stride = 32,
  Computed = 36,
  RowBytes = 40,
}

/** The largest number in an image of pairs, and what rounding to whole numbers can change of a sum, twice. */
export const enum Whole {
  Top = 44,
  Margin = 48,
}

/** Number of variants that the lattice hardly tells from an orientation. */
export const enum Lattice {
  Variants = 52,
}

/**
 * Arrays of the table. Starts: int32 [zones + 1], pairs of each zone. Places: int32 [pairs], bytes from the start of an
 * image. PairWeights: int16 [pairs][2], of two neighbouring angles. Weights: float32 [pairs][2], the same exactly. Frames:
 * float64 [zones][9]. Turns: float64 [steps][cosine, sine] of the angles in the plane. Radii: float64 [shells]. Group:
 * float64 [rotations][9]. Reflections: float64 [reflections][x, y, z, |g|, strength]. RoundTable: float64
 * [rounds][step in radians, its cosine, its sine, width].
 *
 * Of the plan in short (library/crystal/matching/screening.ts): Strengths to Members; FinePlaces and FineMirrored: int32
 * [pairs], bytes from the start of `Fine`, the mirrored one of each spot's reflected angle.
 * Variants: float64 [variants][9], turns of the crystal. Sieve: float32 [reflections / 4][6][4], of assembly/sieve.ts.
 */
export const enum Tables {
  Starts = 64,
  Places = 68,
  PairWeights = 72,
  Weights = 76,
  Frames = 80,
  Turns = 84,
  Radii = 88,
  Group = 92,
  Reflections = 96,
  RoundTable = 100,
  Strengths = 104,
  LeaderStarts = 108,
  LeaderSpots = 112,
  LeaderNorms = 116,
  MemberStarts = 120,
  Members = 124,
  FinePlaces = 128,
  FineMirrored = 132,
  Variants = 136,
  Sieve = 140,
}

/**
 * Arrays of the scratch memory. Sums: float64 [shells][steps]. Direct, Mirrored: float32 [shells][2 steps], each shell
 * twice in a row; DirectPairs, MirroredPairs: the same as int16 [..][this angle, the next]. Correlogram: int32 [steps], or
 * uint16 [angles]. Scores: float32 [zones][direct, mirrored]; Shifts: int32, the same. Chosen: records of Candidate.
 * Equals: float64 [chosen][rotations][10], what symmetry makes equal to each. Peaks: float64 [peaks][row, column, weight,
 * angle]. Norms: float64 [rounds]. Near: float64 [reflections][x, y, z, |g|, strength]. Spots: float64
 * [reflections][row, column, weight]. Image: bytes, of assembly/screen.ts. Leading: records of Leading. Fine: float32
 * [shells][2 steps + 8]. Found: float32 [..], scores of zones that were looked at; FoundIndex: int32, zone x 2 + mirrored.
 * Lit: records of assembly/climb.ts; LitPlaces: float32 [lit / 4][row, column][4]. Sieved: uint32 [reflections], addresses. Buckets: int32 [64], of
 * assembly/light.ts.
 */
export const enum Room {
  Sums = 160,
  Direct = 164,
  Mirrored = 168,
  DirectPairs = 172,
  MirroredPairs = 176,
  Correlogram = 180,
  Scores = 184,
  Shifts = 188,
  Chosen = 192,
  Equals = 196,
  Peaks = 200,
  Norms = 204,
  Near = 208,
  Spots = 212,
  Image = 216,
  Leading = 220,
  Fine = 224,
  Found = 228,
  FoundIndex = 232,
  Lit = 236,
  LitPlaces = 240,
  Sieved = 244,
  Buckets = 248,
}

/**
 * Constants: the wavelength in Å; the kernel; excitation errors beyond Range leave nothing; Fading is 1 / (2 width^2) of
 * weights; Apart and Same are traces, 1 + 2 cos, of the angles at which candidates are apart and matches differ; widths of
 * the agreement without and with refinement; AsGood is the part of the agreement at which a half turn is as good; Longest is the largest |g|;
 * Spacing is a distance that no two spots are nearer than.
 */
export const enum Constant {
  Wavelength = 256,
  Kernel = 264,
  Range = 272,
  Fading = 280,
  Apart = 288,
  Same = 296,
  CoarseWidth = 304,
  FineWidth = 312,
  AsGood = 320,
  Longest = 328,
  Spacing = 336,
}

/** A leading zone: its score, float32; leader x 2 + mirrored and angle in steps, int32. */
export const enum Leading {
  Index = 4,
  Shift = 8,
  Bytes = 16,
}

/** Leading zones that are followed. */
export const LEADING: i32 = 8;

/**
 * Fields of a candidate: float64 [10] matrix, row by row, and a zero, later its agreement before refinement; its
 * correlation; its agreement; float64 [9], slope and bend of the agreement that was found last (assembly/climb.ts).
 */
export const enum Candidate {
  Before = 72,
  Score = 80,
  Agreement = 88,
  Bends = 96,
  Bytes = 176,
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
