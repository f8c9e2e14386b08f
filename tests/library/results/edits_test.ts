import assert from "node:assert/strict";
import { join } from "node:path";
import { applyEditsToClustering } from "../../../library/cluster/editing/edits.ts";
import { addEdit, type EditLog, emptyEditLog, undoEdits } from "../../../library/cluster/editing/log.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { formatEditLog, readEditLog } from "../../../library/results/edits_file.ts";
import { readResult } from "../../../library/results/read.ts";
import { restoreClustering, restoreScan } from "../../../library/results/restore.ts";
import { writeResult } from "../../../library/results/write.ts";
import { CorruptFile, FileUnavailable } from "../../../library/scan/errors.ts";
import { averageBatches, drawClustering, resultOf } from "../../support/clustering.ts";
import { fileNames, resultFiles, withFolder } from "../../support/folders.ts";

const clustering = drawClustering(["0011.", "0.112", "##122"]);
const log = undoEdits(
  [[0, 0], [0, 2]].reduce(
    (longer: EditLog, [row, column]) => addEdit(longer, { kind: "exclude", cluster: [row, column] }),
    addEdit(emptyEditLog, { kind: "assign", probes: [[0, 4], [1, 1]], cluster: [0, 0] }),
  ),
);
const edited = applyEditsToClustering(clustering, log);

Deno.test("edits and the labels before them read back as they were written", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    await writeResult(out, resultOf(edited));
    assert.deepEqual(await fileNames(out), [...resultFiles, "base_labels.npy", "edits.json"].sort());
    const stored = await readResult(out);
    assert.deepEqual(stored.labels, edited.labels);
    assert.deepEqual(stored.clusters, edited.clusters);
    assert.deepEqual(stored.edits, { log, baseLabels: clustering.labels });
    const again = applyEditsToClustering(restoreClustering(stored), log);
    assert.deepEqual(again.labels, edited.labels);
  }));

Deno.test("mixtures and margins of an edited clustering speak of the labels before the edits", () =>
  withFolder(async (folder) => {
    const mixtures = {
      ...{ probes: Int32Array.of(1), first: Int32Array.of(1), second: Int32Array.of(0) },
      ...{ firstFraction: Float32Array.of(0.75), secondFraction: Float32Array.of(0.25) },
    };
    const margin = new Float32Array(clustering.labels.length);
    const regions = { stability: 1, margin, mixtures, borderlinePairs: [], bendingPairs: [] };
    const names = ["mixture_clusters.npy", "mixture_fractions.npy", "margin.npy"];
    await writeResult(join(folder, "before"), resultOf({ ...clustering, regions }));
    await writeResult(join(folder, "after"), resultOf({ ...edited, regions }));
    for (const name of names) {
      const [before, after] = await Promise.all(
        ["before", "after"].map((part) => Deno.readFile(join(folder, part, name))),
      );
      assert.deepEqual(after, before, name);
    }
  }));

Deno.test("a log is JSON with an operation to a line, and reads back", () =>
  withFolder(async (folder) => {
    for (const one of [emptyEditLog, log]) {
      const path = join(folder, "edits.json"), text = formatEditLog(one);
      await Deno.writeTextFile(path, text);
      assert.deepEqual(await readEditLog(path), one);
      assert.equal(text.split("\n").filter((line) => line.includes("kind")).length, one.operations.length);
    }
  }));

Deno.test("a clustering and its scan are restored from a result, but for what only the run itself needs", () =>
  withFolder(async (folder) => {
    const bad = new Uint8Array(20), keep = Uint8Array.from(clustering.mask);
    bad.set([1, 1], 6);
    const full = {
      ...clustering,
      darkField: Float32Array.from(clustering.labels, (_, probe) => probe / 3),
      maskThreshold: 0.25,
      badPixels: { source: "bad.npy", filled: [7], masked: [6] },
      warnings: ["something to know"],
      settled: { ...clustering.settled, threshold: null },
      evidence: {
        ...{ thresholds: Float32Array.of(0.5, 0.75), entropy: Float32Array.of(0, 1.5) },
        ...{
          clusters: Uint32Array.of(1, 3),
          coverage: Float32Array.of(1, 0.5),
          largest: Float32Array.of(1, 0.25),
        },
        ...{ sizeable: 9, best: { threshold: 0.75, entropy: 1.5 } },
      },
      background: { present: true, doubtful: false, valley: 0.125, ratio: 0.0625 },
      regions: {
        stability: 0.875,
        margin: Float32Array.from(clustering.labels, (_, probe) => probe / 2),
        borderlinePairs: [{ first: 0, second: 1, similarity: 0.75, borderLength: 4 }],
        bendingPairs: [{ first: 0, second: 2, similarity: 0.5, localSimilarity: 0.75 }],
      },
      parameters: {
        ...clustering.parameters,
        badPixels: { kind: "pixels", bad, source: "bad.npy" },
        mask: { kind: "pixels", keep, source: "mask.npy" },
      },
    } as const;
    const content = resultOf(full);
    await writeResult(join(folder, "out"), content);
    const stored = await readResult(join(folder, "out"));
    assert.deepEqual(restoreClustering(stored), full);
    const { source, ...facts } = restoreScan(stored);
    const { source: expected, ...scan } = content.scan as ReturnType<typeof restoreScan>;
    assert.deepEqual(facts, { ...scan });
    assert.equal(source.path, expected.path);
  }));

Deno.test("an edited result takes over what does not follow from the labels, and nothing from elsewhere", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    await writeResult(out, resultOf(clustering));
    await Deno.writeTextFile(join(folder, "secret"), "not of the result");
    await Deno.writeTextFile(join(out, "forest.npy"), "of a later version");
    const path = join(out, "run.json");
    const record = JSON.parse(await Deno.readTextFile(path));
    record.files.push({ name: "forest.npy", bytes: 18 }, { name: "../secret", bytes: 17 });
    record.ofLaterVersions = { entropy: [1, 2] };
    record.input.checksum = { algorithm: "sha256-sampled", value: "ab", blockBytes: 1, sampledBlocks: 1 };
    await Deno.writeTextFile(path, JSON.stringify(record));

    const previous = await readResult(out);
    const content = { ...resultOf(edited), previous };
    await writeResult(out, { ...content, averages: averageBatches(edited, 2) }, { force: true });
    const stored = await readResult(out);
    assert.equal(await Deno.readTextFile(join(out, "forest.npy")), "of a later version");
    assert.deepEqual((stored.run as unknown as typeof record).ofLaterVersions, record.ofLaterVersions);
    assert.deepEqual(stored.run.input.checksum, record.input.checksum);
    assert.equal(stored.run.clusters, edited.clusters.length);
    assert.deepEqual(
      await fileNames(out),
      [...resultFiles, "base_labels.npy", "edits.json", "forest.npy"].sort(),
    );
    assert.deepEqual(await fileNames(folder), ["out", "secret"]);

    // Without averages those of the other labels do not stay.
    await writeResult(out, { ...content, averages: null, previous: stored }, { force: true });
    assert(!(await fileNames(out)).includes("averages.npy"));
  }));

Deno.test("an edit that fails while it is written leaves the old result, every byte", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    await writeResult(out, resultOf(clustering));
    const read = async () =>
      (await fileNames(out)).map((name) => [name, Deno.readFileSync(join(out, name))] as const);
    const before = await read(), previous = await readResult(out);
    function* broken() {
      yield* averageBatches(edited, 1).take(1);
      throw new CorruptFile("the scan ends early", { remedy: "copy it again" });
    }
    await assert.rejects(
      writeResult(out, { ...resultOf(edited), averages: broken(), previous }, { force: true }),
      CorruptFile,
    );
    assert.deepEqual(await read(), before);
    assert.deepEqual(await fileNames(folder), ["out"]);
  }));

Deno.test("edits that are missing, damaged or of another map are refused", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    const base = join(out, "base_labels.npy"), edits = join(out, "edits.json");
    const outside = clustering.labels.slice().fill(15, 0, 1);
    const cases: [() => Promise<void>, { new (message: string): Error }][] = [
      [() => Deno.remove(edits), FileUnavailable],
      [() => Deno.remove(base), FileUnavailable],
      [() => Deno.writeTextFile(edits, "{}"), CorruptFile],
      [() => Deno.writeTextFile(edits, formatEditLog(emptyEditLog)), CorruptFile],
      [() => Deno.truncate(edits, 40), CorruptFile],
      [() => Deno.writeFile(base, encodeNpy("i32", [5, 3], clustering.labels)), CorruptFile],
      [() => Deno.writeFile(base, encodeNpy("i32", [3, 5], outside)), CorruptFile],
    ];
    for (const [damage, kind] of cases) {
      await writeResult(out, resultOf(edited), { force: true });
      await damage();
      await assert.rejects(readResult(out), kind);
    }
    const large = join(folder, "large.json");
    await Deno.writeTextFile(large, "");
    await Deno.truncate(large, 2 ** 30);
    await assert.rejects(readEditLog(large), CorruptFile);
  }));
