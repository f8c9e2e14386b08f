// Algebra of a few long vectors (library/passes/sketch/vectors.ts): float64, one after the other in memory, summed in the same
// order as one number at a time would be.

/** sum + x y, lane by lane. */
// @ts-ignore: decorator
@inline
function addProduct(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

/** Four running sums, of which the first has got what is left over after whole fours as well. */
// @ts-ignore: decorator
@inline
function sumOfFour(ab: v128, cd: v128, a: f64): f64 {
  return a + f64x2.extract_lane(ab, 1) + (f64x2.extract_lane(cd, 0) + f64x2.extract_lane(cd, 1));
}

/** Inner product in four running sums. */
function dot(x: usize, y: usize, length: i32): f64 {
  const whole = <usize>(length & ~3) << 3, end = <usize>length << 3;
  let ab = f64x2.splat(0), cd = ab, o: usize = 0;
  for (; o < whole; o += 32) {
    ab = addProduct(ab, v128.load(x + o), v128.load(y + o));
    cd = addProduct(cd, v128.load(x + o, 16), v128.load(y + o, 16));
  }
  let a = f64x2.extract_lane(ab, 0);
  for (; o < end; o += 8) a += load<f64>(x + o) * load<f64>(y + o);
  return sumOfFour(ab, cd, a);
}

/** Adds `weight` times y to x, and gives the inner product of the sum with z. */
function addTimesAndDot(x: usize, y: usize, weight: f64, z: usize, length: i32): f64 {
  const whole = <usize>(length & ~3) << 3, end = <usize>length << 3, times = f64x2.splat(weight);
  let ab = f64x2.splat(0), cd = ab, o: usize = 0;
  for (; o < whole; o += 32) {
    const low = addProduct(v128.load(x + o), times, v128.load(y + o));
    const high = addProduct(v128.load(x + o, 16), times, v128.load(y + o, 16));
    v128.store(x + o, low);
    v128.store(x + o, high, 16);
    ab = addProduct(ab, low, v128.load(z + o));
    cd = addProduct(cd, high, v128.load(z + o, 16));
  }
  let a = f64x2.extract_lane(ab, 0);
  for (; o < end; o += 8) {
    const value = load<f64>(x + o) + weight * load<f64>(y + o);
    store<f64>(x + o, value);
    a += value * load<f64>(z + o);
  }
  return sumOfFour(ab, cd, a);
}

/**
 * Makes vectors orthonormal in place by Gram and Schmidt, twice for the sake of rounding; one that vanishes stays as it is.
 *
 * @param vectors float64 (vector, `length`)
 */
export function orthonormalVectors(vectors: usize, count: i32, length: i32): void {
  const bytes = <usize>length << 3;
  for (let k = 0; k < count; k++) {
    const vector = vectors + <usize>k * bytes;
    // Twice through those that are done; the product with the next is taken while the part along one is taken away.
    let product = dot(vector, k > 0 ? vectors : vector, length);
    for (let step = 0, steps = 2 * k; step < steps; step++) {
      const other = vectors + <usize>(step % k) * bytes;
      const next = step + 1 < steps ? vectors + <usize>((step + 1) % k) * bytes : vector;
      product = addTimesAndDot(vector, other, -product, next, length);
    }
    const norm = Math.sqrt(product);
    if (!(norm > 0)) continue;
    for (let at = vector, end = vector + bytes; at < end; at += 8) store<f64>(at, load<f64>(at) / norm);
  }
}

/**
 * Sums of vectors, each times its weight, in their order.
 *
 * @param vectors float64 (vector, `length`)
 * @param weights float64 (vector, sum), `weightBytes` from a vector to the next
 * @param out float64 (sum, `length`)
 */
export function combineVectors(
  vectors: usize, count: i32, length: i32, weights: usize, weightBytes: i32, sums: i32, out: usize,
): void {
  const bytes = <usize>length << 3, whole = <usize>(length & ~7) << 3;
  for (let k = 0; k < sums; k++, weights += 8, out += bytes) {
    let o: usize = 0;
    for (; o < whole; o += 64) {
      let a = f64x2.splat(0), b = a, c = a, d = a, at = vectors + o, w = weights;
      for (let i = 0; i < count; i++, at += bytes, w += <usize>weightBytes) {
        const times = v128.load64_splat(w);
        a = addProduct(a, times, v128.load(at));
        b = addProduct(b, times, v128.load(at, 16));
        c = addProduct(c, times, v128.load(at, 32));
        d = addProduct(d, times, v128.load(at, 48));
      }
      v128.store(out + o, a);
      v128.store(out + o, b, 16);
      v128.store(out + o, c, 32);
      v128.store(out + o, d, 48);
    }
    for (; o < bytes; o += 8) {
      let sum = 0.0, at = vectors + o, w = weights;
      for (let i = 0; i < count; i++, at += bytes, w += <usize>weightBytes) sum += load<f64>(w) * load<f64>(at);
      store<f64>(out + o, sum);
    }
  }
}

/**
 * Inner products of all vectors of one list with all of another, each as `dot`.
 *
 * @param one float64 (vector, `length`), as `other`
 * @param out float64 (vector of one, vector of other)
 */
export function productsOfVectors(one: usize, other: usize, count: i32, length: i32, out: usize): void {
  const bytes = <usize>length << 3, whole = <usize>(length & ~3) << 3;
  for (let i = 0; i < count; i++, one += bytes) {
    for (let j = 0; j < count; j += 2, out += 16) {
      const y = other + <usize>j * bytes;
      if (j + 1 == count) {
        store<f64>(out, dot(one, y, length));
        out -= 8;
        continue;
      }
      const z = y + bytes;
      let ab = f64x2.splat(0), cd = ab, AB = ab, CD = ab, o: usize = 0;
      for (; o < whole; o += 32) {
        const low = v128.load(one + o), high = v128.load(one + o, 16);
        ab = addProduct(ab, low, v128.load(y + o));
        cd = addProduct(cd, high, v128.load(y + o, 16));
        AB = addProduct(AB, low, v128.load(z + o));
        CD = addProduct(CD, high, v128.load(z + o, 16));
      }
      let a = f64x2.extract_lane(ab, 0), A = f64x2.extract_lane(AB, 0);
      for (; o < bytes; o += 8) {
        a += load<f64>(one + o) * load<f64>(y + o);
        A += load<f64>(one + o) * load<f64>(z + o);
      }
      store<f64>(out, sumOfFour(ab, cd, a));
      store<f64>(out, sumOfFour(AB, CD, A), 8);
    }
  }
}
