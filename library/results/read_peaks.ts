/** Reading back what `writePeaksFile` wrote. */

import { Hdf5File } from "../formats/hdf5/file.ts";
import { readNumberType } from "../formats/hdf5/number_type.ts";
import { openReader, readBlock } from "../formats/hdf5/open_reader.ts";
import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import { bytesOf } from "../scan/dtype.ts";
import { CorruptFile } from "../scan/errors.ts";

/** Bytes of each number in the file. */
const numberBytes = 4;

/**
 * Reads the peaks of a scan.
 *
 * @param shape of the scan that they must be of
 * @throws {FileUnavailable} when the file cannot be read
 * @throws {CorruptFile} when it holds no peaks, or those of another scan
 */
export async function readPeaksFile(
  path: string,
  shape: { readonly rows: number; readonly columns: number },
): Promise<PeakLists> {
  const file = await Hdf5File.open(path);
  try {
    const { size } = await Deno.stat(path), probes = shape.rows * shape.columns;
    const read = (place: string, type: "u32" | "f32", length?: number) =>
      readList(file, `/crystallite/${place}`, type, Math.floor(size / numberBytes), length);
    const offsets = new Uint32Array((await read("offsets/data", "u32", probes + 1)).buffer);
    const total = offsets[probes];
    if (offsets[0] !== 0 || offsets.some((offset, index) => index > 0 && offset < offsets[index - 1])) {
      throw refusal(path, "offsets that begin at 0 and rise", "others");
    }
    const field = async (name: string) =>
      new Float32Array((await read(`peaks/${name}`, "f32", total)).buffer);
    return { offsets, row: await field("row"), column: await field("column"), height: await field("height") };
  } finally {
    file.close();
  }
}

/** A list of numbers of `length`, of which the file can hold `most`; as bytes. */
async function readList(
  file: Hdf5File,
  place: string,
  type: "u32" | "f32",
  most: number,
  length: number | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const dataset = file.dataset(place);
  if (!dataset) throw refusal(file.path, `the data set ${place}`, "none");
  const found = readNumberType(file, place, dataset), shape = dataset.shape ?? [];
  if (found !== type || shape.length !== 1 || (length !== undefined && shape[0] !== length)) {
    const expected = `${length ?? "any number of"} numbers ${type} in ${place}`;
    throw refusal(file.path, expected, `${shape.join(" x ") || "no"} numbers ${found}`);
  }
  if (shape[0] > most) {
    throw refusal(file.path, `at most ${most} numbers in ${place}`, `${shape[0]} numbers`);
  }
  const numbers = new Uint32Array(shape[0]);
  if (shape[0] === 0) return bytesOf(numbers) as Uint8Array<ArrayBuffer>;
  const blocks = openReader(file, { path: place, dataset });
  try {
    const bytes = bytesOf(numbers) as Uint8Array<ArrayBuffer>;
    await readBlock(file, { path: place, dataset }, blocks, [0], [shape[0]], bytes);
    return bytes;
  } finally {
    blocks.close();
  }
}

function refusal(path: string, expected: string, found: string): CorruptFile {
  return new CorruptFile(`${path} does not hold the peaks of this scan`, {
    ...{ file: path, expected, found },
    remedy: "give the file that crystallite peaks wrote for the scan of this result",
  });
}
