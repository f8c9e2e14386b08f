/** Numbers of raw records become patterns: every type, byte order and order of rows and columns, and nothing else is written. */

import assert from "node:assert/strict";
import { type Address, at } from "../../library/engine/address.ts";
import { instantiate, kernelModule } from "../../library/engine/kernels.ts";
import { numberBytes, type StoredNumber, storedNumbers } from "../../library/scan/frames.ts";
import { seededRandom } from "../support/random.ts";

const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
const kernels = instantiate(await kernelModule(), memory);
const sourceAt = 1024 as Address, targetAt = 2 ** 19 as Address;

/** One number by DataView. */
function numberAt(view: DataView, at: number, numbers: StoredNumber, bigEndian: boolean): number {
  const read = {
    u8: () => view.getUint8(at),
    i8: () => view.getInt8(at),
    u16: () => view.getUint16(at, !bigEndian),
    i16: () => view.getInt16(at, !bigEndian),
    u32: () => view.getUint32(at, !bigEndian),
    i32: () => view.getInt32(at, !bigEndian),
    f32: () => view.getFloat32(at, !bigEndian),
    f64: () => view.getFloat64(at, !bigEndian),
  };
  return read[numbers]();
}

function setRandom(
  view: DataView,
  at: number,
  numbers: StoredNumber,
  bigEndian: boolean,
  random: () => number,
) {
  if (numbers === "f32") return view.setFloat32(at, 1e6 * (random() - 0.5), !bigEndian);
  if (numbers === "f64") return view.setFloat64(at, 1e6 * (random() - 0.5), !bigEndian);
  for (let byte = 0; byte < numberBytes(numbers); byte++) view.setUint8(at + byte, 256 * random());
}

for (const numbers of storedNumbers) {
  Deno.test(`records of ${numbers} become patterns, in whatever order they lie`, () => {
    const random = seededRandom(7), bytes = numberBytes(numbers);
    const out = numbers === "u8" ? Uint8Array : numbers === "u16" ? Uint16Array : Float32Array;
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
            expected[place] = numberAt(view, from, numbers, bigEndian);
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
