// Weighted sums of lines of floats that lie at equal distances, for nodes.ts: one tap for each line, in the order of the lines.

/** out = sum of lines of 16 floats, `bytes` apart, times the taps. */
// @ts-ignore: decorator
@inline
export function sum16(line: usize, bytes: usize, taps: usize, endTaps: usize, out: usize): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (; taps < endTaps; taps += 4, line += bytes) {
    const w = v128.load32_splat(taps);
    s0 = f32x4.add(s0, f32x4.mul(w, v128.load(line)));
    s1 = f32x4.add(s1, f32x4.mul(w, v128.load(line, 16)));
    s2 = f32x4.add(s2, f32x4.mul(w, v128.load(line, 32)));
    s3 = f32x4.add(s3, f32x4.mul(w, v128.load(line, 48)));
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
}

/**
 * Two such sums, p before q: lines that both want are loaded once. The second begins at line `firstOfQ`, which is among
 * the lines of the first.
 */
// @ts-ignore: decorator
@inline
export function sumTwo16(
  line: usize, firstOfQ: usize, bytes: usize, tapP: usize, tapQ: usize, tapBytes: usize, outP: usize, outQ: usize,
): void {
  const endP = tapP + tapBytes, endQ = tapQ + tapBytes;
  let p0 = f32x4.splat(0), p1 = p0, p2 = p0, p3 = p0, q0 = p0, q1 = p0, q2 = p0, q3 = p0;
  for (; line < firstOfQ; tapP += 4, line += bytes) {
    const w = v128.load32_splat(tapP);
    p0 = f32x4.add(p0, f32x4.mul(w, v128.load(line)));
    p1 = f32x4.add(p1, f32x4.mul(w, v128.load(line, 16)));
    p2 = f32x4.add(p2, f32x4.mul(w, v128.load(line, 32)));
    p3 = f32x4.add(p3, f32x4.mul(w, v128.load(line, 48)));
  }
  for (; tapP < endP; tapP += 4, tapQ += 4, line += bytes) {
    const w = v128.load32_splat(tapP), u = v128.load32_splat(tapQ);
    let values = v128.load(line);
    p0 = f32x4.add(p0, f32x4.mul(w, values));
    q0 = f32x4.add(q0, f32x4.mul(u, values));
    values = v128.load(line, 16);
    p1 = f32x4.add(p1, f32x4.mul(w, values));
    q1 = f32x4.add(q1, f32x4.mul(u, values));
    values = v128.load(line, 32);
    p2 = f32x4.add(p2, f32x4.mul(w, values));
    q2 = f32x4.add(q2, f32x4.mul(u, values));
    values = v128.load(line, 48);
    p3 = f32x4.add(p3, f32x4.mul(w, values));
    q3 = f32x4.add(q3, f32x4.mul(u, values));
  }
  for (; tapQ < endQ; tapQ += 4, line += bytes) {
    const u = v128.load32_splat(tapQ);
    q0 = f32x4.add(q0, f32x4.mul(u, v128.load(line)));
    q1 = f32x4.add(q1, f32x4.mul(u, v128.load(line, 16)));
    q2 = f32x4.add(q2, f32x4.mul(u, v128.load(line, 32)));
    q3 = f32x4.add(q3, f32x4.mul(u, v128.load(line, 48)));
  }
  v128.store(outP, p0);
  v128.store(outP, p1, 16);
  v128.store(outP, p2, 32);
  v128.store(outP, p3, 48);
  v128.store(outQ, q0);
  v128.store(outQ, q1, 16);
  v128.store(outQ, q2, 32);
  v128.store(outQ, q3, 48);
}

/** As {@link sum16} for 4 floats. */
// @ts-ignore: decorator
@inline
function sum4(line: usize, bytes: usize, taps: usize, endTaps: usize, out: usize): void {
  let s0 = f32x4.splat(0);
  for (; taps < endTaps; taps += 4, line += bytes) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(taps), v128.load(line)));
  }
  v128.store(out, s0);
}

/** As {@link sum16} for lines of any multiple of 4 floats. */
export function sumLine(line: usize, bytes: usize, taps: usize, tapBytes: usize, out: usize): void {
  const end = taps + tapBytes;
  let i: usize = 0;
  for (; i + 64 <= bytes; i += 64) sum16(line + i, bytes, taps, end, out + i);
  for (; i < bytes; i += 16) sum4(line + i, bytes, taps, end, out + i);
}
