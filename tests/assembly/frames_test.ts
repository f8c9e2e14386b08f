/** Numbers of raw records become patterns: every type, byte order and order of rows and columns, and nothing else is written. */

import assert from "node:assert/strict";
import { type Address, at } from "../../library/engine/address.ts";
import { instantiate, kernelModule } from "../../library/engine/kernels.ts";
import { numberBytes, type StoredNumber, storedNumbers } from "../../library/scan/stored_number.ts";
import { seededRandom } from "../support/random.ts";
import { half, numberAt } from "../support/raw_numbers.ts";

const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
const kernels = instantiate(await kernelModule(), memory);
const sourceAt = 1024 as Address, targetAt = 2 ** 19 as Address;

function setRandom(
  view: DataView,
  at: number,
  numbers: StoredNumber,
  bigEndian: boolean,
  random: () => number,
) {
  if (numbers === "f32") return view.setFloat32(at, 1e6 * (random() - 0.5), !bigEndian);
  if (numbers === "f64") return view.setFloat64(at, 1e6 * (random() - 0.5), !bigEndian);
  // Half of the numbers of 64 bits fit, and half of the booleans are false.
  if (numbers === "bool" && random() < 0.5) return view.setUint8(at, 0);
  if (/64/.test(numbers) && random() < 0.5) {
    const value = BigInt(Math.floor(2 ** 53 * random())) * (numbers === "i64" && random() < 0.5 ? -1n : 1n);
    return view.setBigInt64(at, value, !bigEndian);
  }
  for (let byte = 0; byte < numberBytes(numbers); byte++) view.setUint8(at + byte, 256 * random());
  if (Number.isNaN(numberAt(view, numbers, at, bigEndian))) view.setUint16(at, 0);
}

for (const numbers of storedNumbers) {
  Deno.test(`records of ${numbers} become patterns, in whatever order they lie`, () => {
    const random = seededRandom(7), bytes = numberBytes(numbers);
    const out = numbers === "u8" || numbers === "bool"
      ? Uint8Array
      : numbers === "u16"
      ? Uint16Array
      : Float32Array;
    for (let trial = 0; trial < 300; trial++) {
      const rows = 1 + Math.floor(12 * random()), columns = 1 + Math.floor(40 * random());
      const count = 1 + Math.floor(4 * random()), bigEndian = random() < 0.5;
      const gap = random() < 0.3 ? 0 : Math.floor(30 * random());
      const rowBytes = columns * bytes + (random() < 0.5 ? 0 : Math.floor(20 * random()));
      const recordBytes = rows * rowBytes + gap, shift = Math.floor(9 * random());
      const view = new DataView(memory.buffer, sourceAt + shift, count * recordBytes);
      for (let record = 0; record < count; record++) {
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            setRandom(
              view,
              record * recordBytes + row * rowBytes + column * bytes,
              numbers,
              bigEndian,
              random,
            );
          }
        }
      }
      const [flipRows, flipColumns, transposed] = Array.from({ length: 3 }, () => random() < 0.4);
      const expected = new out(count * rows * columns);
      for (let record = 0; record < count; record++) {
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            const r = flipRows ? rows - 1 - row : row, c = flipColumns ? columns - 1 - column : column;
            const place = record * rows * columns + (transposed ? c * rows + r : r * columns + c);
            const from = record * recordBytes + row * rowBytes + column * bytes;
            expected[place] = numberAt(view, numbers, from, bigEndian);
          }
        }
      }
      const down = flipRows ? -rowBytes : rowBytes, right = flipColumns ? -bytes : bytes;
      const start = (flipRows ? (rows - 1) * rowBytes : 0) + (flipColumns ? (columns - 1) * bytes : 0);
      const guarded = new Uint8Array(memory.buffer, targetAt - 64, expected.byteLength + 128).fill(0xa5);
      kernels.arrangeFrames(
        at(sourceAt, shift + start),
        targetAt,
        count,
        recordBytes,
        transposed ? columns : rows,
        transposed ? rows : columns,
        transposed ? right : down,
        transposed ? down : right,
        storedNumbers.indexOf(numbers),
        bigEndian && bytes > 1 ? 1 : 0,
      );
      assert.deepEqual(new out(memory.buffer, targetAt, expected.length).slice(), expected, `trial ${trial}`);
      for (const side of [guarded.slice(0, 64), guarded.slice(-64)]) {
        assert.ok(side.every((byte) => byte === 0xa5));
      }
    }
  });
}

Deno.test("every float of 16 bits becomes the same float of 32 bits, infinity and NaN with its bits included", () => {
  for (const bigEndian of [false, true]) {
    // A pixel on its own goes another way than those side by side.
    for (const columnStep of [2, 4]) {
      const view = new DataView(memory.buffer, sourceAt, 2 ** 16 * columnStep);
      for (let bits = 0; bits < 2 ** 16; bits++) view.setUint16(bits * columnStep, bits, !bigEndian);
      const size = [
        1,
        0,
        1,
        2 ** 16,
        0,
        columnStep,
        storedNumbers.indexOf("f16"),
        bigEndian ? 1 : 0,
      ] as const;
      kernels.arrangeFrames(sourceAt, targetAt, ...size);
      const found = new Uint32Array(memory.buffer, targetAt, 2 ** 16).slice();
      const floats = new Float32Array(found.buffer);
      for (let bits = 0; bits < 2 ** 16; bits++) {
        const expected = half(bits);
        if (!Number.isNaN(expected)) assert.ok(Object.is(floats[bits], expected), `bits ${bits}`);
        else assert.equal(found[bits], ((bits & 0x8000) << 16 | 0x7f800000 | (bits & 1023) << 13) >>> 0);
      }
    }
  }
});

Deno.test("whole numbers of 64 bits are infinite from the first that float64 does not hold", () => {
  const edges = [
    2n ** 53n,
    2n ** 53n + 1n,
    2n ** 53n - 1n,
    2n ** 63n - 1n,
    2n ** 63n,
    2n ** 64n - 1n,
    0n,
    16777217n,
  ];
  for (const numbers of ["u64", "i64"] as const) {
    for (const bigEndian of [false, true]) {
      const view = new DataView(memory.buffer, sourceAt, 16 * edges.length);
      for (const [index, edge] of [...edges, ...edges.map((edge) => -edge)].entries()) {
        view.setBigUint64(8 * index, BigInt.asUintN(64, edge), !bigEndian);
      }
      const count = 2 * edges.length;
      kernels.arrangeFrames(
        sourceAt,
        targetAt,
        1,
        0,
        1,
        count,
        0,
        8,
        storedNumbers.indexOf(numbers),
        bigEndian ? 1 : 0,
      );
      const found = new Float32Array(memory.buffer, targetAt, count).slice();
      const expected = Float32Array.from(found, (_, index) => numberAt(view, numbers, 8 * index, bigEndian));
      assert.deepEqual(found, expected);
    }
  }
});
