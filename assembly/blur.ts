// Separable Gaussian blur of one float32 pattern, as scipy.ndimage.gaussian_filter with its defaults: symmetric
// half-sample reflection (d c b a | a b c d | d c b a) at the borders. weights[k], k = 0..radius, is the float32 tap at
// distance k; the taps sum to 1 over -radius..radius. The pass along rows comes first, the pass along columns second.

/** Index inside 0..size-1 that index stands for under half-sample reflection, for any distance outside. */
// @ts-ignore: decorator
@inline
export function reflect(index: i32, size: i32): i32 {
  const period = 2 * size;
  let i = index % period;
  if (i < 0) i += period;
  return i < size ? i : period - 1 - i;
}

/**
 * destination = source blurred; float32 (height, width), row-major. source and destination may be the same.
 * scratch: one filtered pattern and one padded line, height * width + width + 2 * radius + 4 float32.
 */
export function blur(
  source: usize, destination: usize, height: i32, width: i32, weights: usize, radius: i32, scratch: usize,
): void {
  const pixels = <usize>height * <usize>width;
  const line = scratch + (pixels << 2);
  for (let y = 0; y < height; y++) {
    const input = source + ((<usize>y * <usize>width) << 2);
    for (let x = 0; x < radius; x++) {
      store<f32>(line + (<usize>x << 2), load<f32>(input + (<usize>reflect(x - radius, width) << 2)));
      const right = width + x;
      store<f32>(line + (<usize>(right + radius) << 2), load<f32>(input + (<usize>reflect(right, width) << 2)));
    }
    memory.copy(line + (<usize>radius << 2), input, <usize>width << 2);
    alongRow(line + (<usize>radius << 2), scratch + ((<usize>y * <usize>width) << 2), width, weights, radius);
  }
  for (let y = 0; y < height; y++) {
    alongColumns(scratch, destination + ((<usize>y * <usize>width) << 2), y, height, width, weights, radius);
  }
}

function alongRow(center: usize, output: usize, width: i32, weights: usize, radius: i32): void {
  let x = 0;
  for (; x + 8 <= width; x += 8) {
    const at = center + (<usize>x << 2);
    const w0 = v128.load32_splat(weights);
    let s0 = f32x4.mul(w0, v128.load(at)), s1 = f32x4.mul(w0, v128.load(at, 16));
    for (let k = 1; k <= radius; k++) {
      const o = <usize>k << 2;
      const w = v128.load32_splat(weights + o);
      s0 = f32x4.add(s0, f32x4.mul(w, f32x4.add(v128.load(at - o), v128.load(at + o))));
      s1 = f32x4.add(s1, f32x4.mul(w, f32x4.add(v128.load(at - o, 16), v128.load(at + o, 16))));
    }
    v128.store(output + (<usize>x << 2), s0);
    v128.store(output + (<usize>x << 2), s1, 16);
  }
  for (; x < width; x++) {
    const at = center + (<usize>x << 2);
    let sum = load<f32>(weights) * load<f32>(at);
    for (let k = 1; k <= radius; k++) {
      const o = <usize>k << 2;
      sum += load<f32>(weights + o) * (load<f32>(at - o) + load<f32>(at + o));
    }
    store<f32>(output + (<usize>x << 2), sum);
  }
}

function alongColumns(
  input: usize, output: usize, y: i32, height: i32, width: i32, weights: usize, radius: i32,
): void {
  const rowBytes = <usize>width << 2;
  const here = input + <usize>y * rowBytes;
  const inside = y >= radius && y + radius < height;
  let x = 0;
  for (; x + 16 <= width; x += 16) {
    const o = <usize>x << 2;
    const w0 = v128.load32_splat(weights);
    let s0 = f32x4.mul(w0, v128.load(here + o)), s1 = f32x4.mul(w0, v128.load(here + o, 16));
    let s2 = f32x4.mul(w0, v128.load(here + o, 32)), s3 = f32x4.mul(w0, v128.load(here + o, 48));
    for (let k = 1; k <= radius; k++) {
      const w = v128.load32_splat(weights + (<usize>k << 2));
      const up = input + <usize>(inside ? y - k : reflect(y - k, height)) * rowBytes + o;
      const down = input + <usize>(inside ? y + k : reflect(y + k, height)) * rowBytes + o;
      s0 = f32x4.add(s0, f32x4.mul(w, f32x4.add(v128.load(up), v128.load(down))));
      s1 = f32x4.add(s1, f32x4.mul(w, f32x4.add(v128.load(up, 16), v128.load(down, 16))));
      s2 = f32x4.add(s2, f32x4.mul(w, f32x4.add(v128.load(up, 32), v128.load(down, 32))));
      s3 = f32x4.add(s3, f32x4.mul(w, f32x4.add(v128.load(up, 48), v128.load(down, 48))));
    }
    v128.store(output + o, s0);
    v128.store(output + o, s1, 16);
    v128.store(output + o, s2, 32);
    v128.store(output + o, s3, 48);
  }
  for (; x < width; x++) {
    const o = <usize>x << 2;
    let sum = load<f32>(weights) * load<f32>(here + o);
    for (let k = 1; k <= radius; k++) {
      const up = input + <usize>reflect(y - k, height) * rowBytes + o;
      const down = input + <usize>reflect(y + k, height) * rowBytes + o;
      sum += load<f32>(weights + (<usize>k << 2)) * (load<f32>(up) + load<f32>(down));
    }
    store<f32>(output + o, sum);
  }
}
