// Places of peaks on a finer grid than that of pixels: the correlogram between pixels by its spectrum (M. Guizar-Sicairos et
// al., Opt. Lett. 33, 156, 2008), and parabolas.

/** Where the parabola through three numbers has its vertex, from the middle one, at most half a step away. */
export function vertex(before: f32, middle: f32, after: f32): f32 {
  const halfBend = middle + middle - before - after;
  if (!(halfBend > 0)) return 0;
  return max<f32>(-0.5, min<f32>(0.5, <f32>0.5 * (after - before) / halfBend));
}

/**
 * Moves a peak, float32 (row, column), to the maximum of the correlogram on a grid of 1 / steps of a pixel that reaches three
 * quarters of a pixel to each side of the nearest half pixel, and on to the vertex of a parabola unless that lies at the
 * edge of the grid.
 *
 * spectrum: float32 [wide][half] real parts, then imaginary parts, of a real correlogram of tall x wide pixels divided by
 * their number; rows 0 .. tall / 2 of the other half follow from it. steps: even. waves: float32 cosines and sines of
 * 2 pi k / (tall x steps), k = 0 .. tall x steps - 1, then those of wide x steps. room: 4 x (4 x side x half + side x side)
 * bytes, where side is 1.5 x steps, rounded up to fours.
 */
export function placeUpsampled(
  spectrum: usize, tall: i32, wide: i32, half: i32, steps: i32, waves: usize, peak: usize, room: usize,
): void {
  const side = gridSide(steps), middle = side / 2;
  const firstRow = halfPixels(load<f32>(peak)) * (steps / 2) - middle;
  const firstColumn = halfPixels(load<f32>(peak, 4)) * (steps / 2) - middle;
  const partial = room, turns = partial + (<usize>(2 * side * half) << 2);
  const grid = turns + (<usize>(2 * side * half) << 2);
  alongRows(spectrum, wide, half, steps, waves + (<usize>(tall * steps) << 3), firstColumn, side, partial);
  tabulate(tall, half, steps, waves, firstRow, side, turns);
  alongColumns(partial, turns, half, side, grid);
  let best = 0;
  for (let i = 1; i < side * side; i++) {
    if (load<f32>(grid + (<usize>i << 2)) > load<f32>(grid + (<usize>best << 2))) best = i;
  }
  const i = best / side, j = best % side, at = grid + (<usize>best << 2), stride = <usize>side << 2;
  let down: f32 = 0, right: f32 = 0;
  if (i > 0 && j > 0 && i < side - 1 && j < side - 1) {
    down = vertex(load<f32>(at - stride), load<f32>(at), load<f32>(at + stride));
    right = vertex(load<f32>(at - 4), load<f32>(at), load<f32>(at + 4));
  }
  store<f32>(peak, (<f32>(firstRow + i) + down) / <f32>steps);
  store<f32>(peak, (<f32>(firstColumn + j) + right) / <f32>steps, 4);
}

// Points along a side of the grid.
// @ts-ignore: decorator
@inline
function gridSide(steps: i32): i32 {
  return ((3 * steps + 1) / 2 + 3) & ~3;
}

// A place in half pixels, the nearest one.
// @ts-ignore: decorator
@inline
function halfPixels(place: f32): i32 {
  return <i32>Mathf.floor(place * 2 + 0.5);
}

// A whole number brought between 0 and length - 1.
// @ts-ignore: decorator
@inline
function wrapped(value: i32, length: i32): i32 {
  const rest = value % length;
  return rest < 0 ? rest + length : rest;
}

// For every column of the grid the sum over the frequencies along rows, of which the upper half is negative: float32
// [side][half] real parts, then imaginary parts.
function alongRows(
  spectrum: usize, wide: i32, half: i32, steps: i32, waves: usize, first: i32, side: i32, out: usize,
): void {
  const stride = <usize>half << 2, imaginary = <usize>(half * wide) << 2, apart = <usize>(side * half) << 2;
  const length = wide * steps;
  for (let j = 0; j < side; j++) {
    const step = wrapped(first + j, length);
    // From the highest positive frequency to the lowest negative one, wide frequencies are left out.
    const jump = wrapped(-wide * (step % steps), length);
    for (let k: usize = 0; k < stride; k += 16) {
      let re = v128.load(spectrum + k), im = v128.load(spectrum + imaginary + k);
      let angle = 0;
      for (let l = 1; l < wide; l++) {
        angle += step;
        if (angle >= length) angle -= length;
        if (l == wide / 2 + 1) angle = wrapped(angle + jump, length);
        const wave = waves + (<usize>angle << 3), c = v128.load32_splat(wave), s = v128.load32_splat(wave, 4);
        const from = spectrum + <usize>l * stride + k;
        const a = v128.load(from), b = v128.load(from + imaginary);
        re = f32x4.add(re, f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s)));
        im = f32x4.add(im, f32x4.add(f32x4.mul(a, s), f32x4.mul(b, c)));
      }
      v128.store(out + <usize>j * stride + k, re);
      v128.store(out + apart + <usize>j * stride + k, im);
    }
  }
}

// Waves along columns, those that stand for both halves twice: float32 [side][half] cosines, then sines.
function tabulate(tall: i32, half: i32, steps: i32, waves: usize, first: i32, side: i32, out: usize): void {
  const length = tall * steps, apart = <usize>(side * half) << 2, last = tall / 2;
  for (let i = 0; i < side; i++) {
    const step = wrapped(first + i, length);
    let angle = 0;
    for (let k = 0; k < half; k++) {
      const times: f32 = k > last ? 0 : k == 0 || k == last ? 1 : 2;
      const to = out + (<usize>(i * half + k) << 2), wave = waves + (<usize>angle << 3);
      store<f32>(to, times * load<f32>(wave));
      store<f32>(to + apart, times * load<f32>(wave, 4));
      angle += step;
      if (angle >= length) angle -= length;
    }
  }
}

// Real parts of the sums over the frequencies along columns: float32 [side][side].
function alongColumns(partial: usize, turns: usize, half: i32, side: i32, grid: usize): void {
  const apart = <usize>(side * half) << 2, stride = <usize>half << 2;
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      let sum = f32x4.splat(0);
      const from = partial + <usize>j * stride, wave = turns + <usize>i * stride;
      for (let k: usize = 0; k < stride; k += 16) {
        const re = f32x4.mul(v128.load(from + k), v128.load(wave + k));
        const im = f32x4.mul(v128.load(from + apart + k), v128.load(wave + apart + k));
        sum = f32x4.add(sum, f32x4.sub(re, im));
      }
      const pairs = f32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
      const total = f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
      store<f32>(grid + (<usize>(i * side + j) << 2), total);
    }
  }
}
