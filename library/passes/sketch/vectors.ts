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
        addTimes(vector, other, -dot(vector, other));
      }
    }
    const norm = Math.sqrt(dot(vector, vector));
    done.push(norm > 0 ? vector.map((value) => value / norm) : vector);
  }
  return done;
}

/** Sum of vectors, each times its weight, in their order; four at a time, so that the sum is read and written less often. */
export function combine(vectors: readonly Float64Array[], weight: (index: number) => number): Float64Array {
  const sum = new Float64Array(vectors[0].length), whole = vectors.length & ~3;
  for (let index = 0; index < whole; index += 4) addFour(sum, vectors, index, weight);
  for (let index = whole; index < vectors.length; index++) addTimes(sum, vectors[index], weight(index));
  return sum;
}

function addFour(
  sum: Float64Array,
  vectors: readonly Float64Array[],
  first: number,
  weight: (index: number) => number,
): void {
  const a = vectors[first], b = vectors[first + 1], c = vectors[first + 2], d = vectors[first + 3];
  const u = weight(first), v = weight(first + 1), w = weight(first + 2), x = weight(first + 3);
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i] + u * a[i] + v * b[i] + w * c[i] + x * d[i];
}

function addTimes(sum: Float64Array, vector: Float64Array, weight: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] += weight * vector[i];
}

/** Inner product, in four running sums, so that the processor need not wait for one addition before the next. */
export function dot(x: Float64Array, y: Float64Array): number {
  let a = 0, b = 0, c = 0, d = 0, i = 0;
  for (const whole = x.length - 3; i < whole; i += 4) {
    a += x[i] * y[i];
    b += x[i + 1] * y[i + 1];
    c += x[i + 2] * y[i + 2];
    d += x[i + 3] * y[i + 3];
  }
  for (; i < x.length; i++) a += x[i] * y[i];
  return a + b + (c + d);
}
