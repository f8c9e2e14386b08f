/** Sums of squares of pixels: the numbers of plain loops, for every type and factor, and nothing else is written. */

import assert from "node:assert/strict";
import type { Address } from "../../library/engine/address.ts";
import { instantiate, kernelModule } from "../../library/engine/kernels.ts";
import { createPixelArray, type DType } from "../../library/scan/dtype.ts";
import { numberBytes, type StoredNumber } from "../../library/scan/stored_number.ts";
import { seededRandom } from "../support/random.ts";
import { extremes, numberAt, setNumber } from "../support/raw_numbers.ts";

const memory = new WebAssembly.Memory({ initial: 160, maximum: 160, shared: true });
const kernels = instantiate(await kernelModule(), memory);
const source = 1024 as Address, line = 2 ** 22 as Address, target = 2 ** 23 as Address;

const all = { u8: "U8", u16: "U16", f32: "F32", f64: "F64" } as const;

/** Sums in float64, pixel by pixel in the order of the rows. */
function plainSums(patterns: ArrayLike<number>, rows: number, columns: number, factor: number): number[] {
  const sums: number[] = [], lines = patterns.length / columns / factor;
  for (let top = 0; top < lines; top++) {
    for (let left = 0; left < columns; left += factor) {
      let sum = 0;
      for (let row = 0; row < factor; row++) {
        for (let column = 0; column < factor; column++) {
          sum += patterns[(top * factor + row) * columns + left + column];
        }
      }
      sums.push(sum);
    }
  }
  assert.equal(sums.length, patterns.length / (factor * factor));
  assert.equal(rows % factor, 0);
  return sums;
}

for (const [dtype, suffix] of Object.entries(all) as [keyof typeof all, string][]) {
  Deno.test(`squares of ${dtype} are summed as plain loops do, by any factor`, () => {
    const random = seededRandom(11);
    const draw = {
      u8: () => random() < 0.3 ? 255 : Math.floor(256 * random()),
      u16: () => random() < 0.3 ? 65535 : Math.floor(65536 * random()),
      f32: () => (random() - 0.4) * 10 ** (8 * random() - 4),
      f64: () => (random() - 0.4) * 10 ** (24 * random() - 8),
    }[dtype];
    for (const factor of [1, 2, 3, 4, 5, 6, 8, 16, 17, 32]) {
      for (let trial = 0; trial < 12; trial++) {
        const rows = factor * (1 + Math.floor(3 * random())),
          columns = factor * (1 + Math.floor(12 * random()));
        const count = 1 + Math.floor(3 * random()), pixels = rows * columns;
        const patterns = createPixelArray(dtype as DType, count * pixels);
        for (let i = 0; i < patterns.length; i++) patterns[i] = draw();
        const { buffer, byteLength } = patterns;
        new Uint8Array(memory.buffer, source, byteLength).set(new Uint8Array(buffer));
        const out = dtype === "u8" && factor <= 16 ? Uint16Array : Float32Array;
        const expected = new out(plainSums(patterns, rows, columns, factor));
        const guarded = new Uint8Array(memory.buffer, target - 64, expected.byteLength + 128).fill(0xa5);
        const lineEnd = new Uint8Array(memory.buffer, line + 4 * columns, 64).fill(0x5a);
        kernels[`binPatterns${suffix as "U8"}`](
          ...[source, count, rows, columns, factor, target, out.BYTES_PER_ELEMENT, line] as const,
        );
        const what = `${count} of ${rows} x ${columns} by ${factor}`;
        assert.deepEqual(new out(guarded.slice(64, -64).buffer), expected, what);
        assert.ok(
          [...guarded.subarray(0, 64), ...guarded.subarray(-64)].every((byte) => byte === 0xa5),
          what,
        );
        assert.ok(lineEnd.every((byte) => byte === 0x5a), what);
      }
    }
  });
}

Deno.test("the largest counts of 16 bits are summed exactly over squares of more pixels than 32 bits hold", () => {
  for (const factor of [128, 257, 300]) {
    const patterns = new Uint16Array(memory.buffer, source, factor * factor).fill(65535);
    kernels.binPatternsU16(source, 1, factor, factor, factor, target, 4, line);
    const [sum] = new Float32Array(memory.buffer, target, 1);
    assert.equal(sum, Math.fround(65535 * patterns.length), String(factor));
  }
});

Deno.test("numbers of 32 and 64 bits become float64, in whatever order they lie, infinite beyond 2^53", () => {
  const codes = { u32: 4, i32: 5, f64: 7, u64: 10, i64: 11 };
  for (const [name, code] of Object.entries(codes)) {
    const numbers = name as StoredNumber, bytes = numberBytes(numbers), values = extremes(numbers);
    for (const bigEndian of [false, true]) {
      const view = new DataView(memory.buffer, source, values.length * bytes);
      values.forEach((value, i) => setNumber(view, numbers, i * bytes, value, bigEndian));
      const expected = Float64Array.from(values, (_, i) => numberAt(view, numbers, i * bytes, bigEndian));
      const swapped = bigEndian ? 1 : 0;
      kernels.widenFrames(
        ...[source, target, 1, values.length * bytes, 1, values.length, 0, bytes, code, swapped] as const,
      );
      const found = new Float64Array(memory.buffer, target, values.length);
      assert.deepEqual(Float64Array.from(found), expected, `${numbers} ${bigEndian}`);
      // From the last to the first, in two records.
      const last = source + (values.length - 2) * bytes as Address;
      kernels.widenFrames(
        ...[last, target, 2, bytes, 1, values.length - 1, 0, -bytes, code, swapped] as const,
      );
      const backwards = Array.from(expected).reverse();
      assert.deepEqual(
        Array.from(new Float64Array(memory.buffer, target, 2 * values.length - 2)),
        [...backwards.slice(1), ...backwards.slice(0, -1)],
      );
    }
  }
});
