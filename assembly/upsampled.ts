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
 * spectrum: float32 [half][wide] real parts, then imaginary parts, of a real correlogram of tall x wide pixels divided by
 * their number. steps: even. waves: float32 cosines and sines of 2 pi k / (tall x steps), k = 0 .. tall x steps - 1, then those
 * of wide x steps. room: 4 x (4 x side x wide + side x side) bytes, where side is 1.5 x steps, rounded up to fours.
 */
export function placeUpsampled(
  spectrum: usize, tall: i32, wide: i32, half: i32, steps: i32, waves: usize, peak: usize, room: usize,
): void {
  const side = gridSide(steps), middle = side / 2;
  const firstRow = halfPixels(load<f32>(peak)) * (steps / 2) - middle;
  const firstColumn = halfPixels(load<f32>(peak, 4)) * (steps / 2) - middle;
  const partial = room, across = partial + (<usize>(2 * side * wide) << 2);
  const grid = across + (<usize>(2 * side * wide) << 2);
  alongColumns(spectrum, tall, wide, half, steps, waves, firstRow, side, partial);
  tabulate(wide, steps, waves + (<usize>(tall * steps) << 3), firstColumn, side, across);
  alongRows(partial, across, wide, side, grid);
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
function wrapped(value: i64, length: i32): i32 {
  const rest = <i32>(value % <i64>length);
  return rest < 0 ? rest + length : rest;
}

// For every row of the grid the sum over the rows of the spectrum, those of the other half with the kept ones: float32
// [side][wide] real parts, then imaginary parts.
function alongColumns(
  spectrum: usize, tall: i32, wide: i32, half: i32, steps: i32, waves: usize, first: i32, side: i32, out: usize,
): void {
  const stride = <usize>wide << 2, imaginary = <usize>(half * wide) << 2, apart = <usize>(side * wide) << 2;
  const length = tall * steps, last = tall / 2;
  for (let i = 0; i < side; i++) {
    const step = wrapped(first + i, length);
    for (let column: usize = 0; column < stride; column += 16) {
      let re = v128.load(spectrum + column), im = v128.load(spectrum + imaginary + column);
      let angle = 0;
      for (let k = 1; k <= last; k++) {
        angle += step;
        if (angle >= length) angle -= length;
        const wave = waves + (<usize>angle << 3), twice: f32 = k < last ? 2 : 1;
        const c = f32x4.splat(twice * load<f32>(wave)), s = f32x4.splat(twice * load<f32>(wave, 4));
        const from = spectrum + <usize>k * stride + column;
        const a = v128.load(from), b = v128.load(from + imaginary);
        re = f32x4.add(re, f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s)));
        im = f32x4.add(im, f32x4.add(f32x4.mul(a, s), f32x4.mul(b, c)));
      }
      v128.store(out + <usize>i * stride + column, re);
      v128.store(out + apart + <usize>i * stride + column, im);
    }
  }
}

// Waves along a row of the grid: float32 [wide][side] cosines, then sines; the upper half of the frequencies is negative.
function tabulate(wide: i32, steps: i32, waves: usize, first: i32, side: i32, out: usize): void {
  const length = wide * steps, apart = <usize>(side * wide) << 2;
  for (let l = 0; l < wide; l++) {
    const frequency = <i64>(l <= wide / 2 ? l : l - wide);
    for (let j = 0; j < side; j++) {
      const wave = waves + (<usize>wrapped(frequency * <i64>(first + j), length) << 3);
      const to = out + (<usize>(l * side + j) << 2);
      store<f32>(to, load<f32>(wave));
      store<f32>(to + apart, load<f32>(wave, 4));
    }
  }
}

// Real parts of the sums over the columns of the spectrum: float32 [side][side].
function alongRows(partial: usize, across: usize, wide: i32, side: i32, grid: usize): void {
  const apart = <usize>(side * wide) << 2;
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j += 4) {
      let sum = f32x4.splat(0);
      for (let l = 0; l < wide; l++) {
        const from = partial + (<usize>(i * wide + l) << 2), wave = across + (<usize>(l * side + j) << 2);
        const re = v128.load32_splat(from), im = v128.load32_splat(from + apart);
        sum = f32x4.add(sum, f32x4.sub(f32x4.mul(re, v128.load(wave)), f32x4.mul(im, v128.load(wave + apart))));
      }
      v128.store(grid + (<usize>(i * side + j) << 2), sum);
    }
  }
}
