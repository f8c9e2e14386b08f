/**
 * Bragg peaks as an EMD 1.0 file: `/crystallite/peaks`, a point list with the fields row and column in detector pixels and
 * height, those of a pattern together, and `/crystallite/offsets`, uint32 [patterns + 1]: peaks of pattern i are
 * offsets[i] .. offsets[i + 1] - 1, patterns counted along rows of `/crystallite/counts`, int32 (rows, columns).
 */

import { createHash } from "node:crypto";
import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import type { ScanFacts } from "../report/content.ts";
import { bytesOf } from "../scan/dtype.ts";
import {
  axis,
  createNode,
  type Group,
  uuidOf,
  writeArray,
  writeFileAttributes,
  writeHdf5File,
  writeScanMetadata,
} from "./emd.ts";

/**
 * Writes the file whole.
 *
 * @param version of crystallite
 * @throws {FileUnavailable} when it cannot be written
 * @throws {OutOfResources} when the disk is full
 */
export async function writePeaksFile(
  path: string,
  peaks: PeakLists,
  scan: ScanFacts,
  version: string,
): Promise<void> {
  await writeHdf5File(path, (file) => writeTree(file, peaks, scan, version));
}

function writeTree(file: Group, peaks: PeakLists, scan: ScanFacts, version: string): void {
  const { offsets, row, column, height } = peaks, { rows, columns } = scan.shape;
  const hash = createHash("sha256").update(JSON.stringify(Object.entries(scan.shape).sort()));
  for (const array of [offsets, row, column, height]) hash.update(bytesOf(array));
  writeFileAttributes(file, version, uuidOf(hash.digest()));
  const root = createNode(file, "crystallite", "root", "Root");
  writeScanMetadata(root, scan, version);
  const list = createNode(root, "peaks", "pointlist", "PointList");
  for (const [name, data] of Object.entries({ row, column, height })) {
    const field = list.create_dataset({ name, data, shape: [data.length] });
    // Of fixed length, as emdfile writes it: it decodes this attribute from bytes.
    field.create_attribute("dtype", "float32", [], "S7");
  }
  const along = { name: "pattern", step: 1, unit: "", counts: true };
  writeArray(root, "offsets", "", [offsets.length], [along], offsets);
  const counts = Int32Array.from(
    { length: rows * columns },
    (_, probe) => offsets[probe + 1] - offsets[probe],
  );
  const { pixelSize } = scan.calibration;
  const axes = [axis("row", pixelSize, "row"), axis("column", pixelSize, "column")];
  writeArray(root, "counts", "", [rows, columns], axes, counts);
}
