// Thinned patterns: each count kept with probability 1/2, by random bits of its own; and halves of what is no count.

// Above this, a count is halved: its own noise is then below a thousandth of it.
const largestThinned: f32 = 1048576;

// Pixels that are thinned together where none has more than so many counts: the bits of each lie in eight bytes.
const blockPixels: i32 = 64, largestInBlock: i32 = 56;

// Above this, electrons are not dealt one by one: their number has a normal distribution as far as anybody could tell.
const largestDealt: i32 = 4096;

// The generator SplitMix64 (Steele, Lea and Flood, OOPSLA 2014; doi:10.1145/2660193.2660195).
// @ts-ignore: decorator
@inline
function mix(state: u64): u64 {
  let word = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
  word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
  return word ^ (word >> 31);
}

// Binomial(n, 1/2) of each count n: the ones among n random bits. What is no whole count, or negative, is halved. The bits
// follow each other pixel by pixel; `words` has room for those of a block, 512 bytes.
export function thin(counts: usize, pixels: i32, seed: u64, probe: u64, out: usize, words: usize): void {
  const step: u64 = 0x9e3779b97f4a7c15;
  let state = mix(seed * step + probe), bits: u64 = 0, left: i32 = 0;
  for (let first = 0; first < pixels; first += blockPixels) {
    const from = counts + (<usize>first << 2), to = out + (<usize>first << 2);
    const size = min(blockPixels, pixels - first), wanted = size == blockPixels ? smallCounts(from, to) : -1;
    if (wanted >= 0) {
      // All bits that the block wants in one row, from where those that are left begin.
      const start = 64 - left, end = start + wanted;
      store<u64>(words, left == 0 ? 0 : bits << <u64>start);
      for (let word = words + 8, last = words + (<usize>((end - 1) >> 6) << 3); word <= last; word += 8) {
        state += step;
        store<u64>(word, mix(state));
      }
      let position = <usize>start;
      for (let at = to, done = to + (<usize>blockPixels << 2); at < done; at += 4) {
        const count = <u64>load<u32>(at);
        const row = load<u64>(words + (position >> 3)) >> <u64>(position & 7);
        store<f32>(at, f32(<i32>popcnt(row & ((<u64>1 << count) - 1))));
        position += <usize>count;
      }
      left = -end & 63;
      bits = left == 0 ? 0 : load<u64>(words + (<usize>(end >> 6) << 3)) >> <u64>(64 - left);
      continue;
    }
    for (let i = 0; i < size; i++) {
      const at = <usize>i << 2;
      const count = load<f32>(from + at);
      if (!(count >= 1 && count <= largestThinned)) {
        store<f32>(to + at, count * 0.5);
        continue;
      }
      let n = i32(count), kept: i32 = 0;
      const rest = (count - f32(n)) * 0.5;
      if (n > largestDealt) {
        // The bits are passed over as if each had been looked at: the counts that follow do not depend on this one.
        const more = n - left, passed = (more + 63) >> 6;
        store<f32>(to + at, f32(nearest((f64(n) + Math.sqrt(f64(n)) * deviate(state, step)) * 0.5)) + rest);
        state += <u64>passed * step;
        left = (passed << 6) - more;
        bits = left == 0 ? 0 : mix(state) >> <u64>(64 - left);
        continue;
      }
      while (n > 0) {
        if (left == 0) {
          state += step;
          bits = mix(state);
          left = 64;
        }
        const taken = n < left ? n : left;
        kept += i32(popcnt(taken == 64 ? bits : bits & ((<u64>1 << <u64>taken) - 1)));
        bits = taken == 64 ? 0 : bits >> <u64>taken;
        left -= taken;
        n -= taken;
      }
      store<f32>(to + at, f32(kept) + rest);
    }
  }
}

// Halves of values that are no counts, of which the variance is known: each value in electrons with `rest` beyond its own number. Half
// a value more or less half a standard deviation, by the toss of a coin, has the mean and variance of a half, and is as independent
// of what is left as sums over many pixels can tell. Four neighbours tell the variance: of one alone, noise below zero would be lost.
export function halve(values: usize, pixels: i32, rest: f32, seed: u64, probe: u64, out: usize): void {
  const step: u64 = 0x9e3779b97f4a7c15;
  let state = mix(seed * step + probe), bits: u64 = 0;
  for (let pixel = 0; pixel < pixels; pixel += 4) {
    if ((pixel & 63) == 0) {
      state += step;
      bits = mix(state);
    }
    const from = values + (<usize>pixel << 2), to = out + (<usize>pixel << 2), have = min(4, pixels - pixel);
    let sum: f32 = 0;
    for (let i = 0; i < have; i++) sum += load<f32>(from + (<usize>i << 2));
    const deviation = Mathf.sqrt(max<f32>(0, sum / f32(have) + rest)) * 0.5;
    for (let i = 0; i < have; i++) {
      const value = load<f32>(from + (<usize>i << 2)) * 0.5;
      store<f32>(to + (<usize>i << 2), (bits & 1) == 0 ? value + deviation : value - deviation);
      bits >>= 1;
    }
  }
}

// A block of counts as integers, and their sum; -1 where one of them is not whole, negative, or larger than a block may have.
function smallCounts(counts: usize, integers: usize): i32 {
  let sums = i32x4.splat(0), sound = i32x4.splat(-1);
  for (let offset: usize = 0; offset < <usize>blockPixels << 2; offset += 16) {
    const values = v128.load(counts + offset), whole = i32x4.trunc_sat_f32x4_s(values);
    sound = v128.and(sound, f32x4.eq(f32x4.convert_i32x4_s(whole), values));
    sound = v128.and(sound, i32x4.le_u(whole, i32x4.splat(largestInBlock)));
    sums = i32x4.add(sums, whole);
    v128.store(integers + offset, whole);
  }
  if (!i32x4.all_true(sound)) return -1;
  return i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
}

// A number of mean 0 and variance 1, about normal: the sum of twelve that are even, of 16 bits each, from the next three words.
// @ts-ignore: decorator
@inline
function deviate(state: u64, step: u64): f64 {
  let sum: i32 = 0;
  for (let word: u64 = 1; word <= 3; word++) {
    const bits = mix(state + word * step);
    sum += i32(bits & 0xffff) + i32((bits >> 16) & 0xffff) + i32((bits >> 32) & 0xffff) + i32(bits >> 48);
  }
  // The mean of each is 65535 / 2, its variance (65536^2 - 1) / 12.
  return (f64(sum) - 393210) / 65536;
}
