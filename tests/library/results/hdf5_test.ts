import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { mixtureMaps } from "../../../library/cluster/mixtures.ts";
import { loadHdf5 } from "../../../library/formats/hdf5/library.ts";
import { clusterColumns, clusterValues } from "../../../library/results/clusters_csv.ts";
import { writeResult } from "../../../library/results/write.ts";
import { averageBatches, drawClustering, resultOf } from "../../support/clustering.ts";
import { withFolder } from "../../support/folders.ts";
import { fullClustering } from "../../support/full_clustering.ts";

const python = Deno.env.get("CRYSTALLITE_TEST_PYTHON") ?? "python3";
const script = fileURLToPath(new URL("../../python/check_clusters_h5.py", import.meta.url));

const drawn = drawClustering(["0011.", "0.112", "##122"]);
const clusterings: Record<string, Clustering> = {
  "three clusters": { ...drawn, darkField: Float32Array.from(drawn.labels, (_, probe) => probe * 1.5) },
  "no clusters": drawClustering(["....", "...."]),
  "one row": drawClustering(["00.11"]),
  "one cluster of one probe": drawClustering(["0"]),
  "everything": fullClustering(),
};

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + (value || 0), 0);

Deno.test("clusters.h5 holds the maps, the table and the averages of any number of clusters", () =>
  withFolder(async (folder) => {
    const { File } = await loadHdf5();
    for (const [name, clustering] of Object.entries(clusterings)) {
      await writeResult(join(folder, name), resultOf(clustering), { exports: new Set(["h5"]) });
      const file = new File(join(folder, name, "clusters.h5"), "r");
      try {
        // deno-lint-ignore no-explicit-any
        const value = (path: string) => (file.get(path) as any).value;
        assert.deepEqual(value("crystallite/labels/data"), clustering.labels);
        assert.deepEqual(value("crystallite/similarity/data"), clustering.similarity);
        assert.deepEqual(value("crystallite/mask/data"), clustering.mask);
        if (clustering.clusters.length > 0) {
          const averages = [...averageBatches(clustering, 1)].flatMap(({ patterns }) => [...patterns]);
          assert.deepEqual([...value("crystallite/averages/data")], averages);
          clusterColumns.forEach((column, place) => {
            const expected = clustering.clusters.map((cluster) => clusterValues(cluster)[place]);
            assert.deepEqual([...value(`crystallite/clusters/${column}`)], expected);
          });
        }
      } finally {
        file.close();
      }
    }
  }));

Deno.test("clusters.h5 without averages has no node for them", () =>
  withFolder(async (folder) => {
    const { File } = await loadHdf5();
    await writeResult(join(folder, "out"), resultOf(drawn, { averages: null }), { exports: new Set(["h5"]) });
    const file = new File(join(folder, "out", "clusters.h5"), "r");
    try {
      assert.equal(file.get("crystallite/averages"), null);
      assert.notEqual(file.get("crystallite/labels"), null);
    } finally {
      file.close();
    }
  }));

Deno.test({
  name: "emdfile and h5py find in clusters.h5 what was written",
  ignore: !hasEmdfile(),
  fn: () =>
    withFolder(async (folder) => {
      for (const [name, clustering] of Object.entries(clusterings)) {
        await writeResult(join(folder, name), resultOf(clustering), { exports: new Set(["h5"]) });
        await compare(join(folder, name, "clusters.h5"), clustering);
      }
    }),
});

async function compare(path: string, clustering: Clustering): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(python, { args: [script, path] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const { emdfile, h5py, hyperspy } = JSON.parse(new TextDecoder().decode(stdout));
  const { rows, columns, patternRows, patternColumns } = clustering.shape;
  const count = clustering.clusters.length;

  assert.equal(emdfile.class, "Root");
  const averages = [...averageBatches(clustering, 1)].flatMap(({ patterns }) => [...patterns]);
  const { regions, edits, labels: now, forest = { probes: [], similarity: [] } } = clustering;
  const edges = forest.similarity.length;
  const mixtures = regions?.mixtures && mixtureMaps(regions.mixtures, edits?.baseLabels ?? now);
  const expected: Record<string, [number[], string, Iterable<number>]> = {
    labels: [[rows, columns], "int32", clustering.labels],
    similarity: [[rows, columns, 8], "float32", clustering.similarity],
    mean_similarity: [[rows, columns], "float32", clustering.meanSimilarity],
    mask: [[rows, columns], "uint8", clustering.mask],
    averages: [[count, patternRows, patternColumns], "float32", averages],
    forest_probes: [[edges, 2], "uint32", forest.probes],
    forest_similarity: [[edges], "float32", forest.similarity],
    ...(clustering.darkField && { dark_field: [[rows, columns], "float32", clustering.darkField] }),
    ...(regions && { margin: [[rows, columns], "float32", regions.margin] }),
    ...(mixtures && {
      mixture_clusters: [[rows, columns, 2], "int32", mixtures.clusters],
      mixture_fractions: [[rows, columns, 2], "float32", mixtures.fractions],
    }),
    ...(edits && { base_labels: [[rows, columns], "int32", edits.baseLabels] }),
  };
  assert.deepEqual(Object.keys(emdfile.arrays).sort(), Object.keys(expected).sort());
  for (const [name, [shape, dtype, values]] of Object.entries(expected)) {
    const found = emdfile.arrays[name];
    assert.deepEqual(found.shape, shape, name);
    assert.equal(found.dtype, dtype);
    assert.ok(Math.abs(found.sum - sum(values)) <= 1e-6 * Math.max(1, Math.abs(found.sum)), name);
    assert.deepEqual(found.axes.map((axis: { length: number }) => axis.length), shape);
    assert.deepEqual(h5py.datasets[`crystallite/${name}/data`], { shape, dtype });
    if (hyperspy) assert.deepEqual(hyperspy[name], shape, `${name} in HyperSpy`);
  }
  const [row, column] = emdfile.arrays.labels.axes;
  assert.deepEqual([row.name, row.units, column.name, column.units], ["row", "nm", "column", "nm"]);
  if (regions) {
    const { units, axes } = emdfile.arrays.margin;
    assert.deepEqual([units, axes[0].units, axes[1].name], ["standard errors", "nm", "column"]);
    assert.deepEqual(emdfile.arrays.forest_probes.axes[0].values, [0, 1, 2]);
    assert.deepEqual(emdfile.arrays.base_labels.units, "cluster");
  }
  if (columns > 1) assert.deepEqual(column.values.slice(0, 2), [0, 2]);
  const [, qy, qx] = emdfile.arrays.averages.axes;
  assert.deepEqual([qy.name, qx.name, qx.units, qx.values], ["qy", "qx", "Å^-1", [0, 0.05, 0.1]]);

  const table = emdfile.tables.clusters;
  assert.deepEqual([...table.fields].sort(), [...clusterColumns].sort());
  assert.deepEqual(
    table.rows,
    clustering.clusters.map((cluster) =>
      table.fields.map((field: typeof clusterColumns[number]) =>
        clusterValues(cluster)[clusterColumns.indexOf(field)]
      )
    ),
  );
  const { R_pixel_size, R_pixel_units, Q_pixel_size, Q_pixel_units } = emdfile.metadata.scan_calibration;
  assert.deepEqual([R_pixel_size, R_pixel_units, Q_pixel_size, Q_pixel_units], [2, "nm", 0.05, "A^-1"]);
  assert.equal(emdfile.metadata.run.input, "scan.npy");

  const { emd_group_type, version_major, version_minor, UUID } = h5py.attributes;
  assert.deepEqual([emd_group_type, version_major, version_minor], ["file", 1, 0]);
  assert.match(UUID, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
}

/** Whether the interpreter has emdfile and h5py; says so where it has not. */
function hasEmdfile(): boolean {
  try {
    const { success } = new Deno.Command(python, {
      args: ["-c", "import emdfile, h5py"],
      stdout: "null",
      stderr: "null",
    }).outputSync();
    if (success) return true;
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  console.warn(
    `skipped, ${python} has no emdfile and h5py: clusters.h5 in emdfile (set CRYSTALLITE_TEST_PYTHON)`,
  );
  return false;
}
