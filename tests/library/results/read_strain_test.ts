/** Strain of a result read back: its record in words, and records that are none. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { hasStrain, readStrain, turnedAxes } from "../../../library/results/read_strain.ts";
import type { StoredResult } from "../../../library/results/read.ts";
import { BadParameter, CorruptFile } from "../../../library/scan/errors.ts";
import { withFolder } from "../../support/folders.ts";

/** A result of 2 x 3 probes whose record says something about strain. */
const resultAt = (directory: string, strain?: unknown) =>
  ({ directory, run: { strain }, shape: { rows: 2, columns: 3 } }) as unknown as StoredResult;

Deno.test("arrays are those of the files, and where the axes lie is said in words", () =>
  withFolder((folder) => {
    const strain = Float32Array.from({ length: 24 }, (_, place) => place === 5 ? NaN : place / 1000);
    const dilation = strain.slice(0, 6);
    Deno.writeFileSync(join(folder, "strain.npy"), encodeNpy("f32", [2, 3, 4], strain));
    Deno.writeFileSync(join(folder, "strain_error.npy"), encodeNpy("f32", [2, 3, 4], strain));
    Deno.writeFileSync(join(folder, "dilation.npy"), encodeNpy("f32", [2, 3], dilation));
    const words: readonly (readonly [axes: unknown, words: string])[] = [
      [0, ""],
      [-30, "axes turned by -30°"],
      [{ frame: "detector", angle: 0 }, ""],
      [{ frame: "detector", angle: 12.5 }, "axes turned by 12.5°"],
      [{ frame: "scan" }, "x down the scan"],
      [{ frame: "crystal", direction: [1, -1, 0] }, "x along [1 -1 0] of each crystal"],
    ];
    for (const [axes, expected] of words) {
      const stored = resultAt(folder, { reference: "cluster", axes, measured: 5 });
      assert.ok(hasStrain(stored));
      const { record, ...arrays } = readStrain(stored);
      assert.equal(turnedAxes(record), expected);
      assert.deepEqual(arrays, { strain, error: strain, dilation });
    }
  }));

Deno.test("a result without strain, and records that are none, are refused", () =>
  withFolder((folder) => {
    assert.ok(!hasStrain(resultAt(folder)));
    assert.throws(() => readStrain(resultAt(folder)), BadParameter);
    for (
      const record of [
        null,
        {},
        { reference: "mean", axes: 0 },
        { reference: "cif", axes: "0" },
        { reference: "cif", axes: { frame: "crystal", direction: [1, 0] } },
        { reference: "cif", axes: { frame: "sky" } },
      ]
    ) {
      assert.throws(() => readStrain(resultAt(folder, record)), (cause) => {
        assert.ok(cause instanceof CorruptFile, String(cause));
        assert.match(cause.details.file ?? "", /run\.json$/);
        return true;
      }, JSON.stringify(record));
    }
  }));
