import assert from "node:assert/strict";
import { join } from "node:path";
import { zipSync } from "fflate";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { assertFailure, crystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";

/** Two grains of 3 x 4 probes side by side. */
const truth = Int32Array.from({ length: 24 }, (_, probe) => probe % 8 < 4 ? 0 : 1);

/** An npy file of a type that ours never writes. */
function npyOf(descriptor: string, fortran: boolean, shape: number[], data: ArrayBufferView): Uint8Array {
  const bytes = encodeNpy("u8", [1], new Uint8Array(1));
  const text = `{'descr': '${descriptor}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${
    shape.join(", ")
  }), }`;
  const header = new TextEncoder().encode(text.padEnd(117) + "\n");
  const content = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Uint8Array.from([...bytes.subarray(0, 8), 118, 0, ...header, ...content]);
}

Deno.test("score compares a result directory with the truth of its simulated scan", () =>
  withFolder(async (folder) => {
    const file = (name: string) => join(folder, name);
    const size = ["--rows", "16", "--columns", "16", "--pattern-rows", "32", "--pattern-columns", "32"];
    const made = await crystallite(
      "simulate",
      "--out",
      file("a.npy"),
      ...size,
      "--grains",
      "3",
      "--seed",
      "2",
    );
    assert.equal(made.code, 0, made.error);
    const flags = [
      "--blur",
      "1",
      "--q-mask",
      "outside:4",
      "--threshold",
      "0.97",
      "--export",
      "npy",
      "--quiet",
    ];
    const clustered = await crystallite("cluster", file("a.npy"), "--out", file("result"), ...flags);
    assert.equal(clustered.code, 0, clustered.error);
    const fromDirectory = await crystallite("score", file("result"), file("a_truth.npz"), "--json");
    const fromFile = await crystallite("score", file("result/labels.npy"), file("a_truth.npz"), "--json");
    assert.equal(fromDirectory.code, 0, fromDirectory.error);
    const { labels: _directory, ...score } = JSON.parse(fromDirectory.out);
    const { labels: _file, ...same } = JSON.parse(fromFile.out);
    assert.deepEqual(score, same);
    assert.deepEqual([score.rows, score.columns, score.all.probes], [16, 16, 256]);
    assert(score.interiors.probes > 0 && score.interiors.probes < 256);
    const own = await crystallite("score", file("a_truth.npz"), file("a_truth.npz"), "--json");
    assert.equal(JSON.parse(own.out).interiors.adjustedRandIndex, 1);
    const text = await crystallite("score", file("result"), file("a_truth.npz"));
    assert.match(text.out, /^all probes +adjusted Rand index \d\.\d{3}/m);
    assert.match(text.out, /^interiors .* \d+ probes$/m);
    assert.equal(text.error, "");
  }));

Deno.test("labels of every type of whole numbers and either order are read alike", () =>
  withFolder(async (folder) => {
    const labels = Int8Array.from(truth, (grain) => 1 - grain), wide = BigInt64Array.from(labels, BigInt);
    const turned = Int16Array.from(
      { length: 24 },
      (_, index) => labels[(index % 3) * 8 + Math.floor(index / 3)],
    );
    const swapped = new DataView(new ArrayBuffer(192));
    labels.forEach((label, probe) => swapped.setBigInt64(8 * probe, BigInt(label)));
    const files = {
      "int8.npy": npyOf("|i1", false, [3, 8], labels),
      "bool.npy": npyOf("|b1", false, [3, 8], labels),
      "int64.npy": npyOf("<i8", false, [3, 8], wide),
      "uint64.npy": npyOf("<u8", false, [3, 8], wide),
      "big.npy": npyOf(">i8", false, [3, 8], swapped),
      "fortran.npy": npyOf("<i2", true, [3, 8], turned),
      "float.npy": encodeNpy("f64", [3, 8], Float64Array.from(labels)),
      "packed.npz": zipSync({ "labels.npy": npyOf("<i8", false, [3, 8], wide) }),
    };
    await Deno.writeFile(join(folder, "truth.npy"), encodeNpy("i32", [3, 8], truth));
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.writeFile(join(folder, name), bytes);
      const { code, out, error } = await crystallite(
        "score",
        join(folder, name),
        join(folder, "truth.npy"),
        "--json",
      );
      assert.equal(code, 0, error);
      const { all, boundaryF1 } = JSON.parse(out);
      assert.deepEqual([all.adjustedRandIndex, boundaryF1.onePixel], [1, 1], name);
    }
  }));

Deno.test("what cannot be compared is refused in a sentence", () =>
  withFolder(async (folder) => {
    const file = async (name: string, bytes: Uint8Array) => {
      await Deno.writeFile(join(folder, name), bytes);
      return join(folder, name);
    };
    const good = await file("truth.npy", encodeNpy("i32", [3, 8], truth));
    const turned = await file("turned.npy", encodeNpy("i32", [8, 3], truth));
    assertFailure(await crystallite("score", good, turned), 2, /3 x 8 probes, .*turned\.npy 8 x 3/);
    const cube = await file("cube.npy", encodeNpy("i32", [2, 3, 4], truth));
    assertFailure(await crystallite("score", cube, good), 2, /cube\.npy is no map of probes/);
    const half = await file(
      "half.npy",
      encodeNpy(
        "f32",
        [3, 8],
        Float32Array.from(truth, (grain) => grain / 2),
      ),
    );
    assertFailure(await crystallite("score", half, good), 2, /half\.npy holds no labels/);
    const other = await file("other.npz", zipSync({ "data.npy": encodeNpy("i32", [3, 8], truth) }));
    assertFailure(await crystallite("score", good, other), 2, /other\.npz has no array "labels"/);
    const purity = encodeNpy("f32", [8, 3], new Float32Array(24));
    const both = zipSync({ "labels.npy": encodeNpy("i32", [3, 8], truth), "purity.npy": purity });
    assertFailure(await crystallite("score", good, await file("both.npz", both)), 2, /differ in shape/);
    const cut = await file("cut.npy", encodeNpy("i32", [3, 8], truth).subarray(0, -4));
    assertFailure(await crystallite("score", cut, good), 1, /cut\.npy/);
    const text = await file("labels.txt", new TextEncoder().encode("0 0 1 1"));
    assertFailure(await crystallite("score", text, good), 1, /no label map that we read/);
    assertFailure(await crystallite("score", join(folder, "no.npy"), good), 1, /no\.npy/);
    assertFailure(await crystallite("score", folder, good), 2, /is not a result of crystallite/);
    assertFailure(await crystallite("score", good), 2, /./);
  }));
