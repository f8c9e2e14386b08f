/** Sound files that are no scans: label maps, masks, edits and results. */

import { encode } from "fast-png";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { type EditLog, emptyEditLog } from "../../../library/cluster/editing/log.ts";
import { readLabelFile } from "../../../library/formats/label_file.ts";
import { readMaskFile } from "../../../library/formats/mask_file.ts";
import { formatEditLog, readEditLog } from "../../../library/results/edits_file.ts";
import { readResult } from "../../../library/results/read.ts";
import { writeResult } from "../../../library/results/write.ts";
import { npy, zip } from "../byte_files.ts";
import { withFolder } from "../folders.ts";
import { grainScan } from "../scans.ts";
import { single } from "./arrays_corpus.ts";
import type { FuzzedReader } from "./subject.ts";

const rows = 6,
  columns = 7,
  labels = Int32Array.from({ length: rows * columns }, (_, probe) => probe % 5 - 1);

const labelReader: FuzzedReader = {
  name: "labels",
  subjects() {
    const map = npy("<i4", [rows, columns], labels),
      wide = npy("<i8", [rows, columns], BigInt64Array.from(labels, BigInt));
    const purity = npy("<f8", [rows, columns], Float64Array.from(labels, () => 0.5));
    const archive = [{ name: "labels.npy", data: wide }, { name: "purity.npy", data: purity }];
    const read = readLabelFile;
    return Promise.resolve([
      single("label map", "a.npy", map, { read }),
      single(
        "label map of int64, Fortran order",
        "a.npy",
        npy(">i8", [rows, columns], new BigInt64Array(rows * columns), true),
        { read },
      ),
      single("label archive", "a.npz", zip(archive), { read }),
      single(
        "deflated label archive",
        "a.npz",
        zip(archive.map((member) => ({ ...member, deflated: true }))),
        { read },
      ),
    ]);
  },
};

const maskReader: FuzzedReader = {
  name: "masks",
  subjects() {
    const read = (path: string) => readMaskFile(path, rows, columns),
      data = Uint8Array.from(labels, (label) => label & 1);
    const grey = encode({ width: columns, height: rows, data, channels: 1, depth: 8 });
    const colours = Uint8Array.from({ length: 4 * rows * columns }, (_, i) => i);
    return Promise.resolve([
      single("npy mask", "a.npy", npy("|b1", [rows, columns], data), { read }),
      single("grey mask", "a.png", grey, { read }),
      single(
        "coloured mask",
        "a.png",
        encode({ width: columns, height: rows, data: colours, channels: 4, depth: 8 }),
        { read },
      ),
    ]);
  },
};

const log: EditLog = {
  ...emptyEditLog,
  operations: [
    { kind: "merge", clusters: [[0, 1], [2, 3]] },
    { kind: "split", cluster: [1, 1], minimumSize: 3 },
    { kind: "exclude", cluster: [4, 4] },
  ],
  cursor: 2,
};

const editReader: FuzzedReader = {
  name: "edits",
  subjects: () =>
    Promise.resolve([
      single("edits", "edits.json", new TextEncoder().encode(formatEditLog(log)), { read: readEditLog }),
    ]),
};

const resultReader: FuzzedReader = {
  name: "results",
  async subjects() {
    const scan = grainScan({ rows, columns, patternRows: 8, patternColumns: 8 });
    const clustering = await clusterScan(scan, { ...defaultParameters, threshold: 0.9 });
    const files = new Map<string, Uint8Array>();
    await withFolder(async (folder) => {
      const directory = `${folder}/result`;
      await writeResult(directory, { scan, clustering, averages: null }, {
        exports: new Set(["npy", "csv"]),
      });
      for (const { name } of Deno.readDirSync(directory)) {
        files.set(name, Deno.readFileSync(`${directory}/${name}`));
      }
    });
    return [{ name: "result", files, opens: "", patterns: "packed", read: (path) => readResult(path) }];
  },
};

/** All of these. */
export const resultReaders: readonly FuzzedReader[] = [labelReader, maskReader, editReader, resultReader];
