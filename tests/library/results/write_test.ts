/** A result directory: every file of it, the same bytes each time, and a record of how it came about. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { assignColours } from "../../../library/report/colours.ts";
import { mapMagnification } from "../../../library/report/map_image.ts";
import { paletteColour } from "../../../library/report/palette.ts";
import { sampledChecksum } from "../../../library/results/checksum.ts";
import type { ExportGroup } from "../../../library/results/result_files.ts";
import { type ResultContent, writeResult } from "../../../library/results/write.ts";
import { averageBatches, drawClustering, resultOf } from "../../support/clustering.ts";
import { fileNames, resultFiles, withFolder } from "../../support/folders.ts";
import { decodePng } from "../../support/png.ts";

const drawing = ["0011.", "0.112", "##122"];

/** The numbers of a `.npy` file after its header, which ends at a multiple of 64 bytes. */
async function npyData<Numbers>(
  path: string,
  type: { new (buffer: ArrayBuffer): Numbers },
): Promise<{ header: string; data: Numbers }> {
  const bytes = await Deno.readFile(path);
  const start = 10 + bytes[8] + 256 * bytes[9];
  return {
    header: new TextDecoder().decode(bytes.subarray(10, start)),
    data: new type(bytes.slice(start).buffer),
  };
}

Deno.test("a result directory holds every file of the design and nothing else", () =>
  withFolder(async (folder) => {
    const clustering = drawClustering(drawing);
    await writeResult(join(folder, "out"), resultOf(clustering));
    assert.deepEqual(await fileNames(join(folder, "out")), resultFiles);
    assert.deepEqual(await fileNames(folder), ["out"]);

    const out = (name: string) => join(folder, "out", name);
    const labels = await npyData(out("labels.npy"), Int32Array);
    assert.match(labels.header, /'<i4'.*'shape': \(3, 5\)/);
    assert.deepEqual(labels.data, clustering.labels);
    const similarity = await npyData(out("similarity.npy"), Float32Array);
    assert.match(similarity.header, /'<f4'.*'shape': \(3, 5, 8\)/);
    assert.deepEqual(similarity.data, clustering.similarity);
    assert.equal(similarity.data.filter(Number.isNaN).length, 8 * 15 - 2 * (3 * 4 + 2 * 5 + 2 * 2 * 4));
    assert.deepEqual(
      (await npyData(out("mean_similarity.npy"), Float32Array)).data,
      clustering.meanSimilarity,
    );
    assert.deepEqual((await npyData(out("mask.npy"), Uint8Array)).data, clustering.mask);
    const averages = await npyData(out("averages.npy"), Float32Array);
    assert.match(averages.header, /'<f4'.*'shape': \(3, 4, 5\)/);
    assert.deepEqual(
      [...averages.data],
      [...averageBatches(clustering, 3)].flatMap(({ patterns }) => [...patterns]),
    );
  }));

Deno.test("writing the same result twice gives the same bytes, whatever size and order of the batches of averages", () =>
  withFolder(async (folder) => {
    const clustering = drawClustering(drawing);
    const averages = [...averageBatches(clustering, 1)].toReversed();
    await writeResult(join(folder, "a"), resultOf(clustering));
    await writeResult(join(folder, "b"), resultOf(clustering, { averages }));
    for (const name of resultFiles.filter((name) => /\.(npy|csv|png)$/.test(name))) {
      assert.deepEqual(
        await Deno.readFile(join(folder, "a", name)),
        await Deno.readFile(join(folder, "b", name)),
        name,
      );
    }
    const records = await Promise.all(["a", "b"].map(async (name) => {
      const { timings: _, files, ...rest } = JSON.parse(
        await Deno.readTextFile(join(folder, name, "run.json")),
      );
      return { ...rest, files: files.filter((file: { name: string }) => file.name !== "report.html") };
    }));
    assert.deepEqual(records[0], records[1]);
    const reports = await Promise.all(
      ["a", "b"].map(async (name) =>
        (await Deno.readTextFile(join(folder, name, "report.html")))
          .replaceAll(/<h3 class="group">Time<\/h3>.*/g, "")
      ),
    );
    assert.equal(reports[0], reports[1]);
  }));

Deno.test("the map picture shows every probe in the colour of its cluster", () =>
  withFolder(async (folder) => {
    const clustering = drawClustering(drawing);
    await writeResult(join(folder, "out"), resultOf(clustering));
    const image = decodePng(await Deno.readFile(join(folder, "out", "map.png")));
    const size = mapMagnification(clustering.shape);
    const sizes = clustering.clusters.map((cluster) => cluster.size);
    const colours = assignColours(clustering.labels, clustering.shape, sizes);
    clustering.labels.forEach((label, probe) => {
      const row = Math.floor(probe / 5) * size + size / 2, column = probe % 5 * size + size / 2;
      const colour = [
        ...image.data.slice((row * image.width + column) * 3, (row * image.width + column) * 3 + 3),
      ];
      if (label >= 0) assert.deepEqual(colour, [...paletteColour(colours[label])]);
      else assert.ok(colour[0] === (clustering.mask[probe] ? 0xcb : 0xdc));
    });
    assert.ok(image.height > 3 * size);
  }));

Deno.test("the run record says what was read, how it was clustered, and what came out", () =>
  withFolder(async (folder) => {
    const input = join(folder, "scan.npy");
    await Deno.writeFile(input, new Uint8Array(1000).fill(7));
    const clustering = drawClustering(drawing, { maskThreshold: 0.75, warnings: ["a warning"] });
    const keep = Uint8Array.from({ length: 20 }, (_, index) => index % 2);
    const content = resultOf({
      ...clustering,
      parameters: { ...clustering.parameters, detectorMask: { kind: "pixels", keep, source: "keep.npy" } },
      badPixels: { source: "auto", filled: [3], masked: [7, 8] },
    });
    await writeResult(join(folder, "out"), {
      ...content,
      scan: {
        ...content.scan,
        source: { format: "npy", path: input, bytes: 1000, selection: { qBin: 2 } },
        warnings: ["another"],
      },
    });
    const record = JSON.parse(await Deno.readTextFile(join(folder, "out", "run.json")));
    assert.equal(record.program, "crystallite");
    assert.equal(record.version, "0.0.0-test");
    assert.deepEqual(record.command, ["crystallite", "cluster", "scan.npy", "--out", "a result"]);
    assert.equal(record.workingDirectory, "/somewhere", "relative paths say nothing without it");
    assert.deepEqual(record.input, {
      path: input,
      format: "npy",
      selection: { qBin: 2 },
      bytes: 1000,
      checksum: await sampledChecksum(input),
    });
    assert.deepEqual(record.shape, clustering.shape);
    assert.deepEqual(record.parameters.detectorMask, { kind: "pixels", pixels: 10, source: "keep.npy" });
    assert.deepEqual(record.badPixels, { source: "auto", filled: [3], masked: [7, 8] });
    assert.deepEqual([record.clusters, record.reductionRatio, record.bytesIn], [3, 3 / 15, 15 * 20 * 2]);
    assert.equal(record.maskThreshold, 0.75);
    assert.deepEqual(record.warnings, ["another", "a warning"]);
    let bytesOut = 0;
    for (const { name, bytes } of record.files) {
      assert.equal((await Deno.stat(join(folder, "out", name))).size, bytes);
      if (name !== "report.html") bytesOut += bytes;
    }
    assert.equal(record.bytesOut, bytesOut);
    assert.deepEqual(Object.keys(record.timings), ["similarity", "growth", "averages and files", "total"]);
  }));

Deno.test("a vanished input costs the checksum and a warning, not the result", () =>
  withFolder(async (folder) => {
    const content = resultOf(drawClustering(drawing));
    const source = { format: "npy", path: join(folder, "gone.npy"), bytes: 10 };
    await writeResult(join(folder, "out"), { ...content, scan: { ...content.scan, source } });
    const record = JSON.parse(await Deno.readTextFile(join(folder, "out", "run.json")));
    assert.equal(record.input.checksum, null);
    assert.match(record.warnings[0], /could not be read again/);
  }));

Deno.test("exports choose the files; the run record is always there", () =>
  withFolder(async (folder) => {
    const groups: Record<ExportGroup, string[]> = {
      npy: [
        ...["averages.npy", "forest_probes.npy", "forest_similarity.npy", "labels.npy"],
        ...["mask.npy", "mean_similarity.npy", "similarity.npy"],
      ],
      csv: ["clusters.csv"],
      h5: ["clusters.h5"],
      png: ["map.png"],
      html: ["report.html"],
    };
    for (const [group, names] of Object.entries(groups)) {
      const directory = join(folder, group);
      const exports = new Set([group as ExportGroup]);
      await writeResult(directory, resultOf(drawClustering(drawing)), { exports });
      assert.deepEqual(await fileNames(directory), [...names, "run.json"].sort());
    }
    await writeResult(join(folder, "none"), resultOf(drawClustering(drawing)), { exports: new Set() });
    assert.deepEqual(await fileNames(join(folder, "none")), ["run.json"]);
  }));

Deno.test("results without averages, without clusters, of one row, one column and one probe are complete", () =>
  withFolder(async (folder) => {
    const cases: Record<string, ResultContent> = {
      "no averages": resultOf(drawClustering(drawing), { averages: null }),
      "no clusters": resultOf(drawClustering(["...", "##."])),
      "one row": resultOf(drawClustering(["00.1122"])),
      "one column": resultOf(drawClustering([..."00.11"])),
      "one probe": resultOf(drawClustering(["0"])),
      "no seed patterns": resultOf(drawClustering(drawing), { readPattern: undefined }),
    };
    for (const [name, content] of Object.entries(cases)) {
      await writeResult(join(folder, name), content);
      const expected = content.averages === null
        ? resultFiles.filter((file) => file !== "averages.npy")
        : resultFiles;
      assert.deepEqual(await fileNames(join(folder, name)), expected, name);
      const record = await Deno.readTextFile(join(folder, name, "run.json"));
      assert.doesNotMatch(record, /NaN|Infinity/);
    }
    const { header, data } = await npyData(join(folder, "no clusters", "averages.npy"), Float32Array);
    assert.match(header, /'shape': \(0, 4, 5\)/);
    assert.equal(data.length, 0);
  }));
