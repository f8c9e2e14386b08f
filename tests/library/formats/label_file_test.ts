/** Label maps of every number type: numpy's default has 64 bits. */

import assert from "node:assert/strict";
import { readLabelFile } from "../../../library/formats/label_file.ts";
import type { CrystalliteError } from "../../../library/scan/errors.ts";
import { numberBytes, storedNumbers } from "../../../library/scan/stored_number.ts";
import { npy, zip } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { setNumber } from "../../support/raw_numbers.ts";

Deno.test("labels of every number type and byte order are read, from npy and npz", () =>
  withFolder(async (folder) => {
    for (const numbers of storedNumbers) {
      const signed = /^[if]/.test(numbers), size = numberBytes(numbers);
      const labels = numbers === "bool" ? [0, 1, 1, 0, 1, 0] : [0, 1, 77, 2, signed ? -1 : 3, 99];
      const code = numbers === "bool" ? "b1" : `${numbers[0]}${size}`;
      for (const bigEndian of [false, true]) {
        const view = new DataView(new ArrayBuffer(6 * size));
        labels.forEach((label, index) => setNumber(view, numbers, index * size, label, bigEndian));
        const array = npy(`${bigEndian ? ">" : "<"}${code}`, [2, 3], view);
        await Deno.writeFile(`${folder}/a.npy`, array);
        await Deno.writeFile(
          `${folder}/a.npz`,
          zip([{ name: "labels.npy", data: array, deflated: bigEndian }]),
        );
        for (const name of ["a.npy", "a.npz"]) {
          const map = await readLabelFile(`${folder}/${name}`);
          assert.deepEqual(
            map,
            { rows: 2, columns: 3, labels: Int32Array.from(labels) },
            `${name}, ${numbers}`,
          );
        }
      }
    }
  }));

Deno.test("labels that do not fit 32 bits, and numbers that are none, are refused with their place", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.npy`;
    const cases = [
      ["<i8", BigInt64Array.of(0n, 1n, 2n ** 31n, 0n), /2147483648 at row 1, column 0/],
      ["<i8", BigInt64Array.of(0n, 2n ** 62n, 0n, 0n), /beyond 2\^53 at row 0, column 1/],
      ["<u8", BigUint64Array.of(0n, 1n, 0n, 2n ** 64n - 1n), /beyond 2\^53 at row 1, column 1/],
      ["<u4", Uint32Array.of(0, 1, 0, 2 ** 32 - 1), /4294967295 at row 1, column 1/],
      ["<f4", Float32Array.of(0, 0.5, 0, 0), /0.5 at row 0, column 1/],
      ["<f8", Float64Array.of(NaN, 0, 0, 0), /NaN at row 0, column 0/],
    ] as const;
    for (const [descriptor, data, found] of cases) {
      await Deno.writeFile(path, npy(descriptor, [2, 2], data));
      await assert.rejects(readLabelFile(path), (error: CrystalliteError) => {
        assert.equal(error.kind, "BadParameter");
        assert.match(error.details.found!, found);
        return true;
      });
    }
    await Deno.writeFile(path, npy("<c8", [2, 2], new Float32Array(8)));
    await assert.rejects(readLabelFile(path), { kind: "UnsupportedFormat", message: /complex/ });
  }));
