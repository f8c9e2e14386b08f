// The model of a disk that fits draw: a smooth step in place of its edge, and how that step falls; four pixels at a time.

// How far inside the edge pixels lie at these distances from the middle: from 0 beyond it to 1 within. outside: the radius and
// half the width of the edge, in pixels; perWidth: 1 / width.
// @ts-ignore: decorator
@inline
export function insideEdge(distance: v128, outside: v128, perWidth: v128): v128 {
  const within = f32x4.mul(f32x4.sub(outside, distance), perWidth);
  return f32x4.pmin(f32x4.splat(1), f32x4.pmax(f32x4.splat(0), within));
}

// The part of the disk's height that is there, 0 to 1.
// @ts-ignore: decorator
@inline
export function partOfDisk(inside: v128): v128 {
  return f32x4.mul(f32x4.mul(inside, inside), f32x4.sub(f32x4.splat(3), f32x4.mul(f32x4.splat(2), inside)));
}

// How much of it moves in with the middle, per pixel of the way that the middle moves and of the distance along it; steepest: 6 / width.
// @ts-ignore: decorator
@inline
export function fallOfDisk(inside: v128, distance: v128, steepest: v128): v128 {
  const fall = f32x4.mul(steepest, f32x4.mul(inside, f32x4.sub(f32x4.splat(1), inside)));
  return f32x4.div(fall, f32x4.pmax(f32x4.splat(1e-6), distance));
}
