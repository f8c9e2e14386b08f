import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openFile } from "../../../library/formats/open.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { assertFailure, crystallite } from "../../support/command_line.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { writeFilm } from "../../support/scan_files.ts";

Deno.test("convert says what it has written, as text and as JSON", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder), out = join(folder, "film.h5");
    const text = await crystallite("convert", scan, "--out", out, "--quiet");
    assert.equal(text.code, 0, text.error);
    assert.match(text.out, /^written {2}.*film\.h5, EMD 1\.0 \(py4DSTEM\), chunks of .*, bitshuffle-lz4$/m);
    assert.match(text.out, /hdf5plugin/);
    const json = await crystallite(
      "convert",
      scan,
      "--out",
      join(folder, "film.npy.npy"),
      "--json",
      "--pixel-size",
      "2 nm",
    );
    const { format, compression, bytes, packedBytes, dtype, warnings } = JSON.parse(json.out);
    assert.deepEqual([format, compression, packedBytes, dtype], ["npy", "none", bytes, "uint16"]);
    assert.deepEqual(warnings, ["npy holds numbers only: the calibration is left out"]);
  }));

Deno.test("convert takes parts, bins, frames and sizes as other commands do", () =>
  withFolder(async (folder) => {
    const input = join(folder, "series.npy"), out = join(folder, "part.zspy");
    await Deno.writeFile(
      input,
      encodeNpy("u16", [3, 4, 5, 6, 8], new Uint16Array(3 * 4 * 5 * 6 * 8).fill(1)),
    );
    const part = [
      "--roi",
      "1:3,0:5",
      "--q-bin",
      "2",
      "--pixel-size",
      "2 nm",
      "--scan-rotation",
      "30",
      "--quiet",
    ];
    const series = await crystallite("convert", input, "--out", out, ...part);
    assert.equal(series.code, 0, series.error);
    const opened = await openFile(out);
    assert(isSeries(opened) && opened.frames === 3);
    assert.deepEqual(opened.shape, { rows: 2, columns: 5, patternRows: 3, patternColumns: 4 });
    assert.deepEqual(opened.calibration, { pixelSize: { row: 2, column: 2, unit: "nm" }, scanRotation: 30 });
    opened.close();
    const one = await crystallite("convert", input, "--out", out, "--frames", "2", "--force", "--quiet");
    assert.equal(one.code, 0, one.error);
    const scan = await openFile(out);
    assert(!isSeries(scan) && scan.shape.rows === 4);
    scan.close();
    assert.deepEqual(await fileNames(folder), ["part.zspy", "series.npy"]);
  }));

Deno.test("what convert cannot do is wrong usage or a failure before anything is read", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder), before = await Deno.readFile(scan);
    const convert = (out: string, ...flags: string[]) =>
      crystallite("convert", scan, "--out", join(folder, out), "--quiet", ...flags);
    assertFailure(await crystallite("convert", scan), 2, /--out FILE is missing/);
    assertFailure(await convert("film.mib"), 2, /cannot be told from its name/);
    assertFailure(await convert("film.npy", "--force"), 2, /is the scan itself/);
    assertFailure(
      await convert("other.npy", "--compression", "gzip"),
      2,
      /not packed with gzip[^]*leave out --compression/i,
    );
    assertFailure(await convert("other.h5", "--compression", "zip"), 2, /Allowed choices are/);
    assert.deepEqual(await Deno.readFile(scan), before);
    assert.deepEqual(await fileNames(folder), ["film.npy"]);
  }));
