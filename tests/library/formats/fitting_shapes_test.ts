/** What errors about the shape and the choice of data offer, as fields. */

import assert from "node:assert/strict";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { fittingShapes } from "../../../library/formats/fitting_shapes.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import { withFolder } from "../../support/folders.ts";
import { failureOf } from "../../support/bad_input.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";

const pairs = (patterns: number) => fittingShapes(patterns).map(({ rows, columns }) => [rows, columns]);

Deno.test("shapes that fit, the most square first, six at most", () => {
  assert.deepEqual(pairs(12), [[3, 4], [4, 3], [2, 6], [6, 2]]);
  assert.deepEqual(pairs(36), [[6, 6], [4, 9], [9, 4], [3, 12], [12, 3], [2, 18]]);
  assert.deepEqual(pairs(13), []);
  assert.deepEqual(pairs(1), []);
});

async function detailsOf(path: string, options = {}) {
  const error = await failureOf(path, options);
  assert.ok(error instanceof CrystalliteError, String(error));
  const { parameter, patterns, shapes, datasets } = error.details;
  return { kind: error.kind, parameter, patterns, shapes, datasets };
}

Deno.test("a stack says how many patterns it holds and which shapes they fill, also when the shape does not fit", () =>
  withFolder(async (folder) => {
    const path = `${folder}/stack.npy`;
    await Deno.writeFile(path, encodeNpy("u8", [12, 2, 3], new Uint8Array(72)));
    const offer = { parameter: "scanShape", patterns: 12, shapes: fittingShapes(12), datasets: undefined };
    assert.deepEqual(await detailsOf(path), { kind: "ShapeUnknown", ...offer });
    const scanShape = { rows: 5, columns: 5 };
    assert.deepEqual(await detailsOf(path, { scanShape }), { kind: "BadParameter", ...offer });
  }));

Deno.test("the only stack of a HDF5 file says the same; several are listed", () =>
  withFolder(async (folder) => {
    const stack = { name: "patterns_2", data: new Uint8Array(72), shape: [12, 2, 3], dtype: "<B" };
    const one = `${folder}/one.h5`, two = `${folder}/two.h5`;
    await writeHdf5(one, (file) => void file.create_dataset(stack));
    await writeHdf5(two, (file) => {
      file.create_dataset(stack);
      file.create_dataset({ ...stack, name: "b" });
    });
    const asked = { kind: "ShapeUnknown", parameter: "scanShape" };
    assert.deepEqual(await detailsOf(one), {
      ...asked,
      patterns: 12,
      shapes: fittingShapes(12),
      datasets: ["/patterns_2"],
    });
    assert.deepEqual(await detailsOf(two), {
      ...asked,
      patterns: undefined,
      shapes: undefined,
      datasets: ["/b", "/patterns_2"],
    });
    const scanShape = { rows: 3, columns: 4 };
    assert.deepEqual((await detailsOf(two, { scanShape })).datasets, ["/b", "/patterns_2"]);
    assert.deepEqual((await detailsOf(two, { dataset: "none" })).parameter, "dataset");
  }));
