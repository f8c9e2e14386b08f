import assert from "node:assert/strict";
import { encode } from "fast-png";
import { readMaskFile } from "../../../library/formats/mask_file.ts";
import { numberBytes, storedNumbers } from "../../../library/scan/stored_number.ts";
import { npy } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { encodeExtremes, extremes } from "../../support/raw_numbers.ts";

const mask = [0, 1, 1, 0, 0, 1];

function withFile(bytes: Uint8Array, test: (path: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    Deno.writeFileSync(`${folder}/mask`, bytes);
    await test(`${folder}/mask`);
  });
}

for (
  const [descriptor, values] of [
    ["|b1", Uint8Array.from(mask)],
    ["|u1", Uint8Array.from(mask, (value) => value * 200)],
    ["<i2", Int16Array.from(mask, (value) => -value)],
    ["<u4", Uint32Array.from(mask, (value) => value * 65536)],
    ["<f4", Float32Array.from(mask, (value) => value * 0.25)],
    ["<f8", Float64Array.from(mask, (value) => value * Infinity || 0)],
    [">u2", Uint16Array.from(mask, (value) => value << 8)],
  ] as const
) {
  Deno.test(`a mask of type ${descriptor} is 1 where it is nonzero`, () =>
    withFile(npy(descriptor, [2, 3], values), async (path) => {
      assert.deepEqual([...await readMaskFile(path, 2, 3)], mask);
    }));
}

Deno.test("a mask in Fortran order is turned", () =>
  withFile(npy("|u1", [2, 3], Uint8Array.from([0, 0, 1, 0, 1, 1]), true), async (path) => {
    assert.deepEqual([...await readMaskFile(path, 2, 3)], mask);
  }));

Deno.test("PNG masks of every kind are 1 where any colour is nonzero; transparency does not count", async () => {
  const pixel = (channels: number, depth: 8 | 16) => {
    const type = depth === 8 ? Uint8Array : Uint16Array;
    const data = new type(6 * channels);
    mask.forEach((value, index) => {
      data[index * channels] = value * 3;
      if (channels === 2 || channels === 4) data[(index + 1) * channels - 1] = 255;
    });
    return encode({ width: 3, height: 2, data, channels, depth });
  };
  for (const channels of [1, 2, 3, 4]) {
    for (const depth of [8, 16] as const) {
      await withFile(pixel(channels, depth), async (path) => {
        assert.deepEqual([...await readMaskFile(path, 2, 3)], mask, `${channels} channels of ${depth} bits`);
      });
    }
  }
  const bits = encode({
    width: 3,
    height: 2,
    data: Uint8Array.from([0b01100000, 0b00100000]),
    channels: 1,
    depth: 1,
  });
  await withFile(bits, async (path) => assert.deepEqual([...await readMaskFile(path, 2, 3)], mask));
});

Deno.test("masks of every number type, byte order and order of axes are 1 where they are not zero", async () => {
  for (const numbers of storedNumbers) {
    const values = extremes(numbers), size = numberBytes(numbers);
    for (const bigEndian of [false, true]) {
      const rows = 2, columns = 9, data = encodeExtremes(numbers, rows * columns, bigEndian);
      const code = numbers === "bool" ? "b1" : `${numbers[0]}${size}`, order = bigEndian ? ">" : "<";
      const expected = Array.from(
        { length: rows * columns },
        (_, i) => Number(values[i % values.length]) === 0 ? 0 : 1,
      );
      await withFile(npy(`${size === 1 ? "|" : order}${code}`, [rows, columns], data), async (path) => {
        assert.deepEqual([...await readMaskFile(path, rows, columns)], expected, `${code}, ${order}`);
      });
      const turned = Array.from(
        { length: rows * columns },
        (_, i) => expected[i % columns * rows + Math.floor(i / columns)],
      );
      await withFile(npy(`${order}${code}`, [rows, columns], data, true), async (path) => {
        assert.deepEqual(
          [...await readMaskFile(path, rows, columns)],
          turned,
          `${code}, ${order}, Fortran order`,
        );
      });
    }
  }
});

const refusals: readonly (readonly [name: string, bytes: Uint8Array, kind: string, says: RegExp])[] = [
  ["of another shape", npy("|u1", [3, 2], Uint8Array.from(mask)), "BadParameter", /3 x 2, but 2 x 3/],
  ["of three axes", npy("|u1", [2, 3, 1], Uint8Array.from(mask)), "BadParameter", /2 x 3 x 1/],
  [
    "that is a PNG of another shape",
    encode({ width: 2, height: 3, data: new Uint8Array(6), channels: 1 }),
    "BadParameter",
    /3 x 2/,
  ],
  ["with NaN", npy("<f4", [2, 3], Float32Array.from([0, 1, NaN, 0, 0, 0])), "CorruptFile", /NaN/],
  ["cut short", npy("<f4", [2, 3], new Float32Array(5)), "CorruptFile", /too early/],
  ["of complex numbers", npy("<c8", [2, 3], new Float64Array(6)), "UnsupportedFormat", /<c8/],
  ["that is text", new TextEncoder().encode("0 1 1\n0 0 1\n"), "UnsupportedFormat", /no mask/],
  ["that is empty", new Uint8Array(0), "UnsupportedFormat", /no mask/],
  [
    "that is a damaged PNG",
    encode({ width: 3, height: 2, data: new Uint8Array(6), channels: 1 }).fill(7, 40),
    "CorruptFile",
    /decoded/,
  ],
  [
    "that is a PNG cut short",
    encode({ width: 3, height: 2, data: new Uint8Array(6), channels: 1 }).slice(0, 30),
    "CorruptFile",
    /decoded/,
  ],
];

for (const [name, bytes, kind, says] of refusals) {
  Deno.test(`a mask ${name} is refused as ${kind}`, () =>
    withFile(bytes, async (path) => {
      await assert.rejects(
        readMaskFile(path, 2, 3),
        (error: Error & { kind: string; details: { remedy?: string } }) => {
          assert.equal(error.kind, kind);
          assert.match(error.message, says);
          assert.ok(error.details.remedy);
          return true;
        },
      );
    }));
}

Deno.test("a mask that is missing is refused as FileUnavailable", async () => {
  await assert.rejects(readMaskFile("/nowhere/mask.npy", 2, 3), { kind: "FileUnavailable" });
});
