/** A format whose scans are folders, for tests of what surrounds formats: `shape.txt` and a file of bytes for each row. */

import type { Format } from "../../library/formats/format.ts";
import { formats } from "../../library/formats/known_formats.ts";
import { UnsupportedFormat } from "../../library/scan/errors.ts";
import { arrangePatterns } from "../../library/scan/pattern_reader.ts";

const folderFormat: Format = {
  name: "folder of rows",
  endings: ["rows"],
  recognises: ({ inside }) => inside?.names().includes("shape.txt") ?? false,
  // deno-lint-ignore require-await
  async open({ path, inside }) {
    const [rows, columns, patternRows, patternColumns] = inside!.text("shape.txt")!.split(" ").map(Number);
    const rowBytes = columns * patternRows * patternColumns;
    for (let row = 0; row < rows; row++) {
      if (inside!.file(`rows/${row}`)) continue;
      throw new UnsupportedFormat(`row ${row} of ${path} is missing`, { file: path });
    }
    return arrangePatterns({
      shape: { rows, columns, patternRows, patternColumns },
      numbers: "u8",
      calibration: {},
      source: { format: "rows", path },
    }, {
      async readPatterns(first, count, into) {
        const all = new Uint8Array(rows * rowBytes), pattern = patternRows * patternColumns;
        for (let row = 0; row < rows; row++) {
          all.set(await Deno.readFile(inside!.file(`rows/${row}`)!), row * rowBytes);
        }
        into.set(all.subarray(first * pattern, (first + count) * pattern));
      },
      close() {},
    });
  },
};

/** Runs a test while that format is one of ours. */
export async function withFolderFormat(test: () => Promise<void>): Promise<void> {
  const list = formats as Format[];
  list.push(folderFormat);
  try {
    await test();
  } finally {
    list.splice(list.indexOf(folderFormat), 1);
  }
}

/** Writes a scan of 3 x 4 probes and 8 x 6 pixels for it; gives its bytes. */
export async function writeFolderScan(path: string): Promise<Uint8Array> {
  const data = Uint8Array.from({ length: 3 * 4 * 48 }, (_, i) => i * 31 % 251);
  await Deno.mkdir(`${path}/rows`, { recursive: true });
  await Deno.writeTextFile(`${path}/shape.txt`, "3 4 8 6");
  for (let row = 0; row < 3; row++) {
    await Deno.writeFile(`${path}/rows/${row}`, data.subarray(row * 192, (row + 1) * 192));
  }
  return data;
}
