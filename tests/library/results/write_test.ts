import assert from "node:assert/strict";
import { join } from "node:path";
import { assignColours } from "../../../library/report/colours.ts";
import { mapMagnification } from "../../../library/report/map_image.ts";
import { paletteColour } from "../../../library/report/palette.ts";
import { Aborted, CorruptFile } from "../../../library/scan/errors.ts";
import { sampledChecksum } from "../../../library/results/checksum.ts";
import { formatClustersCsv, parseClustersCsv } from "../../../library/results/clusters_csv.ts";
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

Deno.test("the cluster table is plain text in full precision and reads back as it was", () => {
  const { clusters } = drawClustering(["00", "1."], {});
  const table = formatClustersCsv([{ ...clusters[0], meanSimilarity: 0.1 + 0.2 }, clusters[1]]);
  assert.equal(
    table,
    "id,size,seed_row,seed_column,row,column,first_row,last_row,first_column,last_column,mean_similarity\n" +
      `0,2,0,${clusters[0].seed.column},0,0.5,0,0,0,1,0.30000000000000004\n` +
      `1,1,1,0,1,0,1,1,0,0,${clusters[1].meanSimilarity}\n`,
  );
  assert.deepEqual(parseClustersCsv(table, "x"), [
    { ...clusters[0], meanSimilarity: 0.1 + 0.2 },
    clusters[1],
  ]);
  assert.deepEqual(parseClustersCsv(table.replaceAll("\n", "\r\n"), "x").length, 2);
  for (
    const damaged of [
      "",
      table.replace("id,", "ID,"),
      table.replace("0.5", ""),
      table.replace("\n1,", "\n2,"),
    ]
  ) {
    assert.throws(() => parseClustersCsv(damaged, "x"), CorruptFile);
  }
});

Deno.test("the cluster table has columns of notes where there are any, which no spreadsheet runs, and reads back", () => {
  const { clusters, labels } = drawClustering(["00", "1."], {}), map = { labels, columns: 2 };
  const plain = formatClustersCsv(clusters);
  for (const notes of [undefined, [], [{ probe: [1, 1] as const, text: "in no cluster" }]]) {
    assert.equal(formatClustersCsv(clusters, { notes, ...map }), plain);
  }
  const notes = [
    { probe: [0, 0], text: '=HYPERLINK("x"), #Twin' },
    { probe: [0, 1], text: "+1 #Σ3 #twin" },
    { probe: [1, 0], text: "#-x" },
  ] as const;
  const table = formatClustersCsv(clusters, { notes, ...map });
  const [header, first, second] = table.split("\n");
  assert.equal(header, `${plain.split("\n")[0]},note,tags`);
  assert.ok(first.endsWith(`,"'=HYPERLINK(""x""), #Twin; +1 #Σ3 #twin","twin σ3"`), first);
  assert.ok(second.endsWith(`,"#-x","'-x"`), second);
  assert.deepEqual(parseClustersCsv(table, "x"), parseClustersCsv(plain, "x"));
  for (
    const damaged of [
      table.replace(",note,", ",notes,"),
      table.replace(/,"#-x".*/, ""),
      plain.replace("\n", ",note,tags\n"),
    ]
  ) {
    assert.throws(() => parseClustersCsv(damaged, "x"), CorruptFile);
  }
});

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

Deno.test("the sampled checksum notices a change at the start, at the end, and of the size alone", () =>
  withFolder(async (folder) => {
    const path = join(folder, "input");
    const sums = new Set<string>();
    const bytes = new Uint8Array(3_000_000);
    const add = async (content: Uint8Array) => {
      await Deno.writeFile(path, content);
      sums.add((await sampledChecksum(path)).value);
    };
    await add(bytes);
    await add(bytes);
    assert.equal(sums.size, 1);
    bytes[0] = 1;
    await add(bytes);
    bytes[2_999_999] = 1;
    await add(bytes);
    await add(new Uint8Array(0));
    await add(new Uint8Array(5));
    await add(new Uint8Array(6));
    assert.equal(sums.size, 6);
    assert.match([...sums][0], /^[0-9a-f]{64}$/);
  }));

Deno.test("the sampled checksum of a folder knows names, descriptions and chunks, whatever order they were written in", () =>
  withFolder(async (folder) => {
    const files: [string, string][] = Array.from({ length: 40 }, (_, row) => [`c/${row}/0`, `chunk ${row}`]);
    files.push(["zarr.json", '{"shape": [40, 1]}'], ["a/.zattrs", "{}"]);
    const write = async (name: string, content: readonly [string, string][]) => {
      for (const [file, text] of content) {
        await Deno.mkdir(join(folder, name, file, ".."), { recursive: true });
        await Deno.writeTextFile(join(folder, name, file), text);
      }
      return (await sampledChecksum(join(folder, name))).value;
    };
    const changed = (name: string, text: string) =>
      files.map(([file, old]): [string, string] => [file, file === name ? text : old]);
    const sum = await write("one", files);
    assert.equal(await write("two", files.toReversed()), sum);
    assert.equal((await sampledChecksum(join(folder, "one/"))).value, sum);
    const others = [
      await write("three", changed("c/0/0", "chunk x")),
      await write("four", changed("c/9/0", "chunk x")),
      await write("five", changed("a/.zattrs", "[]")),
      await write("six", files.slice(1)),
      await write("seven", [...files, ["c/40/0", ""]]),
    ];
    assert.equal(new Set([sum, ...others]).size, 6);
    await assert.rejects(sampledChecksum(join(folder, "nothing")), { kind: "FileUnavailable" });
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

Deno.test("what cannot be a result is refused before anything is written", () =>
  withFolder(async (folder) => {
    const clustering = drawClustering(drawing);
    const broken = (changes: Partial<typeof clustering>) => resultOf({ ...clustering, ...changes });
    const cases: [ResultContent, RegExp][] = [
      [broken({ labels: new Int32Array(3) }), /labels hold 3 values, not 15/],
      [
        broken({ labels: clustering.labels.map((label) => label + 1) }),
        /labels: a label names no cluster: 3/,
      ],
      [
        broken({ similarity: clustering.similarity.map((value) => Number.isNaN(value) ? 0 : value) }),
        /similarity 0/,
      ],
      [broken({ similarity: clustering.similarity.map(() => NaN) }), /similarity NaN/],
      [
        broken({ meanSimilarity: clustering.meanSimilarity.map(() => Infinity) }),
        /mean_similarity: a value is not finite/,
      ],
      [broken({ clusters: clustering.clusters.toReversed() }), /at place 0/],
      [
        broken({ forest: { ...clustering.forest!, probes: new Uint32Array(3) } }),
        /forest_probes hold 3 values/,
      ],
      ...([[new Float32Array(3), /margin hold 3/], [
        new Float32Array(15).fill(NaN),
        /margin: a value is not finite/,
      ]] as const)
        .map(([margin, message]): [ResultContent, RegExp] => [
          broken({ regions: { stability: 1, margin, borderlinePairs: [], bendingPairs: [] } }),
          message,
        ]),
    ];
    for (const [content, message] of cases) {
      await assert.rejects(writeResult(join(folder, "out"), content), message);
      assert.deepEqual(await fileNames(folder), []);
    }
  }));

Deno.test("a failing or incomplete stream of averages leaves nothing behind, and an older result as it was", () =>
  withFolder(async (folder) => {
    const clustering = drawClustering(drawing);
    const out = join(folder, "out");
    const batches = () => [...averageBatches(clustering, 1)];
    const nan = batches();
    nan[1].patterns[4] = NaN;
    const cases: [Iterable<ReturnType<typeof batches>[number]>, RegExp][] = [
      [
        (function* () {
          yield batches()[0];
          throw new CorruptFile("row 7 cannot be decoded");
        })(),
        /row 7/,
      ],
      [batches().slice(0, 2), /average of cluster 2 did not come/],
      [[...batches(), batches()[1]], /some of the averages 1 to 1 came twice/],
      [[...batches(), { ...batches()[2], first: 3 }], /averages 3 to 3 came, but there are 3 clusters/],
      [[{ first: 0, count: 3, patterns: new Float32Array(7) }], /averages hold 7 values, not 60/],
      [nan, /the average pattern of cluster 1 is not finite/],
    ];
    for (const [averages, message] of cases) {
      await assert.rejects(writeResult(out, resultOf(clustering, { averages })), message);
      assert.deepEqual(await fileNames(folder), []);
    }
    await writeResult(out, resultOf(clustering));
    const before = await Deno.readFile(join(out, "run.json"));
    // The first stream is used up.
    for (const [averages, message] of cases.slice(1)) {
      await assert.rejects(writeResult(out, resultOf(clustering, { averages }), { force: true }), message);
      assert.deepEqual(await fileNames(folder), ["out"]);
      assert.deepEqual(await fileNames(out), resultFiles);
      assert.deepEqual(await Deno.readFile(join(out, "run.json")), before);
    }
  }));

Deno.test("a cancelled write throws Aborted and leaves nothing behind", () =>
  withFolder(async (folder) => {
    const clustering = drawClustering(drawing);
    const controller = new AbortController();
    const averages = (function* () {
      for (const batch of averageBatches(clustering, 1)) {
        if (batch.first === 1) controller.abort();
        yield batch;
      }
    })();
    const options = { signal: controller.signal };
    await assert.rejects(
      writeResult(join(folder, "out"), resultOf(clustering, { averages }), options),
      Aborted,
    );
    assert.deepEqual(await fileNames(folder), []);
    await assert.rejects(writeResult(join(folder, "out"), resultOf(clustering), options), Aborted);
  }));

Deno.test("Ctrl-C gets its turn after every part of the averages, before the next batch is asked for", () =>
  withFolder(async (folder) => {
    const clustering = drawClustering(drawing);
    const controller = new AbortController();
    let askedAgain = false;
    const averages = (function* () {
      const [first, ...rest] = averageBatches(clustering, 1);
      // Like a signal, this fires in a turn of the event loop, which the writer has to allow.
      setTimeout(() => controller.abort());
      // A batch takes its time, and a turn is only given when the last one was a while ago.
      const end = performance.now() + 200;
      while (performance.now() < end);
      yield first;
      askedAgain = true;
      yield* rest;
    })();
    const options = { signal: controller.signal };
    await assert.rejects(
      writeResult(join(folder, "out"), resultOf(clustering, { averages }), options),
      Aborted,
    );
    assert.equal(askedAgain, false);
    assert.deepEqual(await fileNames(folder), []);
  }));
