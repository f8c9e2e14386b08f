/** Short linear features of every pattern, with what is known of their noise. */

/** Features of a scan; everything that finds regions works on these alone. */
export interface Sketch {
  /** Probe positions along the slow and the fast scan axis. */
  readonly rows: number;
  readonly columns: number;
  /** Numbers per pattern, k. */
  readonly length: number;
  /** float32 (row, column, k). */
  readonly features: Float32Array;
  /** float32 (row, column): expected squared length of the noise in a pattern's features: E|F|^2 = |E F|^2 + noise. */
  readonly noise: Float32Array;
  /** Effective number of independent components of that noise: (tr A)^2 / tr A^2 of its covariance A. */
  readonly degreesOfFreedom: number;
}
