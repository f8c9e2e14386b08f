/** TVIPS recordings: files that go on in others, headers of both versions, and the rotation index. */

import assert from "node:assert/strict";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { type BadInput, failureOf, fileOf, testRefusals } from "../../support/bad_input.ts";
import { withFolder } from "../../support/folders.ts";
import { cut, type Fields, joined, tvipsFrame, tvipsHeader } from "../../support/frame_files.ts";
import { readAll } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";
import { describeStored, readStored } from "../../support/stored.ts";

const rows = 4, columns = 5, pixels = rows * columns;

/** 16-bit patterns whose numbers tell them apart. */
function numbersOf(frames: number): Uint16Array {
  return Uint16Array.from({ length: frames * pixels }, (_, index) => index * 3 + 1);
}

function framesOf(indices: readonly number[], headerBytes = 60, mode = 2): readonly Uint8Array[] {
  const patterns = cut(numbersOf(indices.length), indices.length);
  return patterns.map((pattern, frame) => tvipsFrame(pattern, indices[frame], headerBytes, mode));
}

/** A recording in one file. */
function recording(indices: readonly number[], changes: Fields = []): Uint8Array {
  return joined(tvipsHeader(rows, columns, changes), ...framesOf(indices));
}

function write(folder: string, name: string, bytes: Uint8Array): string {
  return fileOf(bytes, name)(folder);
}

/** The patterns of some frames, one after the other. */
function pick(numbers: Uint16Array, frames: readonly number[]): Uint16Array {
  return Uint16Array.from(
    frames.flatMap((frame) => [...numbers.subarray(frame * pixels, (frame + 1) * pixels)]),
  );
}

Deno.test("TVIPS: frames in one file, arranged by the user, with what the header says", () =>
  withFolder(async (folder) => {
    const path = write(folder, "a_000.tvips", recording([0, 0, 0, 0, 0, 0]));
    await assert.rejects(openFile(path), { kind: "ShapeUnknown", message: /holds 6 patterns/ });
    const scan = await openScan(path, { scanShape: { rows: 2, columns: 3 } });
    assert.deepEqual(scan.shape, { rows: 2, columns: 3, patternRows: rows, patternColumns: columns });
    assert.deepEqual([scan.dtype, describeStored(scan), scan.warnings], ["u16", "frames", []]);
    assert.deepEqual(scan.calibration, {
      qPixelSize: { row: 3, column: 3, unit: "nm^-1" },
      beamEnergy: 200,
    });
    assert.deepEqual(scan.source.notes, {
      version: 2,
      mode: "diffraction",
      binning: "4 x 2",
      pixelSizeAsWritten: 3,
      cameraLengthAsWritten: 80,
    });
    for (const bandHeight of [1, 2]) assert.deepEqual(await readAll(scan, bandHeight), numbersOf(6));
    for (const step of [6, 4, 1]) {
      assert.deepEqual(readStored(scan, step), new Uint8Array(numbersOf(6).buffer));
    }
    scan.close();
  }));

Deno.test("TVIPS: the first version has short frame headers; 8 and 32 bits; images and sizes of the camera are no calibration", () =>
  withFolder(async (folder) => {
    const scanShape = { rows: 3, columns: 2 };
    const old = joined(
      tvipsHeader(rows, columns, [[4, "u32", 1], [48, "u32", 99]]),
      ...framesOf([1, 2, 3, 4, 5, 6], 12),
    );
    const scan = await openScan(write(folder, "old.tvips", old), { scanShape });
    assert.deepEqual(await readAll(scan), numbersOf(6));
    assert.deepEqual(scan.calibration, { beamEnergy: 200 });
    scan.close();
    for (const type of [Uint8Array, Uint32Array]) {
      const numbers = type.from(numbersOf(6)), bits = 8 * type.BYTES_PER_ELEMENT;
      const frames = cut(numbers, 6).map((pattern) => tvipsFrame(pattern, 0));
      const bytes = joined(tvipsHeader(rows, columns, [[16, "u32", bits]]), ...frames);
      const other = await openScan(write(folder, `${bits}.tvips`, bytes), { scanShape });
      assert.deepEqual(await readAll(other), numbers);
      other.close();
    }
    const images = joined(tvipsHeader(rows, columns), ...framesOf([0, 0, 0, 0, 0, 0], 60, 1));
    const image = await openScan(write(folder, "image.tvips", images), { scanShape });
    assert.deepEqual([image.calibration, image.source.notes!.mode], [{ beamEnergy: 200 }, "image"]);
    image.close();
    const camera = await openScan(
      write(folder, "b.tvips", recording([0, 0, 0, 0, 0, 0], [[36, "u32", 15600]])),
      { scanShape },
    );
    assert.deepEqual(camera.calibration, { beamEnergy: 200 });
    assert.match(camera.warnings[0], /15600 is no reciprocal size/);
    camera.close();
  }));

Deno.test("TVIPS: any file of a recording stands for all of them", () =>
  withFolder(async (folder) => {
    const frames = framesOf([0, 0, 0, 0, 0, 0]);
    write(folder, "a_000.tvips", joined(tvipsHeader(rows, columns), ...frames.slice(0, 1)));
    write(folder, "a_001.tvips", joined(...frames.slice(1, 4)));
    write(folder, "a_002.tvips", joined(...frames.slice(4)));
    write(folder, "b_003.tvips", new Uint8Array(7));
    for (const name of ["a_000.tvips", "a_001.tvips", "a_002.tvips"]) {
      const scan = await openScan(`${folder}/${name}`, { scanShape: { rows: 2, columns: 3 } });
      assert.deepEqual([scan.source.path, scan.source.notes!.files], [`${folder}/a_000.tvips`, 3]);
      assert.equal(scan.source.bytes, 256 + 6 * 100);
      assert.deepEqual(await readAll(scan, 1), numbersOf(6));
      for (const step of [6, 4, 1]) {
        assert.deepEqual(readStored(scan, step), new Uint8Array(numbersOf(6).buffer));
      }
      scan.close();
    }
    const admitted: string[] = [];
    const options = { scanShape: { rows: 2, columns: 3 } };
    (await openFile(`${folder}/a_001.tvips`, options, (path) => admitted.push(path))).close();
    assert.deepEqual(admitted, [`${folder}/a_000.tvips`, `${folder}/a_002.tvips`]);

    // A frame that the recording did not come to the end of, at the end and before.
    Deno.truncateSync(`${folder}/a_002.tvips`, 99);
    const cut = await openScan(`${folder}/a_000.tvips`, { scanShape: { rows: 2, columns: 2 } });
    assert.match(cut.warnings.join(), /99 bytes of .*a_002.tvips, less than a frame, were ignored/);
    assert.deepEqual(await readAll(cut), numbersOf(6).slice(0, 4 * pixels));
    cut.close();
    Deno.truncateSync(`${folder}/a_001.tvips`, 250);
    await assert.rejects(openFile(`${folder}/a_000.tvips`, options), {
      kind: "CorruptFile",
      message: /inside a frame/,
    });
    Deno.removeSync(`${folder}/a_001.tvips`);
    for (const name of ["a_000.tvips", "a_002.tvips"]) {
      await assert.rejects(openFile(`${folder}/${name}`, options), {
        kind: "FileUnavailable",
        message: /a_001/,
      });
    }
    await assert.rejects(openFile(`${folder}/b_003.tvips`), { kind: "FileUnavailable", message: /b_000/ });
    Deno.mkdirSync(`${folder}/a_001.tvips`);
    await assert.rejects(openFile(`${folder}/a_000.tvips`, options), {
      kind: "FileUnavailable",
      message: /is no file/,
    });
  }));

/** What the rotation index of each frame makes of a recording. */
const indexed: readonly {
  readonly name: string;
  readonly indices: readonly number[];
  readonly shape?: readonly [number, number];
  /** Frames of the positions; absent where the user is asked. */
  readonly frames?: readonly number[];
  readonly says?: RegExp;
}[] = [
  {
    name: "from the first frame on",
    indices: [1, 2, 3, 4],
    frames: [0, 1, 2, 3],
    says: /4 positions.*square.*2x2.*--scan-shape/,
  },
  { name: "after frames without", indices: [0, 0, 1, 2, 3, 4], frames: [2, 3, 4, 5], says: /square/ },
  { name: "before frames without", indices: [0, 7, 1, 2, 3, 4, 0, 0], frames: [2, 3, 4, 5], says: /square/ },
  {
    name: "with frames of one position",
    indices: [1, 1, 2, 3, 3, 4, 4],
    frames: [0, 2, 3, 5],
    says: /square/,
  },
  {
    name: "with positions left out",
    indices: [0, 0, 1, 3, 4],
    frames: [2, 2, 3, 4],
    says: /1 positions have no frame/,
  },
  {
    name: "of the user's shape",
    indices: [0, 0, 1, 2, 3, 4, 5, 6, 6],
    shape: [2, 3],
    frames: [2, 3, 4, 5, 6, 7],
  },
  {
    name: "of which the user's shape is another one",
    indices: [0, 0, 1, 2, 3, 4],
    shape: [2, 3],
    frames: [0, 1, 2, 3, 4, 5],
  },
  { name: "of the user's line", indices: [0, 1, 2, 3, 4], shape: [1, 4], frames: [1, 2, 3, 4] },
  {
    name: "that fills no square",
    indices: [0, 0, 1, 2, 3, 4, 5, 6],
    says: /holds 6 patterns.*counts 6 positions/,
  },
  { name: "that may count frames", indices: [0, 1, 2, 3, 4], says: /holds 5 patterns.*counts 4 positions/ },
  { name: "that most positions lack", indices: [1, 2, 900], says: /holds 3 patterns/ },
  { name: "that is nonsense", indices: [1, 2 ** 32 - 1, 3], says: /holds 3 patterns/ },
  { name: "that counts nothing", indices: [5, 6, 7], says: /holds 3 patterns/ },
];

for (const { name, indices, shape, frames, says } of indexed) {
  Deno.test(`TVIPS: a rotation index ${name}`, () =>
    withFolder(async (folder) => {
      // In two files, because the index counts over all of them.
      const all = framesOf(indices), path = `${folder}/a_000.tvips`;
      write(folder, "a_000.tvips", joined(tvipsHeader(rows, columns), ...all.slice(0, 2)));
      write(folder, "a_001.tvips", joined(...all.slice(2)));
      const options = shape ? { scanShape: { rows: shape[0], columns: shape[1] } } : {};
      if (!frames) {
        const failure = await failureOf(path, options) as Error & { kind: string };
        assert.equal(failure.kind, "ShapeUnknown");
        return assert.match(failure.message, says!);
      }
      const scan = await openScan(path, options);
      const expected = pick(numbersOf(indices.length), frames);
      assert.deepEqual([scan.shape.rows, scan.shape.columns], shape ?? [2, 2]);
      if (says) assert.match(scan.warnings.join("; "), says);
      else assert.deepEqual(scan.warnings, []);
      for (const bandHeight of [1, 2]) assert.deepEqual(await readAll(scan, bandHeight), expected);
      for (const step of [frames.length, 3, 1]) {
        assert.deepEqual(readStored(scan, step), new Uint8Array(expected.buffer));
      }
      scan.close();
    }));
}

const tvips = (changes: Fields) => fileOf(recording([1, 2, 3, 4], changes), "a.tvips");
const bad: readonly BadInput[] = [
  {
    name: "a TVIPS recording cut in its header",
    kind: "UnsupportedFormat",
    says: /no format/,
    make: fileOf(recording([1]).subarray(0, 51), "a.tvips"),
  },
  {
    name: "the first of TVIPS files cut in its header",
    kind: "CorruptFile",
    says: /too early/,
    make: async (folder) => {
      await fileOf(recording([1]).subarray(0, 51), "a_000.tvips")(folder);
      return fileOf(new Uint8Array(200), "a_001.tvips")(folder);
    },
  },
  {
    name: "the first of TVIPS files without a header",
    kind: "CorruptFile",
    says: /does not begin/,
    make: async (folder) => {
      await fileOf(new Uint8Array(200), "a_000.tvips")(folder);
      return fileOf(new Uint8Array(200), "a_001.tvips")(folder);
    },
  },
  {
    name: "a TVIPS recording without frames",
    kind: "CorruptFile",
    says: /too early/,
    make: fileOf(tvipsHeader(4, 5), "a.tvips"),
  },
  {
    name: "a TVIPS recording cut in its first frame",
    kind: "CorruptFile",
    says: /too early/,
    make: fileOf(recording([1]).subarray(0, 300), "a.tvips"),
  },
  {
    name: "a TVIPS recording of another version",
    kind: "UnsupportedFormat",
    says: /no format/,
    make: tvips([[4, "u32", 3]]),
  },
  {
    name: "a TVIPS recording of 12 bits",
    kind: "UnsupportedFormat",
    says: /12 bits/,
    make: tvips([[16, "u32", 12]]),
  },
  {
    name: "a TVIPS recording without rows",
    kind: "CorruptFile",
    says: /impossible sizes/,
    make: tvips([[12, "u32", 0]]),
  },
  {
    name: "a TVIPS recording of endless rows",
    kind: "CorruptFile",
    says: /too early/,
    make: tvips([[8, "u32", 2 ** 32 - 1], [12, "u32", 2 ** 32 - 1]]),
  },
  {
    name: "a TVIPS recording with an endless header",
    kind: "CorruptFile",
    says: /too early/,
    make: tvips([[0, "u32", 2 ** 32 - 1]]),
  },
  {
    name: "a TVIPS recording with endless frame headers",
    kind: "CorruptFile",
    says: /too early/,
    make: tvips([[48, "u32", 2 ** 32 - 1]]),
  },
  {
    name: "a TVIPS recording without frame headers",
    kind: "ShapeUnknown",
    says: /patterns/,
    make: tvips([[48, "u32", 0]]),
  },
  {
    name: "a scan shape that a TVIPS recording does not have",
    kind: "BadParameter",
    says: /has 4/,
    options: { scanShape: { rows: 5, columns: 5 } },
    make: tvips([]),
  },
];

testRefusals(bad);

sharedTest("TVIPS: recordings of the manifest, of which one counts frames, not positions", async () => {
  const folder = sharedPath("data/formats/tvips")!, scanShape = { rows: 2, columns: 3 };
  for (const name of ["2345_000", "2345_split_000", "2345_split_002"]) {
    const path = `${folder}/test_tvips_${name}.tvips`;
    await assert.rejects(openFile(path), { kind: "ShapeUnknown", message: /holds 6 patterns/ });
    const scan = await openScan(path, { scanShape });
    assert.deepEqual(scan.calibration, {
      qPixelSize: { row: 1, column: 1, unit: "nm^-1" },
      beamEnergy: 200,
    });
    assert.equal(scan.source.notes!.cameraLengthAsWritten, 80);
    assert.deepEqual(readStored(scan, 4), new Uint8Array((await readAll(scan, 1)).buffer));
    scan.close();
  }
});
