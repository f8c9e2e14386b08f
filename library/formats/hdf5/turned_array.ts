/** Arrays in HDF5 files whose detector axes come before those of the scan. */

import { orClose } from "../../scan/byte_source.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import type { OpenOptions } from "../format.ts";
import { openTurnedArray, type TurnedAxes, type TurnedDescription } from "../turned_array.ts";
import { bytesToUnpack, type Hdf5Array } from "./array_axes.ts";
import type { Hdf5File } from "./file.ts";
import { requireHalves } from "./number_type.ts";
import { openReader, readBlock } from "./open_reader.ts";
import { requireSources } from "./virtual_sources.ts";

/**
 * The scan or series in an array; closing it closes the file.
 *
 * @param description its calibration is that of rows and columns as they lie in the file
 *
 * @throws as `openArrays`
 */
export async function openTurned(
  file: Hdf5File,
  array: Hdf5Array,
  options: OpenOptions,
  description: TurnedDescription,
  axes: TurnedAxes,
): Promise<Scan | Series> {
  const { path, dataset, numbers, lengths } = array, [, columns, ...others] = lengths;
  if (numbers === "f16") requireHalves(file, path, dataset);
  const missing = requireSources(file, path, dataset), blocks = openReader(file, array);
  return await orClose(blocks, () =>
    openTurnedArray(
      {
        place: { file: file.path, dataset: path },
        ...{ numbers, lengths, chunkRows: dataset.metadata.chunks?.[0] ?? 1 },
        readingBytes: bytesToUnpack(array),
        bytes: Deno.statSync(file.path).size,
        close: () => (blocks.close(), file.close()),
        readPixels: async (first, count, into) => {
          const bytes = into.length / count;
          for (let done = 0; done < count;) {
            const row = Math.floor((first + done) / columns), column = (first + done) % columns;
            const whole = column === 0 ? Math.floor((count - done) / columns) : 0;
            const box = whole > 0 ? [whole, columns] : [1, Math.min(columns - column, count - done)];
            const pixels = box[0] * box[1], target = into.subarray(done * bytes, (done + pixels) * bytes);
            const from = [row, column, ...others.map(() => 0)];
            await readBlock(file, array, blocks, from, [...box, ...others], target);
            done += pixels;
          }
        },
      },
      options,
      { ...description, warnings: [...description.warnings ?? [], ...missing] },
      axes,
    ));
}
