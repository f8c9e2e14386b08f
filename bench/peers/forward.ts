/** Which of the eight similarities peers compare. */

/** The similarities of the neighbours at (0,1) (1,-1) (1,0) (1,1), of all eight: float32 (probes, 4). */
export function forwardOf(similarity: Float32Array): Float32Array {
  return Float32Array.from(
    { length: similarity.length / 2 },
    (_, i) => similarity[8 * (i >> 2) + 4 + (i & 3)],
  );
}
