/** Copies of EMD files without some of their nodes: HDF5 gives no room back for what is deleted. */

import type { Hdf5 } from "../formats/hdf5/library.ts";
import type { PixelArray } from "../scan/dtype.ts";
import { CorruptFile } from "../scan/errors.ts";
import { createChunkedDataset, type Dataset, type Group } from "./emd.ts";

/**
 * Copies what is in a group, attributes and all. Data sets in chunks are copied chunk by chunk along their first axis, so
 * that they need not fit in memory.
 *
 * @param file that is copied from, for messages
 * @param left whether something, by its path, is left out
 * @throws {CorruptFile} where the file is damaged, or holds what none of ours does
 */
export function copyTree(
  hdf5: Pick<Hdf5, "Group" | "Dataset">,
  file: string,
  from: Group,
  to: Group,
  left: (path: string) => boolean,
): void {
  copyAttributes(file, from, to);
  for (const name of reading(file, () => from.keys())) {
    const child = reading(file, () => from.get(name));
    if (child instanceof hdf5.Group) {
      if (!left(child.path)) copyTree(hdf5, file, child, to.create_group(name), left);
    } else if (child instanceof hdf5.Dataset) {
      if (!left(child.path)) copyAttributes(file, child, copyDataset(file, child, to, name));
    } else {
      throw damaged(file, `${from.path}/${name} is neither group nor data set`);
    }
  }
}

function copyDataset(file: string, from: Dataset, to: Group, name: string): Dataset {
  const { dtype, shape, chunks } = reading(file, () => ({
    dtype: from.dtype,
    shape: from.shape ?? [],
    chunks: from.metadata.chunks,
  }));
  if (!chunks) {
    const data = reading(file, () => from.value) as never;
    return to.create_dataset({ name, data, shape, dtype: dtype as string });
  }
  if (dtype !== "<f") throw damaged(file, `${from.path} in chunks, but not of float32`);
  const copy = createChunkedDataset(to, name, shape, chunks);
  const rest = shape.slice(1).map((size): [number, number] => [0, size]);
  for (let first = 0; first < shape[0]; first += chunks[0]) {
    const ranges: [number, number][] = [[first, Math.min(first + chunks[0], shape[0])], ...rest];
    copy.write_slice(ranges, reading(file, () => from.slice(ranges)) as PixelArray);
  }
  return copy;
}

function copyAttributes(file: string, from: Group | Dataset, to: Group | Dataset): void {
  const found = reading(
    file,
    () =>
      Object.entries(from.attrs).map(([name, { value, shape, dtype }]) => ({ name, value, shape, dtype })),
  );
  for (const { name, value, shape, dtype } of found) {
    to.create_attribute(name, value as never, shape, dtype as string);
  }
}

/** Reads something; HDF5's errors are plain text. */
export function reading<Result>(file: string, act: () => Result): Result {
  try {
    return act();
  } catch (cause) {
    throw damaged(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function damaged(file: string, found: string, cause?: unknown): CorruptFile {
  return new CorruptFile(`${file} cannot be read`, {
    file,
    expected: "a file of crystallite, whole",
    found,
    remedy: "run the clustering again",
  }, { cause });
}
