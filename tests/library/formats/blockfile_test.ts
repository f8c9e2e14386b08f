/** Blockfiles: places of the header, frames behind marks, and recordings that ended early. */

import assert from "node:assert/strict";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { electronWavelength } from "../../../library/scan/electron.ts";
import { type BadInput, fileOf, testRefusals } from "../../support/bad_input.ts";
import { withFolder } from "../../support/folders.ts";
import { blockfile, blockfileStart, cut, type Fields } from "../../support/frame_files.ts";
import { readAll } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";
import { describeStored, readStored } from "../../support/stored.ts";

const rows = 3, columns = 2, side = 5, frame = side * side + 6;
const data = Uint8Array.from({ length: rows * columns * side * side }, (_, index) => index * 7 + 1);
const patterns = cut(data, rows * columns);
const sound = blockfile(patterns, rows, columns);

Deno.test("blockfiles: shape, patterns and calibration are those of the header", () =>
  withFolder(async (folder) => {
    const scan = await openScan(fileOf(sound, "a.blo")(folder));
    assert.deepEqual(scan.shape, { rows, columns, patternRows: side, patternColumns: side });
    assert.deepEqual([scan.dtype, describeStored(scan), scan.warnings], ["u8", "frames", []]);
    // 6226 / 100 pixels a centimetre on a camera at 0.2 m.
    const q = 1 / 6226 / 0.2 / electronWavelength(200);
    assert.ok(Math.abs(scan.calibration.qPixelSize!.row / q - 1) < 1e-12);
    assert.deepEqual(scan.calibration, {
      pixelSize: { row: 5, column: 2.5, unit: "nm" },
      qPixelSize: { ...scan.calibration.qPixelSize!, column: scan.calibration.qPixelSize!.row, unit: "A^-1" },
      beamEnergy: 200,
      cameraLength: 0.2,
    });
    assert.deepEqual(scan.source.notes, {
      scanRotationDegrees: 12.5,
      recorded: "2015-12-01T12:00:00",
      // No control characters, which would reach a terminal.
      description: "Precession angle : 1 Camera : [31mred",
    });
    for (const bandHeight of [1, 2, 3]) assert.deepEqual(await readAll(scan, bandHeight), data);
    for (const step of [6, 4, 1]) assert.deepEqual(readStored(scan, step), data);
    scan.close();
  }));

Deno.test("blockfiles: what is zero or not finite in the header is not known", () =>
  withFolder(async (folder) => {
    const nothing: Fields = [[30, "f64", NaN], [46, "u32", 0], [50, "u16", 0], [52, "u32", 0], [
      56,
      "f64",
      NaN,
    ]];
    const scan = await openScan(fileOf(blockfile(patterns, rows, columns, nothing), "a.blo")(folder));
    assert.deepEqual(scan.calibration, {});
    scan.close();
  }));

Deno.test("blockfiles: patterns that were not recorded are zero, which is said; a scan shape takes those that were", () =>
  withFolder(async (folder) => {
    const expected = data.slice();
    expected.fill(0, 4 * side * side);
    for (const bytes of [4 * frame, 5 * frame - 1]) {
      const path = fileOf(sound.subarray(0, blockfileStart + bytes), "a.blo")(folder);
      const scan = await openScan(path);
      assert.deepEqual([scan.shape.rows, scan.shape.columns], [rows, columns]);
      assert.match(
        scan.warnings.join(),
        /^4 of 6 patterns are there, 2 with \d+ bytes are missing: .*are zero/,
      );
      assert.deepEqual(await readAll(scan, 2), expected);
      for (const step of [6, 5, 1]) assert.deepEqual(readStored(scan, step), expected);
      scan.close();
      const part = await openScan(path, { scanShape: { rows: 2, columns: 2 } });
      assert.deepEqual(await readAll(part), data.slice(0, 4 * side * side));
      assert.match(part.warnings[0], /^4 of 6 patterns/);
      part.close();
    }
  }));

Deno.test("blockfiles: bytes after the patterns and a last pattern without its mark are said", () =>
  withFolder(async (folder) => {
    const longer = await openScan(fileOf(Uint8Array.from([...sound, 1, 2, 3]), "a.blo")(folder));
    assert.match(longer.warnings.join(), /^3 bytes after the last whole frame/);
    assert.deepEqual(await readAll(longer), data);
    longer.close();
    const unmarked = sound.slice();
    unmarked[blockfileStart + 5 * frame] = 0;
    const scan = await openScan(fileOf(unmarked, "b.blo")(folder));
    assert.match(scan.warnings.join(), /the last pattern has no mark/);
    scan.close();
  }));

const blo = (changes: Fields) => fileOf(blockfile(patterns, rows, columns, changes), "a.blo");
const bad: readonly BadInput[] = [
  {
    name: "a blockfile cut in its header",
    kind: "CorruptFile",
    says: /240 bytes/,
    make: fileOf(sound.subarray(0, 239)),
  },
  {
    name: "a blockfile cut before its patterns",
    kind: "CorruptFile",
    says: /too early/,
    make: fileOf(sound.subarray(0, 4112)),
  },
  {
    name: "a blockfile cut in its first pattern",
    kind: "CorruptFile",
    says: /too early/,
    make: fileOf(sound.subarray(0, 4140)),
  },
  {
    name: "a blockfile of another version",
    kind: "UnsupportedFormat",
    says: /0x201/,
    make: blo([[6, "u16", 0x0201]]),
  },
  {
    name: "a blockfile with patterns in its header",
    kind: "CorruptFile",
    says: /inside its header/,
    make: blo([[12, "u32", 6]]),
  },
  {
    name: "a blockfile with patterns elsewhere",
    kind: "CorruptFile",
    says: /no pattern where/,
    make: blo([[12, "u32", 4108]]),
  },
  {
    name: "a blockfile with patterns beyond its end",
    kind: "CorruptFile",
    says: /too early/,
    make: blo([[12, "u32", 2 ** 32 - 1]]),
  },
  {
    name: "a blockfile of patterns without pixels",
    kind: "CorruptFile",
    says: /impossible sizes/,
    make: blo([[20, "u16", 0]]),
  },
  {
    name: "a blockfile of patterns larger than itself",
    kind: "CorruptFile",
    says: /too early/,
    make: blo([[20, "u16", 20000]]),
  },
  {
    name: "a blockfile without columns",
    kind: "ShapeUnknown",
    says: /6 patterns/,
    make: blo([[24, "u16", 0]]),
  },
  {
    name: "a blockfile with more positions than anyone scans",
    kind: "CorruptFile",
    says: /4294836225 patterns/,
    make: blo([[24, "u16", 65535], [26, "u16", 65535]]),
  },
  {
    name: "a scan shape that a blockfile does not have",
    kind: "BadParameter",
    says: /has 6/,
    options: { scanShape: { rows: 2, columns: 2 } },
    make: fileOf(sound, "a.blo"),
  },
];

testRefusals(bad);

sharedTest("blockfiles: those of the manifest say steps, beam and camera", async () => {
  for (const [name, step] of [["test1", 12.8], ["test2", 64]] as const) {
    const scan = await openFile(sharedPath(`data/formats/blockfile/${name}.blo`)!);
    const { pixelSize, qPixelSize, ...others } = scan.calibration;
    assert.deepEqual(pixelSize, { row: step, column: step, unit: "nm" });
    assert.deepEqual(others, { beamEnergy: 200, cameraLength: 0.2 });
    // 100 / 6226 cm at 20 cm are 0.80308 mrad, and the wavelength is 0.0250793 A.
    assert.ok(Math.abs(qPixelSize!.row - 0.032022) < 1e-5 && qPixelSize!.unit === "A^-1");
    scan.close();
  }
});
