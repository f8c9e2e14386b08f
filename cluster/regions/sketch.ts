/** Short linear features of every pattern: what regions are found on. */

/** Short linear features of every pattern, with what is known of their noise. */
export interface Sketch {
  readonly rows: number;
  readonly columns: number;
  /** Numbers per pattern, k (6 to 96). */
  readonly length: number;
  /** float32 (row, column, k). */
  readonly features: Float32Array;
  /** float32 (row, column): expected squared length of the noise in a pattern's features: E|F|^2 = |E F|^2 + noise. */
  readonly noise: Float32Array;
  /** Effective number of independent components of that noise. */
  readonly degreesOfFreedom: number;
}
