/** Label maps in files: an `.npy` array of (row, column) or (frame, row, column), or an `.npz` archive with the array `labels`. */

import { type ByteSource, FileSource, readBytes } from "../scan/byte_source.ts";
import { BadParameter, UnsupportedFormat } from "../scan/errors.ts";
import { listNames } from "./list_names.ts";
import { hasNpyMagic } from "./npy_header.ts";
import { type Axes, memberReader, type NumberMap, readMap, wholeNumbers } from "./number_map.ts";
import { readZipDirectory } from "./zip.ts";

/** A label for each probe, row-major (row, column). */
export interface LabelMap {
  readonly rows: number;
  readonly columns: number;
  /** Negative = in no cluster or grain. */
  readonly labels: Int32Array;
  /** Part of each probe that its label has, 0 to 1; where an archive has the array `purity`. */
  readonly purity?: Float64Array;
}

/** A label for each probe of each frame of a series, row-major (frame, row, column). */
export interface LabelSeries extends Omit<LabelMap, "purity"> {
  readonly frames: number;
  /** Object that each object is part of, (frame, object), and object that each split from; where an archive has them. */
  readonly merged?: Int32Array;
  /** See `merged`. */
  readonly splitOf?: Int32Array;
}

/**
 * Reads a label map of any type of whole numbers: one written by crystallite or numpy, or the truth of a simulated scan.
 *
 * @throws {BadParameter} when the array is not a map of whole numbers, or the archive has no array `labels`
 * @throws {UnsupportedFormat} when the file is neither npy nor npz
 * @throws {OutOfResources} when the map is larger than that of any scan
 * @throws {CorruptFile} when the file is damaged
 * @throws {FileUnavailable} when it is missing or unreadable
 */
export async function readLabelFile(path: string): Promise<LabelMap> {
  const { labels, purity } = await readFile(path, 2);
  const map = wholeNumbers(labels), [rows, columns] = labels.shape;
  if (!purity) return { rows, columns, labels: map };
  if (purity.shape.join() !== labels.shape.join()) {
    throw new BadParameter(`the arrays labels and purity of ${path} differ in shape`, {
      file: path,
      expected: `${rows} x ${columns}`,
      found: purity.shape.join(" x "),
      remedy: "save both for the same scan",
    });
  }
  return { rows, columns, labels: map, purity: Float64Array.from(purity.values) };
}

/**
 * Reads the labels of all frames of a series, as `tracks.npy` has them.
 *
 * @throws as {@link readLabelFile}
 */
export async function readLabelSeries(path: string): Promise<LabelSeries> {
  const { labels, merged, splitOf } = await readFile(path, 3), [frames, rows, columns] = labels.shape;
  const fits = merged === undefined || merged.shape[0] === frames &&
      (splitOf === undefined || splitOf.shape[0] === merged.shape[1]);
  if (!fits) {
    throw new BadParameter(`the arrays labels, merged and split_of of ${path} are not of one series`, {
      file: path,
      expected: `merged with ${frames} rows, and split_of with an element for each of its columns`,
      found: [merged, splitOf].map((array) => array?.shape.join(" x ") ?? "none").join(" and "),
      remedy: "save all of the same series",
    });
  }
  return {
    ...{ frames, rows, columns, labels: wholeNumbers(labels) },
    ...merged && { merged: wholeNumbers(merged) },
    ...splitOf && { splitOf: wholeNumbers(splitOf) },
  };
}

/** Arrays of a file; `purity` where it has one and only maps are asked for. */
interface StoredMaps {
  readonly labels: NumberMap;
  readonly purity?: NumberMap;
  /** Where maps of a series are asked for. */
  readonly merged?: NumberMap;
  readonly splitOf?: NumberMap;
}

async function readFile(path: string, axes: Axes): Promise<StoredMaps> {
  const file = FileSource.open(path);
  try {
    const head = readBytes(file, 0, Math.min(16, file.size));
    if (hasNpyMagic(head)) return { labels: readMap(file, axes) };
    if (head[0] === 0x50 && head[1] === 0x4b) return await readArchive(file, axes);
    throw new UnsupportedFormat(`${path} is no label map that we read`, {
      file: path,
      expected: "an .npy array, or an .npz archive with the array labels",
      found: "another kind of file",
      remedy: "save the labels with numpy.save",
    });
  } finally {
    file.close();
  }
}

async function readArchive(zip: ByteSource, axes: Axes): Promise<StoredMaps> {
  const read = memberReader(zip);
  const labels = await read("labels", axes), purity = axes === 2 ? await read("purity", 2) : undefined;
  const merged = axes === 3 ? await read("merged", 2) : undefined;
  const splitOf = axes === 3 ? await read("split_of", 1) : undefined;
  if (!labels) {
    const members = readZipDirectory(zip);
    throw new BadParameter(`${zip.path} has no array "labels"`, {
      file: zip.path,
      expected: "an archive as crystallite simulate writes it beside a scan",
      found: members.length === 0 ? "nothing" : listNames(members.map((member) => member.name)),
      remedy: "name the file with the labels",
    });
  }
  return { labels, purity, merged, splitOf };
}
