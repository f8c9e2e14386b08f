import assert from "node:assert/strict";
import {
  applyEdits,
  applyEditsToClustering,
  type EditBase,
  type EditedMap,
} from "../../../library/cluster/editing/edits.ts";
import {
  addEdit,
  type Edit,
  type EditLog,
  emptyEditLog,
  mostOperations,
  type ProbePosition,
  redoEdits,
  undoEdits,
} from "../../../library/cluster/editing/log.ts";
import { parseEditLog } from "../../../library/cluster/editing/parse_log.ts";
import { growClusters } from "../../../library/cluster/growth.ts";
import { allDirections, meanSimilarity } from "../../../library/scan/neighbours.ts";
import { BadParameter, CorruptFile } from "../../../library/scan/errors.ts";
import { drawClustering } from "../../support/clustering.ts";
import { seededRandom } from "../../support/random.ts";

/** A base of random similarities on a coarse grid, so that ties are many, grown at a random threshold. */
function randomBase(random: () => number): EditBase {
  const rows = 1 + Math.floor(random() * 9), columns = 1 + Math.floor(random() * 9);
  const forward = Float32Array.from({ length: 4 * rows * columns }, () => Math.floor(random() * 12) / 12);
  const similarity = allDirections(forward, rows, columns);
  const mean = meanSimilarity(similarity, null);
  const mask = Uint8Array.from({ length: rows * columns }, () => random() < 0.9 ? 1 : 0);
  const minimumSize = 1 + Math.floor(random() * 3), threshold = random();
  const growth = growClusters({
    ...{ rows, columns, similarity, meanSimilarity: mean, mask, threshold },
    ...{ borderWidth: 0, minimumSize },
  });
  return { rows, columns, labels: growth.labels, similarity, meanSimilarity: mean, minimumSize };
}

const seedsOf = ({ clusters }: EditedMap) =>
  clusters.map(({ seed }): ProbePosition => [seed.row, seed.column]);

const pick = <Item>(random: () => number, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)];

/** An edit of a map that may or may not be possible. */
function randomEdit(random: () => number, base: EditBase, map: EditedMap): Edit {
  const seeds = seedsOf(map);
  const position = (): ProbePosition => [
    Math.floor(random() * base.rows),
    Math.floor(random() * base.columns),
  ];
  const cluster = () => seeds.length > 0 ? pick(random, seeds) : position();
  const probes = Array.from({ length: 1 + Math.floor(random() * 5) }, position);
  switch (Math.floor(random() * 6)) {
    case 0:
      return { kind: "merge", clusters: Array.from({ length: 2 + Math.floor(random() * 2) }, cluster) };
    case 1:
      return { kind: "split", cluster: cluster() };
    case 2:
      return { kind: "split", cluster: cluster(), minimumSize: 1 };
    case 3:
      return { kind: "exclude", cluster: cluster() };
    default:
      return { kind: "assign", probes, cluster: pick(random, ["none", "new", cluster()] as const) };
  }
}

/** What edits do, spelled out: every probe's cluster is looked up anew. Splits are taken from the map after them. */
function applyPlainly(labels: number[], columns: number, edit: Exclude<Edit, { kind: "split" }>): number[] {
  const at = ([row, column]: ProbePosition) => row * columns + column;
  switch (edit.kind) {
    case "merge": {
      const joined = edit.clusters.map((position) => labels[at(position)]);
      return labels.map((label) => joined.includes(label) ? joined[0] : label);
    }
    case "exclude":
      return labels.map((label) => label === labels[at(edit.cluster)] ? -1 : label);
    case "assign": {
      const target = edit.cluster === "none"
        ? -1
        : edit.cluster === "new"
        ? Math.max(-1, ...labels) + 1
        : labels[at(edit.cluster)];
      const moved = edit.probes.map(at);
      return labels.map((label, probe) => moved.includes(probe) ? target : label);
    }
  }
}

/** The partition of labels whatever their numbers: for each probe the lowest probe of its cluster, or -1. */
const partition = (labels: ArrayLike<number>) =>
  Array.from(labels, (label) => label < 0 ? -1 : Array.prototype.indexOf.call(labels, label));

/** Asserts that numbers, seeds, sizes and figures are those of a map in seed order. */
function assertInSeedOrder(base: EditBase, { labels, seeds, sizes, clusters }: EditedMap): void {
  const mean = base.meanSimilarity;
  sizes.forEach((size, id) => {
    const members = [...labels.keys()].filter((probe) => labels[probe] === id);
    assert.equal(members.length, size);
    const best = members.reduce((seed, probe) => mean[probe] > mean[seed] ? probe : seed);
    assert.equal(seeds[id], best);
    if (id > 0) {
      const before = seeds[id - 1];
      assert(mean[before] > mean[best] || (mean[before] === mean[best] && before < best));
    }
    assert.equal(clusters[id].id, id);
    assert.equal(clusters[id].size, size);
    assert.equal(clusters[id].seed.row * base.columns + clusters[id].seed.column, best);
  });
  assert(labels.every((label) => label >= -1 && label < sizes.length));
}

Deno.test("no edits leave the labels of growth as they are, numbers included", () => {
  const random = seededRandom(1);
  for (let round = 0; round < 200; round++) {
    const base = randomBase(random);
    assert.deepEqual(applyEdits(base, emptyEditLog).labels, base.labels);
  }
});

Deno.test("random logs do what their edits say, stay in seed order, and undo and redo are exact", () => {
  const random = seededRandom(2);
  let done = 0, refused = 0;
  for (let round = 0; round < 150; round++) {
    const base = randomBase(random), untouched = base.labels.slice();
    let log: EditLog = emptyEditLog;
    const maps = [applyEdits(base, log)];
    for (let step = 0; step < 12; step++) {
      const edit = randomEdit(random, base, maps[log.cursor]);
      const longer = addEdit(log, edit);
      try {
        maps[longer.cursor] = applyEdits(base, longer);
      } catch (error) {
        assert(error instanceof BadParameter && error.details.remedy, String(error));
        assert.match(error.message, new RegExp(`^edit ${longer.cursor} \\(`));
        refused++;
        continue;
      }
      done++;
      const before = maps[log.cursor], after = maps[longer.cursor];
      assertInSeedOrder(base, after);
      if (edit.kind === "split") {
        assert.equal(after.clusters.length, before.clusters.length + 1);
        assert.deepEqual(
          after.labels.map((label) => Math.min(0, label)),
          before.labels.map((label) => Math.min(0, label)),
        );
      } else {
        const plain = applyPlainly([...before.labels], base.columns, edit);
        assert.deepEqual(partition(after.labels), partition(plain));
      }
      log = longer;
    }
    for (let count = 1; count <= log.cursor; count++) {
      const undone = undoEdits(log, count);
      assert.deepEqual(applyEdits(base, undone), maps[undone.cursor]);
      assert.deepEqual(applyEdits(base, redoEdits(undone, count)), maps[log.cursor]);
    }
    assert.deepEqual(
      applyEdits(base, parseEditLog(JSON.parse(JSON.stringify(log)), "log")),
      maps[log.cursor],
    );
    assert.deepEqual(base.labels, untouched);
  }
  assert(done > 500 && refused > 50, `${done} done, ${refused} refused`);
});

Deno.test("a merge followed by a split gives the two clusters of growth back", () => {
  const random = seededRandom(3);
  let tried = 0;
  for (let round = 0; round < 400; round++) {
    const base = randomBase(random), before = applyEdits(base, emptyEditLog);
    if (before.clusters.length < 2) continue;
    const [one, other] = [...seedsOf(before)].sort(() => random() - 0.5);
    const merged = addEdit(emptyEditLog, { kind: "merge", clusters: [one, other] });
    assert.equal(applyEdits(base, merged).clusters.length, before.clusters.length - 1);
    const parted = applyEdits(base, addEdit(merged, { kind: "split", cluster: other }));
    assert.deepEqual(parted, before);
    tried++;
  }
  assert(tried > 100);
});

/** The weakest allowed cut found by trying: the highest threshold at which the members fall apart that way. */
function piecesAt(base: EditBase, members: readonly number[], threshold: number): number[][] {
  const mask = new Uint8Array(base.labels.length);
  for (const probe of members) mask[probe] = 1;
  const { labels, sizes } = growClusters({ ...base, mask, threshold, borderWidth: 0, minimumSize: 1 });
  return Array.from(sizes, (_, id) => members.filter((probe) => labels[probe] === id));
}

Deno.test("a split falls where growth at a rising threshold first divides the cluster", () => {
  const random = seededRandom(4);
  let tried = 0;
  for (let round = 0; round < 300; round++) {
    // Without ties there is one weakest link.
    const grown = randomBase(random), { rows, columns } = grown;
    const similarity = allDirections(
      Float32Array.from({ length: 4 * rows * columns }, () => random()),
      rows,
      columns,
    );
    const labels = new Int32Array(rows * columns);
    const base = { ...grown, similarity, labels, minimumSize: 1 };
    if (rows * columns < 2) continue;
    const { labels: found } = applyEdits(
      base,
      addEdit(emptyEditLog, { kind: "split", cluster: [0, 0] }),
    );
    const members = [...labels.keys()];
    const levels = [...new Set(similarity.filter((value) => !Number.isNaN(value)))].sort((a, b) => a - b);
    const level = levels.find((value) => piecesAt(base, members, value).length > 1)!;
    const pieces = piecesAt(base, members, level);
    assert.equal(pieces.length, 2);
    for (const piece of pieces) assert.equal(new Set(piece.map((probe) => found[probe])).size, 1);
    assert.equal(new Set(found).size, 2);
    tried++;
  }
  assert(tried > 200);
});

Deno.test("a split keeps the minimum size on both sides, though a weaker link would cut less off", () => {
  // Probe 0 hangs on by 0.1, probes 0 to 2 by 0.5.
  const links = [0.1, 0.9, 0.5, 0.9, 0.9];
  const forward = new Float32Array(4 * 6).fill(NaN);
  links.forEach((value, probe) => forward[4 * probe] = value);
  const similarity = allDirections(forward, 1, 6);
  const base = {
    ...{ rows: 1, columns: 6, labels: new Int32Array(6), similarity },
    meanSimilarity: meanSimilarity(similarity, null),
  };
  const split = (minimumSize: number, own?: number) =>
    partition(
      applyEdits(
        { ...base, minimumSize },
        addEdit(emptyEditLog, { kind: "split", cluster: [0, 3], ...(own && { minimumSize: own }) }),
      ).labels,
    );
  assert.deepEqual(split(1), [0, 1, 1, 1, 1, 1]);
  assert.deepEqual(split(2), [0, 0, 0, 3, 3, 3]);
  assert.deepEqual(split(1, 3), [0, 0, 0, 3, 3, 3]);
  assert.throws(() => split(4), (error: unknown) => {
    assert(error instanceof BadParameter);
    assert.match(error.message, /^edit 1 \(split the cluster at \(0, 3\)\).*two parts of 4 or more/);
    assert(error.details.remedy);
    return true;
  });
});

Deno.test("a cluster in unconnected pieces is split between them first", () => {
  const clustering = drawClustering(["00.00", "00.00"]);
  const { labels } = applyEdits(
    { ...clustering, rows: 2, columns: 5, minimumSize: 4 },
    addEdit(emptyEditLog, { kind: "split", cluster: [0, 0] }),
  );
  assert.deepEqual(partition(labels), [0, 0, -1, 3, 3, 0, 0, -1, 3, 3]);
});

Deno.test("a merge of what is one already changes nothing, so that logs survive a lower threshold", () => {
  const clustering = drawClustering(["0011"]);
  const log = addEdit(emptyEditLog, { kind: "merge", clusters: [[0, 0], [0, 1], [0, 0]] });
  assert.deepEqual(applyEditsToClustering(clustering, log).labels, clustering.labels);
});

Deno.test("edits that cannot be done name the operation, the reason and a remedy", () => {
  const clustering = drawClustering(["0011.", "0.112"]);
  const cases: [Edit, RegExp][] = [
    [
      { kind: "merge", clusters: [[0, 0], [0, 4]] },
      /merge the clusters at \(0, 0\) and \(0, 4\).*no cluster is at/,
    ],
    [{ kind: "merge", clusters: [[0, 0]] }, /too few/],
    [{ kind: "split", cluster: [1, 4] }, /1 probes leaves two parts/],
    [{ kind: "exclude", cluster: [2, 0] }, /\(2, 0\) is not in the scan/],
    [{ kind: "exclude", cluster: [0, -1] }, /not in the scan/],
    [{ kind: "exclude", cluster: [0.5, 0] }, /not in the scan/],
    [{ kind: "assign", probes: [], cluster: "new" }, /too few/],
    [
      { kind: "assign", probes: [[0, 0], [0, 9]], cluster: "none" },
      /assign probes \(0, 0\) and \(0, 9\) to none/,
    ],
    [{ kind: "assign", probes: [[0, 0]], cluster: [0, 4] }, /no cluster is at \(0, 4\)/],
  ];
  for (const [edit, message] of cases) {
    const log = addEdit(addEdit(emptyEditLog, { kind: "merge", clusters: [[0, 0], [0, 0]] }), edit);
    assert.throws(() => applyEditsToClustering(clustering, log), (error: unknown) => {
      assert(error instanceof BadParameter, String(error));
      assert.match(error.message, /^edit 2 \(/);
      assert.match(error.message, message);
      assert(error.details.remedy && error.details.expected && error.details.found);
      return true;
    });
    // Beyond the cursor it does no harm.
    applyEditsToClustering(clustering, undoEdits(log));
  }
});

Deno.test("editing an edited clustering starts from the labels of the method", () => {
  const clustering = drawClustering(["0011", "0022"]);
  const merged = addEdit(emptyEditLog, { kind: "merge", clusters: [[0, 0], [0, 2]] });
  const edited = applyEditsToClustering(clustering, merged);
  assert.equal(edited.clusters.length, 2);
  const again = applyEditsToClustering(edited, undoEdits(merged));
  assert.deepEqual(partition(again.labels), partition(clustering.labels));
  assert.equal(again.edits?.baseLabels, clustering.labels);
});

Deno.test("undo and redo go no further than the log", () => {
  const log = addEdit(emptyEditLog, { kind: "exclude", cluster: [0, 0] });
  for (const count of [0, -1, 2, 0.5, NaN]) {
    assert.throws(() => undoEdits(log, count), BadParameter);
    assert.throws(() => redoEdits(undoEdits(log), count), BadParameter);
  }
  assert.throws(() => redoEdits(log), BadParameter);
  const undone = addEdit(undoEdits(log), { kind: "split", cluster: [1, 1] });
  assert.deepEqual(undone, { version: 1, operations: [{ kind: "split", cluster: [1, 1] }], cursor: 1 });
});

Deno.test("logs from outside are refused unless every part of them is right", () => {
  const operation = { kind: "exclude", cluster: [0, 0] };
  const good = { version: 1, operations: [operation], cursor: 1 };
  assert.deepEqual(parseEditLog(good, "log"), good);
  const full = new Array(mostOperations).fill(operation);
  assert.equal(parseEditLog({ ...good, operations: full }, "log").operations.length, mostOperations);
  const operations: unknown[] = [
    ...[null, 3, "merge", [], {}, { kind: "paint" }, { kind: "exclude" }, { kind: "__proto__" }],
    ...[[0], [0, 0, 0], [0, -1], [0, 0.5], ["0", 0], [0, 1e300], null, "new"].map((cluster) => ({
      kind: "exclude",
      cluster,
    })),
    ...[{ ...operation, note: "x" }, { kind: "merge", clusters: [[0, 0]] }, { kind: "merge", clusters: 3 }],
    ...[0, 1.5, "4", null, 2 ** 60].map((minimumSize) => ({ kind: "split", cluster: [0, 0], minimumSize })),
    ...[{ kind: "assign", probes: [], cluster: "new" }, { kind: "assign", probes: [[0, 0]], cluster: "old" }],
  ];
  const bad: unknown[] = [
    ...[null, 7, "log", [], {}, { ...good, version: 2 }, { ...good, extra: 1 }, { ...good, operations: {} }],
    ...[-1, 2, 0.5, "1", null, undefined].map((cursor) => ({ ...good, cursor })),
    { ...good, operations: [...full, operation] },
    ...operations.map((one) => ({ ...good, operations: [operation, one] })),
  ];
  for (const value of bad) {
    assert.throws(() => parseEditLog(value, "log"), (error: unknown) => {
      assert(error instanceof CorruptFile, `${JSON.stringify(value)?.slice(0, 200)}: ${error}`);
      assert(error.details.remedy && error.details.file === "log");
      return true;
    });
  }
  for (const one of operations) {
    assert.throws(
      () => parseEditLog({ ...good, operations: [operation, one] }, "log"),
      /operation 2/,
    );
  }
});
