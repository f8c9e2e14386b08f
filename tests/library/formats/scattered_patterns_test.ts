/** Patterns whose numbers lie by detector pixel: arrays in Fortran order and older scans of DigitalMicrograph. */

import assert from "node:assert/strict";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { ScatteredReader } from "../../../library/formats/scattered_patterns.ts";
import { FileSource } from "../../../library/scan/byte_source.ts";
import { bytesOf, createPixelArray, type PixelArray } from "../../../library/scan/dtype.ts";
import {
  dtypeOfNumbers,
  numberBytes,
  type StoredNumber,
  storedNumbers,
} from "../../../library/scan/stored_number.ts";
import { isSeries, readPattern } from "../../../library/scan/scan.ts";
import { npy, zip } from "../../support/byte_files.ts";
import { dmFile, dmKinds, imageFileTags, number, numbers as dmNumbers } from "../../support/dm_files.ts";
import { leftInTemporaryFolder, withFolder } from "../../support/folders.ts";
import { seededRandom } from "../../support/random.ts";
import { numberAt } from "../../support/raw_numbers.ts";
import { readAll } from "../../support/reading.ts";
import { grainScan } from "../../support/scans.ts";

/** The bits of numbers, as unsigned numbers of their size. */
type Numbers = PixelArray | BigUint64Array;

function createNumbers(numbers: StoredNumber, length: number): Numbers {
  const bytes = numberBytes(numbers);
  if (bytes === 8) return new BigUint64Array(length);
  return createPixelArray(bytes === 1 ? "u8" : bytes === 2 ? "u16" : "u32", length);
}

/** The numbers of an array with the axes in another order: `order` names them, the slowest first. */
function reordered<Kind extends Numbers>(
  data: Kind,
  lengths: readonly number[],
  order: readonly number[],
): Kind {
  const into = data.slice() as Kind,
    strides = lengths.map((_, axis) =>
      lengths.slice(axis + 1).reduce((product, length) => product * length, 1)
    );
  const index = lengths.map(() => 0);
  for (let at = 0; at < into.length; at++) {
    into[at] = data[index.reduce((sum, value, axis) => sum + value * strides[axis], 0)];
    for (let k = order.length - 1; k >= 0 && ++index[order[k]] === lengths[order[k]]; k--) {
      index[order[k]] = 0;
    }
  }
  return into;
}

const reversed = <Kind extends Numbers>(data: Kind, lengths: readonly number[]) =>
  reordered(data, lengths, lengths.map((_, axis) => lengths.length - 1 - axis));
/** Detector axes first, then those of the scan. */
const detectorFirst = <Kind extends Numbers>(data: Kind, [rows, columns, qy, qx]: readonly number[]) =>
  reordered(data, [rows, columns, qy, qx], [2, 3, 0, 1]);

function swap<Kind extends Numbers>(data: Kind): Kind {
  const swapped = data.slice() as Kind, bytes = bytesOf(swapped), size = data.BYTES_PER_ELEMENT;
  for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
  return swapped;
}

for (const numbers of storedNumbers) {
  Deno.test(`scattered patterns of ${numbers} come out in order, with blocks of any size`, () =>
    withFolder(async (folder) => {
      const random = seededRandom(storedNumbers.indexOf(numbers) + 5), path = `${folder}/a.raw`;
      for (let trial = 0; trial < 24; trial++) {
        const length = (most: number) => 1 + Math.floor(most * random());
        const scan = [length(40), length(trial % 3 === 0 ? 40 : 4)];
        const patternRows = length(7), patternColumns = length(trial % 4 === 0 ? 40 : 7);
        const lengths = [...scan, patternRows, patternColumns];
        const data = createNumbers(numbers, lengths.reduce((product, length) => product * length, 1));
        const bytes = bytesOf(data);
        // Any bits, also those of floats that are no numbers, but for NaN, whose bits moving it may change.
        for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(256 * random());
        const view = new DataView(bytes.buffer), size = numberBytes(numbers);
        const numberOf = (index: number) => numberAt(view, numbers, size * index, false);
        for (let i = 0; i < data.length; i++) {
          if (Number.isNaN(numberOf(i))) bytes.fill(0, size * i, size * (i + 1));
        }
        const firstAxisFastest = trial % 2 === 0, swapped = random() < 0.5, offset = Math.floor(9 * random());
        const lying = firstAxisFastest ? reversed(data, lengths) : detectorFirst(data, lengths);
        const file = new Uint8Array(offset + bytes.length);
        file.set(bytesOf(swapped ? swap(lying) : lying), offset);
        await Deno.writeFile(path, file);
        const pixels = patternRows * patternColumns, positions = scan[0] * scan[1];
        const blockBytes = [1, 3 * positions * numberBytes(numbers), 2 ** 20][trial % 3];
        const reader = new ScatteredReader({
          source: FileSource.open(path),
          offset,
          numbers,
          swapped,
          scan,
          patternRows,
          patternColumns,
          firstAxisFastest,
        }, blockBytes);
        const expected = createPixelArray(dtypeOfNumbers(numbers), data.length);
        for (let i = 0; i < data.length; i++) expected[i] = numberOf(i);
        const into = createPixelArray(dtypeOfNumbers(numbers), data.length);
        const half = Math.floor(positions / 2);
        // Calls overlap, and the first of them turns the file.
        await Promise.all([
          reader.readPatterns(half, positions - half, into.subarray(half * pixels)),
          reader.readPatterns(0, half, into.subarray(0, half * pixels)),
        ]);
        assert.deepEqual(into, expected, JSON.stringify({ lengths, firstAxisFastest, swapped, blockBytes }));
        reader.close();
      }
    }));
}

const lengths = [3, 4, 5, 6] as const;
const counts = Uint16Array.from({ length: 360 }, (_, index) => (index * 7919) % 65521);

Deno.test("npy in Fortran order: scans, series and stacks, of both byte orders", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.npy`;
    for (const swapped of [false, true]) {
      const write = (shape: readonly number[]) => {
        const lying = reversed(counts, shape);
        return Deno.writeFile(path, npy(swapped ? ">u2" : "<u2", shape, swapped ? swap(lying) : lying, true));
      };
      await write(lengths);
      const scan = await openScan(path);
      assert.deepEqual(Object.values(scan.shape), lengths);
      assert.equal(scan.stored, undefined);
      assert.match(String(scan.source.notes?.layout), /temporary file/);
      for (const bandHeight of [1, 2, 3]) assert.deepEqual(await readAll(scan, bandHeight, true), counts);
      assert.deepEqual(await readPattern(scan, 1, 2), counts.subarray(180, 210));
      scan.close();
      const wide = await openScan(path, { scanShape: { rows: 2, columns: 6 } });
      assert.deepEqual(await readAll(wide), counts);
      wide.close();
      await write([2, 2, 3, 5, 6]);
      const series = await openFile(path);
      assert.ok(isSeries(series));
      assert.deepEqual(await readAll(series.frame(1), 1), counts.subarray(180));
      series.close();
      await write([12, 5, 6]);
      const stack = await openScan(path, { scanShape: { rows: 3, columns: 4 } });
      assert.deepEqual(await readAll(stack, 2), counts);
      stack.close();
    }
  }));

Deno.test("npz: members in Fortran order are read, and a wrong checksum is found out", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.npz`, data = npy("<u2", lengths, reversed(counts, lengths), true);
    for (const deflated of [false, true]) {
      await Deno.writeFile(path, zip([{ name: "data.npy", data, deflated }]));
      const scan = await openScan(path);
      assert.deepEqual(await readAll(scan, 2), counts);
      scan.close();
    }
    await Deno.writeFile(path, zip([{ name: "data.npy", data, crc: 1 }]));
    const scan = await openScan(path);
    await assert.rejects(readAll(scan, 1), { kind: "CorruptFile" });
    scan.close();
  }));

for (const kind of dmKinds) {
  const order = kind.littleEndian ? "little" : "big";
  Deno.test(`DM${kind.version}, ${order}-endian: scans of the older order, said or unsaid, and line scans`, () =>
    withFolder(async (folder) => {
      const path = `${folder}/a`, data = dmNumbers("u16", detectorFirst(counts, lengths));
      const image = { dimensions: [4, 3, 6, 5], dataType: 10, data, format: "Diffraction image" };
      const axes = [[2, "nm"], [1, "nm"], [0.25, "1/nm"], [0.5, "1/nm"]] as const;
      for (
        const recipe of [
          { ...image, axes, swapped: false },
          { ...image, axes },
          { ...image, swapped: false },
          image,
          { ...image, dimensions: [12, 6, 5] },
          { ...image, dimensions: [12, 6, 5], axes: axes.slice(1), format: undefined },
        ]
      ) {
        await Deno.writeFile(path, dmFile(kind, imageFileTags(recipe)));
        const scan = await openScan(path, { scanShape: { rows: 3, columns: 4 } });
        assert.deepEqual(Object.values(scan.shape), lengths);
        for (const bandHeight of [1, 3]) assert.deepEqual(await readAll(scan, bandHeight), counts);
        const { pixelSize, qPixelSize } = scan.calibration;
        const flat = recipe.dimensions.length === 3;
        assert.deepEqual(
          pixelSize,
          "axes" in recipe && !flat ? { row: 1, column: 2, unit: "nm" } : undefined,
        );
        assert.deepEqual(
          qPixelSize,
          "axes" in recipe ? { row: 0.5, column: 0.25, unit: "nm^-1" } : undefined,
        );
        scan.close();
      }
    }));
}

Deno.test("DM: five axes in the older order are refused, and units that contradict it are told", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.dm4`, image = { dataType: 10, data: dmNumbers("u16", counts), swapped: false };
    await Deno.writeFile(path, dmFile(dmKinds[2], imageFileTags({ ...image, dimensions: [2, 2, 3, 6, 5] })));
    await assert.rejects(openFile(path), { kind: "UnsupportedFormat", message: /five axes/ });
    const axes = [[1, "1/nm"], [1, "1/nm"], [1, "nm"], [1, "nm"]] as const;
    const microscope = { Voltage: number("f64", 80000) };
    await Deno.writeFile(
      path,
      dmFile(dmKinds[2], imageFileTags({ ...image, dimensions: [4, 3, 6, 5], axes, microscope })),
    );
    const scan = await openScan(path);
    assert.match(scan.warnings[0], /contradict/);
    assert.deepEqual(scan.calibration, { beamEnergy: 80 });
    scan.close();
  }));

Deno.test("scattered patterns leave nothing in the folder for temporary files, and open without turning anything", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.npy`, data = npy("<u2", lengths, reversed(counts, lengths), true);
    await Deno.writeFile(path, data);
    const left = await leftInTemporaryFolder(folder, async (temporary) => {
      (await openScan(path)).close();
      const read = await openScan(path);
      await readAll(read);
      read.close();
      read.close();
      const early = await openScan(path);
      const reading = Promise.resolve(readAll(early));
      early.close();
      await assert.rejects(reading, /already closed/);
      const cut = await openScan(path);
      Deno.truncateSync(path, data.length - 5);
      await assert.rejects(readAll(cut), { kind: "CorruptFile" });
      cut.close();
      await assert.rejects(openScan(path), { kind: "CorruptFile" });
      await Deno.writeFile(path, data);
      const homeless = await openScan(path);
      await Deno.remove(temporary);
      await assert.rejects(Promise.resolve(readAll(homeless)), { kind: "FileUnavailable" });
      homeless.close();
      Deno.mkdirSync(temporary);
    });
    assert.deepEqual(left, []);
  }));

Deno.test("a run on scattered patterns gives what one on whole patterns gives", () =>
  withFolder(async (folder) => {
    const shape = { rows: 15, columns: 11, patternRows: 14, patternColumns: 17 };
    const data = await readAll(grainScan(shape)), sizes = Object.values(shape);
    await Deno.writeFile(`${folder}/c.npy`, encodeNpy("u16", sizes, data));
    await Deno.writeFile(`${folder}/f.npy`, npy("<u2", sizes, reversed(data, sizes), true));
    const labels: Int32Array[] = [];
    for (const name of ["c", "f"]) {
      const scan = await openScan(`${folder}/${name}.npy`);
      const parameters = { ...defaultParameters, threshold: 0.85, minimumSize: 2 };
      const clustering = await clusterScan(scan, parameters, { workers: 2 });
      labels.push(Int32Array.from(clustering.labels));
      scan.close();
    }
    assert.ok(new Set(labels[0]).size > 2);
    assert.deepEqual(labels[1], labels[0]);
  }));

Deno.test("scattered patterns: turning is told of and can be stopped, and begins again when it is asked for", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.raw`, positions = 12, pixels = 30;
    await Deno.writeFile(path, bytesOf(counts));
    const reader = new ScatteredReader({
      source: FileSource.open(path),
      ...{ offset: 0, numbers: "u16", swapped: false, scan: [3, 4], patternRows: 5, patternColumns: 6 },
      firstAxisFastest: false,
    }, 2 * positions * 7);
    const { preparation } = reader, stop = new AbortController(), seen: number[] = [];
    assert.ok(preparation.bytes > 2 * 2 * positions * 7);
    const stopped = preparation.run({
      signal: stop.signal,
      onProgress({ done, total }) {
        seen.push(done);
        assert.equal(total, pixels);
        if (done === 14) stop.abort();
      },
    });
    await assert.rejects(stopped, { name: "Aborted" });
    assert.deepEqual(seen, [7, 14]);
    await preparation.run({ onProgress: ({ done }) => seen.push(done) });
    assert.deepEqual(seen, [7, 14, 7, 14, 21, 28, 30]);
    await preparation.run({ onProgress: () => assert.fail("it was done already") });
    const into = new Uint16Array(positions * pixels);
    await reader.readPatterns(0, positions, into);
    for (let i = 0; i < into.length; i++) {
      assert.equal(into[i], counts[i % pixels * positions + Math.floor(i / pixels)]);
    }
    reader.close();
  }));
