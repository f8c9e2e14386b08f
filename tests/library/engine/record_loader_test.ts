/** Records that threads read to where their patterns go, beside those that they put in order by way of the scratch. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { openScan } from "crystallite";
import type { FrameRecords } from "../../../library/formats/frames/records.ts";
import { numbersOfWords, type PackedWords } from "../../../library/scan/frames.ts";
import { bytesOf } from "../../../library/scan/dtype.ts";
import { filesOf } from "../../../library/scan/stored.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { seededRandom } from "../../support/random.ts";
import { npy } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { plainPack } from "../../support/packed_words.ts";
import { encodeRecords, openRecords, patternsOf, randomNumbers, working } from "../../support/raw_records.ts";
import { readAll } from "../../support/reading.ts";
import { readStored } from "../../support/stored.ts";

const shape = { rows: 2, columns: 3 };

/** Sides of small frames, and of frames that are read one by one. */
const sides = [[5, 7], [96, 128]] as const;

Deno.test("records are read alike in one piece and one by one, in any order, of either byte order", () =>
  withFolder(async (folder) => {
    const random = seededRandom(3), path = `${folder}/a.raw`;
    for (const [rows, columns] of sides) {
      for (const numbers of ["u8", "u16", "f32", "i16"] as const) {
        for (const [header, footer] of [[0, 0], [13, 0], [8, 30000]]) {
          for (const order of [undefined, Int32Array.of(5, 3, 4, -1, 0, 0)]) {
            const bigEndian = random() < 0.5;
            const records: Omit<FrameRecords, "files"> = {
              ...{ rows, columns, numbers, header, footer, bigEndian, scan: shape },
              ...(order && { order }),
            };
            const pixels = rows * columns, data = randomNumbers(6 * pixels, numbers, random);
            await Deno.writeFile(path, encodeRecords(data, records, 0));
            const ordered = Float64Array.from(data, (_, i) => {
              const record = order ? order[Math.floor(i / pixels)] : Math.floor(i / pixels);
              return record < 0 ? 0 : data[record * pixels + i % pixels];
            });
            const scan = await openRecords(path, records) as Scan, expected = patternsOf(ordered, records);
            const what = JSON.stringify(records);
            for (const step of [6, 1]) {
              assert.deepEqual(readStored(scan, step), bytesOf(working(expected)), what);
            }
            assert.deepEqual(await readAll(scan), expected, what);
            scan.close();
          }
        }
      }
    }
  }));

Deno.test("records whose bytes are put in order are read with their headers, and nothing behind the patterns changes", () =>
  withFolder(async (folder) => {
    const random = seededRandom(5), path = `${folder}/a.raw`, rows = 96, columns = 128, count = 14;
    const pixels = rows * columns, scan = { rows: 2, columns: 7 };
    const runs = Int32Array.of(9, 10, 11, 12, 13, -1, -1, 0, 1, 5, 4, 3, 3, 4);
    for (const numbers of ["u16", "f32"] as const) {
      // The longest gaps are larger than a pattern: such records are read one by one.
      for (const gaps of [[384, 0], [0, 20000], [1, 2], [60000, 0]]) {
        for (const order of [undefined, runs]) {
          const [header, footer] = gaps, bigEndian = true;
          const records = {
            rows,
            columns,
            numbers,
            header,
            footer,
            bigEndian,
            scan,
            ...(order && { order }),
          };
          const data = randomNumbers(count * pixels, numbers, random);
          await Deno.writeFile(path, encodeRecords(data, records, 0));
          const ordered = Float64Array.from(data, (_, i) => {
            const record = order ? order[Math.floor(i / pixels)] : Math.floor(i / pixels);
            return record < 0 ? 0 : data[record * pixels + i % pixels];
          });
          const opened = await openRecords(path, records) as Scan;
          const expected = bytesOf(working(patternsOf(ordered, records)));
          // The bytes behind the last pattern are guarded.
          for (const step of [count, 5, 2, 1]) {
            assert.ok(Buffer.compare(readStored(opened, step), expected) === 0, `${numbers} ${gaps} ${step}`);
          }
          opened.close();
        }
      }
    }
  }));

Deno.test("packed records of one chip are unpacked where they lie", () =>
  withFolder(async (folder) => {
    const random = seededRandom(4), path = `${folder}/a.raw`, rows = 128, columns = 128;
    for (const depth of [1, 6, 12, 24] as const) {
      for (const header of [0, 384]) {
        const packed: PackedWords = { depth, chips: 1 }, numbers = numbersOfWords(packed);
        const records = { rows, columns, numbers, packed, header, scan: shape };
        const pixels = rows * columns;
        const data = Float64Array.from({ length: 6 * pixels }, () => Math.floor(random() * 2 ** depth));
        const frames = Array.from({ length: 6 }, (_, frame) => {
          const frameData = data.subarray(frame * pixels, (frame + 1) * pixels);
          return [new Uint8Array(header).fill(0xee), plainPack(packed, frameData, rows, columns)];
        });
        await Deno.writeFile(path, await new Blob(frames.flat() as BlobPart[]).bytes());
        const scan = await openRecords(path, records) as Scan;
        const expected = bytesOf(working(patternsOf(data, records)));
        for (const step of [6, 1]) assert.deepEqual(readStored(scan, step), expected, JSON.stringify(packed));
        scan.close();
      }
    }
  }));

Deno.test("more files than may be open are read by threads", () =>
  withFolder(async (folder) => {
    const rows = 17, columns = 19, pattern = [3, 4] as const, length = pattern[0] * pattern[1];
    const data = Uint16Array.from({ length: rows * columns * length }, (_, i) => i % 65521);
    for (let index = 0; index < rows * columns; index++) {
      const pixels = data.slice(index * length, (index + 1) * length);
      // Some say the same in other words: their numbers begin elsewhere.
      const bytes = npy("<u2", pattern, new Uint8Array(pixels.buffer));
      await Deno.writeFile(`${folder}/f${index}.npy`, index % 7 === 3 ? padded(bytes) : bytes);
    }
    const scan = await openScan(folder, { scanShape: { rows, columns } });
    assert.equal(scan.stored!.flatMap(filesOf).length, rows * columns);
    for (const step of [columns, 50]) {
      assert.deepEqual(readStored(scan, step), new Uint8Array(data.buffer));
    }
    scan.close();
    await Deno.truncate(`${folder}/f200.npy`, 90);
    await assert.rejects(openScan(folder, { scanShape: { rows, columns } }), {
      kind: "UnsupportedFormat",
      message: /f200\.npy/,
    });
  }));

/** An npy file with a longer header. */
function padded(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset), end = 10 + view.getUint16(8, true), more = 64;
  const longer = new Uint8Array(file.length + more).fill(0x20);
  longer.set(file.subarray(0, end - 1));
  longer[end + more - 1] = 0x0a;
  longer.set(file.subarray(end), end + more);
  new DataView(longer.buffer).setUint16(8, end - 10 + more, true);
  return longer;
}
