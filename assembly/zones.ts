// Correlation of one pattern's polar image with what a crystal shows along every zone axis (spec of orientation mapping,
// sparse form: C. Ophus et al., Microsc. Microanal. 28, 390, 2022).

/**
 * For zones from..to-1 the largest of c[s] = sum over the zone's entries of weight x image[place + s], s = 0..steps-1,
 * and its first s; the same for the mirrored image. Sums are float32, in the order of the entries.
 *
 * start: int32 [zones + 1], entries of each zone; place: int32, bytes from the start of an image; weight: float32.
 * image, mirrored: float32, each shell twice in a row, so that place + s needs no modulo. steps: a multiple of 4.
 * best: float32 [zone][direct, mirrored]; shift: int32, the same. scratch: 4 x steps bytes.
 */
export function correlateZones(
  start: usize, place: usize, weight: usize, from: i32, to: i32, steps: i32, image: usize, mirrored: usize,
  best: usize, shift: usize, scratch: usize,
): void {
  for (let zone = from; zone < to; zone++) {
    const first = load<i32>(start + (<usize>zone << 2)), last = load<i32>(start + (<usize>zone << 2), 4);
    const out = <usize>zone << 3;
    correlateZone(place, weight, first, last, steps, image, best + out, shift + out, scratch);
    correlateZone(place, weight, first, last, steps, mirrored, best + out + 4, shift + out + 4, scratch);
  }
}

function correlateZone(
  place: usize, weight: usize, first: i32, last: i32, steps: i32, image: usize, best: usize, shift: usize,
  scratch: usize,
): void {
  const entries = place + (<usize>first << 2), end = place + (<usize>last << 2), apart = weight - place;
  const bytes = <usize>steps << 2, whole = bytes & ~127;
  let largest = f32x4.splat(0);
  let o: usize = 0;
  for (; o < whole; o += 128) {
    let a = f32x4.splat(0), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
    for (let entry = entries; entry < end; entry += 4) {
      const w = v128.load32_splat(entry + apart);
      const at = image + <usize>load<i32>(entry) + o;
      a = f32x4.add(a, f32x4.mul(w, v128.load(at)));
      b = f32x4.add(b, f32x4.mul(w, v128.load(at, 16)));
      c = f32x4.add(c, f32x4.mul(w, v128.load(at, 32)));
      d = f32x4.add(d, f32x4.mul(w, v128.load(at, 48)));
      e = f32x4.add(e, f32x4.mul(w, v128.load(at, 64)));
      f = f32x4.add(f, f32x4.mul(w, v128.load(at, 80)));
      g = f32x4.add(g, f32x4.mul(w, v128.load(at, 96)));
      h = f32x4.add(h, f32x4.mul(w, v128.load(at, 112)));
    }
    const out = scratch + o;
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
    v128.store(out, e, 64);
    v128.store(out, f, 80);
    v128.store(out, g, 96);
    v128.store(out, h, 112);
    a = f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d));
    e = f32x4.pmax(f32x4.pmax(e, f), f32x4.pmax(g, h));
    largest = f32x4.pmax(largest, f32x4.pmax(a, e));
  }
  for (; o < bytes; o += 16) {
    let a = f32x4.splat(0);
    for (let entry = entries; entry < end; entry += 4) {
      a = f32x4.add(a, f32x4.mul(v128.load32_splat(entry + apart), v128.load(image + <usize>load<i32>(entry) + o)));
    }
    v128.store(scratch + o, a);
    largest = f32x4.pmax(largest, a);
  }
  const value = max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
  store<f32>(best, value);
  store<i32>(shift, firstOf(value, scratch, bytes));
}

/** Index of the first float of `value`; 0 where there is none. */
function firstOf(value: f32, floats: usize, bytes: usize): i32 {
  const wanted = f32x4.splat(value);
  for (let o: usize = 0; o < bytes; o += 16) {
    const lanes = i32x4.bitmask(f32x4.eq(v128.load(floats + o), wanted));
    if (lanes != 0) return <i32>(o >> 2) + ctz(lanes);
  }
  return 0;
}
