/** Small algebra of vectors for subspace iteration. */

/** Directions to begin with: any that are independent do, as long as they are always the same. */
export function startVectors(count: number, length: number): Float64Array[] {
  let state = 1;
  return Array.from({ length: count }, () =>
    Float64Array.from({ length }, () => {
      state = Math.imul(state, 1664525) + 1013904223 | 0;
      return state / 2 ** 31;
    }));
}

/** Orthonormal vectors with the same span, by Gram and Schmidt, twice for the sake of rounding. */
export function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const given of vectors) {
    const vector = given.slice();
    for (let pass = 0; pass < 2; pass++) {
      for (const other of done) {
        const share = dot(vector, other);
        for (let i = 0; i < vector.length; i++) vector[i] -= share * other[i];
      }
    }
    const norm = Math.sqrt(dot(vector, vector));
    done.push(norm > 0 ? vector.map((value) => value / norm) : vector);
  }
  return done;
}

/** Sum of vectors, each times its weight. */
export function combine(vectors: readonly Float64Array[], weight: (index: number) => number): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  vectors.forEach((vector, index) => {
    const share = weight(index);
    for (let i = 0; i < sum.length; i++) sum[i] += share * vector[i];
  });
  return sum;
}

/** Inner product. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
