// What the machine allows, for bench/: loads, float32 multiplications and additions, 16-bit inner products, all 128 bits
// wide. A module of its own, build/roofline.wasm.bin. Results depend on all that is computed, so nothing is left out.

/** Loads `bytes` of memory, a multiple of 128, several times, and gives the sum of all 32-bit words. */
export function read(from: usize, bytes: usize, passes: i32): i32 {
  let a = i32x4.splat(0), b = a, c = a, d = a;
  const end = from + bytes;
  for (let pass = 0; pass < passes; pass++) {
    for (let at = from; at < end; at += 128) {
      a = i32x4.add(a, v128.load(at));
      b = i32x4.add(b, v128.load(at, 16));
      c = i32x4.add(c, v128.load(at, 32));
      d = i32x4.add(d, v128.load(at, 48));
      a = i32x4.add(a, v128.load(at, 64));
      b = i32x4.add(b, v128.load(at, 80));
      c = i32x4.add(c, v128.load(at, 96));
      d = i32x4.add(d, v128.load(at, 112));
    }
  }
  return sumIntegers(i32x4.add(i32x4.add(a, b), i32x4.add(c, d)));
}

/**
 * Inner products of three vectors with three others, nine sums in registers, several times. The six lie one after the
 * other from `from`, `bytes` each, a multiple of 16; in the first-level cache, if they are to show the arithmetic.
 */
export function multiplyFloats(from: usize, bytes: usize, passes: i32): f32 {
  let a = f32x4.splat(0), b = a, c = a, d = a, e = a, g = a, h = a, i = a, j = a;
  const second = from + bytes, third = second + bytes;
  for (let pass = 0; pass < passes; pass++) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const x = v128.load(from + o), y = v128.load(second + o), z = v128.load(third + o);
      let u = v128.load(from + o + 3 * bytes);
      a = f32x4.add(a, f32x4.mul(x, u));
      b = f32x4.add(b, f32x4.mul(y, u));
      c = f32x4.add(c, f32x4.mul(z, u));
      u = v128.load(second + o + 3 * bytes);
      d = f32x4.add(d, f32x4.mul(x, u));
      e = f32x4.add(e, f32x4.mul(y, u));
      g = f32x4.add(g, f32x4.mul(z, u));
      u = v128.load(third + o + 3 * bytes);
      h = f32x4.add(h, f32x4.mul(x, u));
      i = f32x4.add(i, f32x4.mul(y, u));
      j = f32x4.add(j, f32x4.mul(z, u));
    }
  }
  a = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, g), f32x4.add(f32x4.add(h, i), j)));
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3);
}

/** Twelve chains of 16-bit inner products that are added to 32-bit sums, in registers. */
export function multiplyIntegers(rounds: i32, factor: i32): i32 {
  const f = i16x8.splat(<i16>factor), one = i16x8.splat(1);
  let a = one, b = f, c = one, d = f, e = one, g = f, h = one, i = f, j = one, k = f, l = one, m = f;
  for (let round = 0; round < rounds; round++) {
    a = i32x4.add(a, i32x4.dot_i16x8_s(a, f));
    b = i32x4.add(b, i32x4.dot_i16x8_s(b, f));
    c = i32x4.add(c, i32x4.dot_i16x8_s(c, f));
    d = i32x4.add(d, i32x4.dot_i16x8_s(d, f));
    e = i32x4.add(e, i32x4.dot_i16x8_s(e, f));
    g = i32x4.add(g, i32x4.dot_i16x8_s(g, f));
    h = i32x4.add(h, i32x4.dot_i16x8_s(h, f));
    i = i32x4.add(i, i32x4.dot_i16x8_s(i, f));
    j = i32x4.add(j, i32x4.dot_i16x8_s(j, f));
    k = i32x4.add(k, i32x4.dot_i16x8_s(k, f));
    l = i32x4.add(l, i32x4.dot_i16x8_s(l, f));
    m = i32x4.add(m, i32x4.dot_i16x8_s(m, f));
  }
  const x = i32x4.add(i32x4.add(i32x4.add(a, b), i32x4.add(c, d)), i32x4.add(i32x4.add(e, g), i32x4.add(h, i)));
  return sumIntegers(i32x4.add(x, i32x4.add(i32x4.add(j, k), i32x4.add(l, m))));
}

function sumIntegers(x: v128): i32 {
  return i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1) + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3);
}
