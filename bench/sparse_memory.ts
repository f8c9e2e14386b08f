/**
 * Peak memory of a run on a scan far larger than memory, in each raw format: files of zeros that take hardly any room on
 * the disk, but for the headers of their records. Scattered patterns are turned in a temporary file, which takes as much room
 * as they would.
 *
 *     deno run -A bench/sparse_memory.ts [--filter NAME] [--gigabytes 20] [--memory 1G] [--seconds 600]
 *                                        [--columns 512] [--side 192]
 *
 * A run that takes longer is stopped; its peak until then is printed with a plus sign. Columns of the scan and the sides of
 * the detector may be others: larger records are fewer, and written sooner.
 */

import { parseArgs } from "node:util";
import { bytesPerElement } from "../library/scan/dtype.ts";
import { numberName } from "../library/scan/stored_number.ts";
import { type RecordFile, recordFiles, scatteredFiles } from "./format_files.ts";
import type { Size } from "./format_heads.ts";
import { wholeNumber } from "./flags.ts";
import { formatTable } from "../tasks/documentation/table.ts";
import { machine } from "./machine.ts";
import { runPolled } from "./peak_memory.ts";

/** Bytes at the beginning and at the end of each record that are written; the rest is a hole. */
const written = 2048;

const formats: readonly RecordFile[] = [
  ...recordFiles,
  ...scatteredFiles.map((format) => ({ ...format, dtype: "u16" as const })),
];

const { values } = parseArgs({
  options: {
    filter: { type: "string", default: "" },
    gigabytes: { type: "string", default: "20" },
    memory: { type: "string", default: "1G" },
    seconds: { type: "string", default: "600" },
    columns: { type: "string", default: "512" },
    side: { type: "string", default: "192" },
  },
});

const columns = wholeNumber(values.columns, "--columns"), usualSide = wholeNumber(values.side, "--side");

function sizeOf({ dtype, side = usualSide }: RecordFile): Size {
  const rowBytes = columns * side * side * bytesPerElement(dtype);
  return {
    rows: Math.ceil(Number(values.gigabytes) * 1e9 / rowBytes),
    columns,
    patternRows: side,
    patternColumns: side,
  };
}

/** Writes the file and gives its length. */
function writeHoles(path: string, format: RecordFile, size: Size): number {
  const zeros = new Uint8Array(size.patternRows * size.patternColumns * bytesPerElement(format.dtype));
  const file = Deno.openSync(path, { write: true, create: true, truncate: true });
  let place = 0;
  const put = (bytes: Uint8Array) => {
    file.seekSync(place, Deno.SeekMode.Start);
    file.writeSync(bytes);
  };
  const whole = (bytes: Uint8Array | undefined) => {
    if (bytes && bytes.length > 0) put(bytes);
    place += bytes?.length ?? 0;
  };
  whole(format.head?.(size));
  const first = format.record?.(zeros, 0, size) ?? zeros;
  const last = Math.max(0, first.length - written), ends = first.subarray(last).some((byte) => byte !== 0);
  // What records begin with is made without all of their zeros, where they end with zeros as well.
  const pattern = ends ? zeros : zeros.subarray(0, written);
  for (let index = 0; index < size.rows * size.columns; index++) {
    const record = format.record?.(pattern, index, size);
    if (record) put(record.subarray(0, written));
    if (record && ends) {
      file.seekSync(place + last, Deno.SeekMode.Start);
      file.writeSync(record.subarray(last));
    }
    place += first.length;
  }
  whole(format.tail?.(size));
  file.truncateSync(place);
  file.close();
  return place;
}

/** The words of the command line for what a user has to say of such a file. */
function wordsOf(format: RecordFile, size: Size): string[] {
  const { scanShape, dtype, shape, offset, frameHeader, frameFooter, byteOrder } = format.options?.(size) ??
    {};
  const words: [string, unknown][] = [
    ["--scan-shape", scanShape && `${scanShape.rows}x${scanShape.columns}`],
    ["--dtype", dtype && numberName(dtype)],
    ["--shape", shape && (Array.isArray(shape) ? shape.join("x") : String(shape))],
    ["--offset", offset],
    ["--frame-header", frameHeader],
    ["--frame-footer", frameFooter],
    ["--byte-order", byteOrder],
  ];
  return words.flatMap(([flag, value]) => value === undefined ? [] : [flag, String(value)]);
}

/** The run that is measured. */
function commandOf(path: string, out: string, words: readonly string[]): string[] {
  const cluster = ["cli.ts", "cluster", path, "--out", out, "--blur", "3", "--threshold", "0.9"];
  return ["run", "-A", "--no-check", ...cluster, "--memory", values.memory, "--quiet", "--force", ...words];
}

const folder = Deno.makeTempDirSync({ prefix: "crystallite-sparse-" });
const rows: string[][] = [];
try {
  for (const format of formats.filter(({ name }) => name.includes(values.filter))) {
    const size = sizeOf(format), path = `${folder}/${format.file}`;
    const length = writeHoles(path, format, size);
    format.beside?.(folder, size);
    const command = commandOf(path, `${folder}/result`, wordsOf(format, size));
    const { peak, seconds, ended } = await runPolled(Deno.execPath(), command, Number(values.seconds));
    const mebibytes = Math.round(peak / 2 ** 20);
    rows.push([
      format.name,
      (length / 1e9).toFixed(1),
      `${mebibytes}${ended ? "" : "+"}`,
      seconds.toFixed(0),
    ]);
    console.error(rows.at(-1)!.join("  "));
    for (const { name } of Deno.readDirSync(folder)) {
      Deno.removeSync(`${folder}/${name}`, { recursive: true });
    }
  }
} finally {
  Deno.removeSync(folder, { recursive: true });
}
const { processor, cores, runtime } = machine();
console.log(`${processor}, ${cores} cores, ${runtime}, --memory ${values.memory}\n`);
console.log(formatTable(["format", "GB", "peak MiB", "s"], rows, 1));
