/** Threads sum squares of pixels as they read: the same bytes as on the main thread, whatever the file and its numbers. */

import assert from "node:assert/strict";
import { autoPreset, defaultParameters } from "../../../library/cluster/presets.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { estimateRun } from "../../../library/cluster/estimate.ts";
import { readsInParallel } from "../../../library/engine/loaded_scan.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openFile, openScan, type OpenScanOptions } from "../../../library/formats/open.ts";
import { binPatterns } from "../../../library/scan/binning.ts";
import { deriveScan } from "../../../library/scan/derive.ts";
import { bytesOf } from "../../../library/scan/dtype.ts";
import { orientDetector } from "../../../library/scan/detector_orientation.ts";
import { selectRegion } from "../../../library/scan/region.ts";
import { probeOrder, reorderProbes } from "../../../library/scan/reordered.ts";
import { isSeries, type Scan } from "../../../library/scan/scan.ts";
import { filesOf } from "../../../library/scan/stored.ts";
import { numberBytes, storedNumbers } from "../../../library/scan/stored_number.ts";
import { collectAverages } from "../../support/averages.ts";
import { npy } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { encodeExtremes } from "../../support/raw_numbers.ts";
import { working } from "../../support/raw_records.ts";
import { readAll } from "../../support/reading.ts";
import { grainScan } from "../../support/scans.ts";
import { readStored } from "../../support/stored.ts";

const shape = { rows: 9, columns: 11, patternRows: 12, patternColumns: 18 };
const sizes = [shape.rows, shape.columns, shape.patternRows, shape.patternColumns];

/** Checks that threads make of a file what is made of it here. */
async function checkRead(scan: Scan, what: string): Promise<void> {
  assert.ok(readsInParallel(scan), what);
  assert.equal(scan.stored![0].kind, "binned", what);
  const expected = bytesOf(working(await readAll(scan)));
  for (const [step, rows] of [[99, 1], [5, 2], [scan.shape.columns, 5]]) {
    assert.deepEqual(readStored(scan, step, rows), expected, `${what}, ${step} patterns at a time`);
  }
}

Deno.test("numbers of every type are summed by threads to the bits that the main thread gives", () =>
  withFolder(async (folder) => {
    for (const numbers of storedNumbers) {
      for (const bigEndian of [false, true]) {
        const code = numbers === "bool" ? "b1" : `${numbers[0]}${numberBytes(numbers)}`;
        const data = encodeExtremes(numbers, sizes.reduce((product, length) => product * length), bigEndian);
        await Deno.writeFile(`${folder}/a.npy`, npy(`${bigEndian ? ">" : "<"}${code}`, sizes, data));
        for (const qBin of [2, 3, 6]) {
          const scan = await openScan(`${folder}/a.npy`, { qBin });
          await checkRead(scan, `${numbers} ${bigEndian} by ${qBin}`);
          scan.close();
        }
        const part = await openScan(`${folder}/a.npy`, {
          ...{ qBin: 3, detectorFlip: "columns", detectorTranspose: true },
          region: { firstRow: 2, lastRow: 8, firstColumn: 3, lastColumn: 9 },
        });
        await checkRead(part, `${numbers}, a part that lies on its side`);
        part.close();
      }
    }
  }));

const packings = {
  plain: {},
  gzip: { compression: 1, compression_opts: [3] },
  bitshuffle: { compression: 32008, compression_opts: [0, 2] },
};

Deno.test("patterns in chunks are summed by threads, chunks of parts of them and packed ones included", () =>
  withFolder(async (folder) => {
    for (const dtype of ["u8", "u16", "i32", "f64"] as const) {
      const data = await readAll(grainScan(shape, dtype));
      const kinds = new Set<string>();
      for (const [packing, recipe] of Object.entries(packings)) {
        for (
          const chunks of [[1, 1, 12, 18], [1, 4, 12, 18], [9, 11, 12, 18], [4, 3, 5, 7], [2, 11, 12, 18]]
        ) {
          const path = await writeHdf5(`${folder}/a.h5`, (file) => {
            file.create_dataset({ name: "scan", data, shape: sizes, chunks, ...recipe });
          });
          const regions = [undefined, { firstRow: 1, lastRow: 8, firstColumn: 2, lastColumn: 10 }];
          for (const region of regions) {
            const options: OpenScanOptions = { qBin: 2, ...(region && { region }) };
            const scan = await openScan(path, options),
              recorded = await openScan(path, { ...options, qBin: 1 });
            kinds.add(recorded.stored?.[0].kind ?? "none");
            assert.equal(readsInParallel(scan), readsInParallel(recorded));
            if (readsInParallel(scan)) await checkRead(scan, `${dtype} ${packing} ${chunks}`);
            recorded.close();
            scan.close();
          }
        }
      }
      assert.ok(kinds.has("tiled"));
      assert.ok(kinds.has("chunked") || dtype === "i32" || dtype === "f64");
    }
  }));

Deno.test("parts, rows in another order and frames of binned scans are read by threads", () =>
  withFolder(async (folder) => {
    const data = await readAll(grainScan(shape, "u16")) as Uint16Array;
    await Deno.writeFile(`${folder}/a.npy`, encodeNpy("u16", sizes, data));
    const scan = binPatterns(await openScan(`${folder}/a.npy`), 2);
    assert.deepEqual(scan.stored!.flatMap(filesOf), [`${folder}/a.npy`]);
    await checkRead(selectRegion(scan, { firstRow: 2, lastRow: 9, firstColumn: 0, lastColumn: 11 }), "rows");
    await checkRead(
      selectRegion(scan, { firstRow: 2, lastRow: 5, firstColumn: 4, lastColumn: 11 }),
      "columns",
    );
    const { rows, columns } = shape;
    const turned = probeOrder(columns, rows, (row, column) => column * columns + columns - 1 - row);
    await checkRead(reorderProbes(scan, { rows: columns, columns: rows }, turned), "turned");
    // What nobody needs threads do not know: sums of sums, and sums the other way round.
    for (const other of [binPatterns(scan, 3), orientDetector(scan, { detectorFlip: "rows" })]) {
      assert.equal(other.stored, undefined);
      assert.equal((await readAll(other)).length, data.length / 4 / (other.shape.patternRows === 2 ? 9 : 1));
    }
    scan.close();
    const [, ...frame] = sizes;
    await Deno.writeFile(`${folder}/b.npy`, encodeNpy("u16", [3, 3, ...frame], data));
    const series = await openFile(`${folder}/b.npy`);
    assert.ok(isSeries(series));
    for (let index = 0; index < 3; index++) {
      await checkRead(binPatterns(series.frame(index), 6), `frame ${index}`);
    }
    series.close();
  }));

/** Everything that a run gives. */
async function results(scan: Scan, parameters: ClusterParameters, options: RunOptions) {
  const clustering = await clusterScan(scan, parameters, options);
  const { labels, similarity, clusters } = clustering;
  return { labels, similarity, clusters, averages: await collectAverages(scan, clustering, options) };
}

/** The scan, of which nobody knows where it lies. */
function unknown(scan: Scan): Scan {
  return deriveScan(scan, { stored: undefined });
}

Deno.test("runs on binned scans give the same bytes by threads and by the main thread, in any bands", () =>
  withFolder(async (folder) => {
    const runs: ClusterParameters[] = [
      { ...defaultParameters, threshold: 0.8, minimumSize: 2 },
      { ...defaultParameters, threshold: 0.8, minimumSize: 2, blur: 1, exact: true },
      { ...autoPreset, blur: 1 },
    ];
    const larger = { rows: 5, columns: 7, patternRows: 48, patternColumns: 56 };
    const cases: { scan: Scan; parameters: ClusterParameters; expected: unknown; what: string }[] = [];
    for (const dtype of ["u8", "u16", "f32"] as const) {
      const data = await readAll(grainScan(larger, dtype)) as Uint16Array, path = `${folder}/${dtype}.npy`;
      await Deno.writeFile(path, encodeNpy(dtype, Object.values(larger), data));
      for (const [run, parameters] of runs.entries()) {
        if (run === 2 && dtype !== "u16") continue;
        const scan = await openScan(path, { qBin: 2 });
        const expected = await results(unknown(scan), parameters, { workers: 1 });
        cases.push({ scan, parameters, expected, what: `${dtype}, run ${run}` });
      }
    }
    for (const [workers, bandHeight] of [[1, undefined], [2, 2], [3, 1]]) {
      await withEngine({ workers }, async (engine) => {
        for (const { scan, parameters, expected, what } of cases) {
          const found = await results(scan, parameters, { engine, bandHeight });
          assert.deepEqual(found, expected, `${what}, ${workers} workers`);
        }
      });
    }
    for (const { scan } of cases) scan.close();
  }));

Deno.test("what reading and summing take is estimated", () =>
  withFolder(async (folder) => {
    const wide = { rows: 2, columns: 3, patternRows: 512, patternColumns: 512 };
    const data = new Uint16Array(6 * 512 * 512);
    await Deno.writeFile(`${folder}/a.npy`, encodeNpy("u16", Object.values(wide), data));
    const scan = await openScan(`${folder}/a.npy`, { qBin: 8 }), options = { workers: 2 };
    const known = estimateRun(scan, defaultParameters, options);
    const small = estimateRun({ shape: scan.shape, dtype: scan.dtype }, defaultParameters, options);
    // Two threads have half a megabyte of recorded patterns each.
    assert.ok(known.arena > small.arena + 2 * 2 ** 19 - 2 ** 17, `${known.arena} ${small.arena}`);
    scan.close();
  }));
