import assert from "node:assert/strict";
import { join } from "node:path";
import { decode } from "fast-png";
import { loadHdf5 } from "../../library/formats/hdf5/library.ts";
import { encodeNpy } from "../../library/formats/npy_writer.ts";
import { assertFailure, crystallite } from "../support/command_line.ts";
import { decodeNpy } from "../support/numpy.ts";
import { writeFilm } from "../support/scan_files.ts";
import { fileNames, withFolder } from "../support/folders.ts";

/** A float TIFF as its fields say; throws where they are not those of one uncompressed strip. */
function decodeFloatTiff(bytes: Uint8Array): { rows: number; columns: number; values: Float32Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert.equal(view.getUint16(0, true), 0x4949);
  assert.equal(view.getUint16(2, true), 42);
  const directory = view.getUint32(4, true), entries = view.getUint16(directory, true);
  const fields = new Map<number, number>();
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i;
    const short = view.getUint16(at + 2, true) === 3;
    fields.set(view.getUint16(at, true), short ? view.getUint16(at + 8, true) : view.getUint32(at + 8, true));
  }
  assert.deepEqual([...fields.keys()], [...fields.keys()].sort((a, b) => a - b), "tags must ascend");
  assert.equal(view.getUint32(directory + 2 + 12 * entries, true), 0, "there is one image");
  assert.deepEqual([258, 259, 277, 339].map((tag) => fields.get(tag)), [32, 1, 1, 3]);
  const rows = fields.get(257)!, columns = fields.get(256)!, offset = fields.get(273)!;
  assert.equal(fields.get(279), 4 * rows * columns);
  const values = Float32Array.from(
    { length: rows * columns },
    (_, i) => view.getFloat32(offset + 4 * i, true),
  );
  return { rows, columns, values };
}

Deno.test("virtual writes the same image as npy and TIFF, and a picture", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder);
    const virtual = (name: string, ...flags: string[]) =>
      crystallite(
        "virtual",
        scan,
        "--detector",
        "adf:5,15",
        "--out",
        join(folder, name),
        "--quiet",
        ...flags,
      );
    const outcomes = await Promise.all([virtual("a.npy", "--json"), virtual("a.tif"), virtual("a.png")]);
    for (const outcome of outcomes) assert.equal(outcome.code, 0, outcome.error);
    const npy = decodeNpy(await Deno.readFile(join(folder, "a.npy")));
    assert.deepEqual(npy.shape, [12, 14]);
    const tiff = decodeFloatTiff(await Deno.readFile(join(folder, "a.tif")));
    assert.deepEqual([tiff.rows, tiff.columns], [12, 14]);
    assert.deepEqual(tiff.values, npy.data);
    const { maximum } = JSON.parse(outcomes[0].out);
    assert.equal(maximum, Math.max(...tiff.values));
    const picture = decode(await Deno.readFile(join(folder, "a.png")));
    assert(picture.width >= 14 && picture.height > 12);
    assert.deepEqual(await fileNames(folder), ["a.npy", "a.png", "a.tif", "film.npy"]);
  }));

Deno.test("single files are replaced only with --force, and never half", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder), out = join(folder, "image.npy");
    await Deno.writeTextFile(out, "older");
    const virtual = (...flags: string[]) => crystallite("virtual", scan, "--out", out, "--quiet", ...flags);
    assertFailure(await virtual("--detector", "bf:4"), 1, /image\.npy exists already/);
    assertFailure(await virtual("--detector", "adf:300,400", "--force"), 2, /./);
    assert.equal(await Deno.readTextFile(out), "older");
    assert.equal((await virtual("--detector", "bf:4", "--force")).code, 0);
    assert.deepEqual(decodeNpy(await Deno.readFile(out)).shape, [12, 14]);
    const lost = await crystallite(
      "virtual",
      scan,
      "--out",
      join(folder, "no", "a.npy"),
      "--detector",
      "bf:4",
    );
    assertFailure(lost, 1, /folder .*no does not exist/);
    assert.deepEqual(await fileNames(folder), ["film.npy", "image.npy"]);
  }));

Deno.test("--force does not put a result in the place of the scan it is made from", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder);
    const before = await Deno.readFile(scan);
    await Deno.mkdir(join(folder, "below"));
    const around = join(folder, "below", "..", "film.npy");
    for (const out of [scan, around]) {
      const virtual = await crystallite("virtual", scan, "--detector", "bf:4", "--out", out, "--force");
      assertFailure(virtual, 2, /film\.npy is the scan itself/);
    }
    const filter = await crystallite("filter", around, "--prefilter-edge", "2", "--out", scan, "--force");
    assertFailure(filter, 2, /film\.npy is the scan itself/);
    assert.deepEqual(await Deno.readFile(scan), before);
  }));

Deno.test("filter writes the same float32 scan as npy and as EMD", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder);
    const filter = (name: string) =>
      crystallite(
        "filter",
        scan,
        "--out",
        join(folder, name),
        "--prefilter-edge",
        "2",
        "--prefilter-range",
        "0.2,0.6",
        "--quiet",
      );
    for (const name of ["f.npy", "f.h5"]) {
      const outcome = await filter(name);
      assert.equal(outcome.code, 0, outcome.error);
    }
    const npy = decodeNpy(await Deno.readFile(join(folder, "f.npy")));
    assert.deepEqual(npy.shape, [12, 14, 32, 32]);
    const { File, Dataset } = await loadHdf5();
    const file = new File(join(folder, "f.h5"), "r");
    const stored = file.get("crystallite/filtered/data");
    assert(stored instanceof Dataset);
    assert.deepEqual(stored.value, npy.data);
    file.close();
    // And it is a scan again.
    const info = await crystallite("info", join(folder, "f.h5"), "--json");
    assert.deepEqual(JSON.parse(info.out).shape, {
      rows: 12,
      columns: 14,
      patternRows: 32,
      patternColumns: 32,
    });
  }));

Deno.test("simulate writes scan and truth, equal for equal seeds", () =>
  withFolder(async (folder) => {
    const simulate = (name: string, seed: string, ...flags: string[]) =>
      crystallite(
        "simulate",
        ...[
          "--out",
          join(folder, name),
          "--seed",
          seed,
          "--rows",
          "6",
          "--columns",
          "7",
          "--grains",
          "2",
          "--quiet",
        ],
        ...flags,
      );
    for (const [name, seed] of [["a.npy", "5"], ["b.npy", "5"], ["c.npy", "6"]]) {
      const outcome = await simulate(name, seed);
      assert.equal(outcome.code, 0, outcome.error);
    }
    const names = ["a.npy", "a_truth.npz", "b.npy", "b_truth.npz", "c.npy", "c_truth.npz"];
    assert.deepEqual(await fileNames(folder), names);
    const [a, aTruth, b, bTruth, c] = names.map((name) => Deno.readFileSync(join(folder, name)));
    assert.deepEqual(decodeNpy(a).shape, [6, 7, 64, 64]);
    assert.deepEqual(a, b);
    assert.deepEqual(aTruth, bTruth);
    assert.notDeepEqual(a, c);
    await Deno.remove(join(folder, "a.npy"));
    assertFailure(await simulate("a.npy", "5"), 1, /a_truth\.npz exists already/);
  }));

Deno.test("info shows what was understood, and what the options make of it", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder);
    const plain = await crystallite("info", scan);
    assert.equal(plain.code, 0, plain.error);
    assert.match(plain.out, /12 x 14 x 32 x 32/);
    assert.match(plain.out, /uint16/);
    const flags = [
      "--roi",
      "2:8,0:10",
      "--q-bin",
      "2",
      "--pixel-size",
      "0.5 nm",
      "--q-center",
      "auto",
      "--bad-pixels",
      "auto",
    ];
    const { out, code, error } = await crystallite("info", scan, ...flags, "--json");
    assert.equal(code, 0, error);
    const described = JSON.parse(out);
    assert.deepEqual(described.shape, { rows: 6, columns: 10, patternRows: 16, patternColumns: 16 });
    assert.deepEqual(described.calibration.pixelSize, { row: 0.5, column: 0.5, unit: "nm" });
    assert(Math.abs(described.center.row - 7.5) < 0.5);
    assert(Array.isArray(described.badPixels.filled));
  }));

Deno.test("info lists a series; the other commands ask for one frame", () =>
  withFolder(async (folder) => {
    const path = join(folder, "series.npy");
    await Deno.writeFile(path, encodeNpy("u8", [3, 4, 5, 8, 8], new Uint8Array(3 * 4 * 5 * 64)));
    const listed = await crystallite("info", path);
    assert.equal(listed.code, 0, listed.error);
    assert.match(listed.out, /frames\s+3, choose one with --frames, 0:1 to 2:3/);
    assert.equal(JSON.parse((await crystallite("info", path, "--json")).out).frames, 3);
    const virtual = ["virtual", path, "--detector", "bf:2", "--out", join(folder, "a.npy")];
    assertFailure(await crystallite(...virtual), 2, /series of 3 scans[^]*--frames/);
    assert.equal((await crystallite(...virtual, "--frames", "1:2", "--quiet")).code, 0);
    assertFailure(await crystallite("info", path, "--frames", "3"), 2, /frame/);
  }));
