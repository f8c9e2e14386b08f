/**
 * The table of products: every array that an analysis leaves. Files, clusters.h5, checks, size estimate, reading back,
 * restoring and the documentation go by it, so that a new array is one entry here.
 */

import { mixtureMaps, mixturesOfMaps } from "../cluster/mixtures.ts";
import { forestFlaw } from "./forest_flaw.ts";
import { held, type Product, type Reading, type StreamedProduct } from "./product.ts";
import { clusterNumbers, finite, insideScan } from "./values.ts";

const map = ["row", "column"] as const;
const withRegions = "with `--method regions`";

const labels = held({
  name: "labels",
  type: "i32",
  axes: map,
  unit: "cluster",
  followsLabels: true,
  about: "cluster id from 0 in seed order, -1 = in no cluster",
  when: "always",
  of: ({ labels }) => labels,
  flaw: (labels, { clusters }) => clusterNumbers(labels, clusters),
  put: (labels) => ({ labels }),
});

/** Cluster averages, which are computed from the scan while the files are written. */
export const averages: StreamedProduct<"f32"> = {
  name: "averages",
  type: "f32",
  axes: ["cluster", "qy", "qx"],
  unit: "counts",
  followsLabels: true,
  about: "mean pattern of each cluster",
  when: "unless `--average none`",
  comesWith: ({ parameters }) => parameters.average !== "none",
};

const meanSimilarity = held({
  name: "mean_similarity",
  type: "f32",
  axes: map,
  unit: "",
  followsLabels: false,
  about: "mean similarity to the neighbours",
  when: "always",
  of: ({ meanSimilarity }) => meanSimilarity,
  flaw: finite,
  put: (meanSimilarity) => ({ meanSimilarity }),
});

const similarity = held({
  name: "similarity",
  type: "f32",
  axes: [...map, "neighbour"],
  unit: "",
  followsLabels: false,
  about:
    "similarity to the neighbours (-1,-1) (-1,0) (-1,1) (0,-1) (0,1) (1,-1) (1,0) (1,1) as (row, column); " +
    "NaN outside the scan",
  when: "always",
  of: ({ similarity }) => similarity,
  flaw: insideScan,
  put: (similarity) => ({ similarity }),
});

const mask = held({
  name: "mask",
  type: "u8",
  axes: map,
  unit: "",
  followsLabels: false,
  about: "1 = may be clustered",
  when: "always",
  of: ({ mask }) => mask,
  put: (mask) => ({ mask }),
});

const darkField = held({
  name: "dark_field",
  type: "f32",
  axes: map,
  unit: "counts",
  followsLabels: false,
  about: "annular dark-field image",
  when: "with `--mask virtual`, and in series",
  of: ({ darkField }) => darkField,
  flaw: finite,
  put: (darkField) => ({ darkField }),
});

const margin = held({
  name: "margin",
  type: "f32",
  axes: map,
  unit: "standard errors",
  followsLabels: false,
  about: "how safe a probe's region is, 0 to 100",
  when: withRegions,
  of: ({ regions }) => regions?.margin,
  flaw: finite,
  put: (margin, { run }) => {
    if (!run.regions) return {};
    const { mixedProbes: _, ...regions } = run.regions;
    return { regions: { ...regions, margin } };
  },
});

const baseLabels = held({
  name: "base_labels",
  type: "i32",
  axes: map,
  unit: "cluster",
  followsLabels: true,
  about: "the labels before any correction by hand",
  when: "where there are corrections",
  of: ({ edits }) => edits?.baseLabels,
  flaw: (labels) => clusterNumbers(labels, labels.length),
  put: (baseLabels, { log }) => log ? { edits: { log, baseLabels } } : {},
});

/** Labels that regions and mixtures speak of: those before any correction by hand. */
const regionLabels = (reading: Reading) => {
  const { edits, labels } = reading.restored;
  return edits?.baseLabels ?? labels ?? reading.demand("labels", "i32");
};

/** Two arrays that mean nothing without each other. */
const putMixtures = (reading: Reading) => {
  const { restored: { regions }, shape } = reading;
  const clusters = reading.demand("mixture_clusters", "i32");
  const fractions = reading.demand("mixture_fractions", "f32");
  if (!regions) return {};
  const mixtures = mixturesOfMaps({ clusters, fractions }, regionLabels(reading), shape.rows, shape.columns);
  return { regions: { ...regions, mixtures } };
};

const mixtureClusters = held({
  name: "mixture_clusters",
  type: "i32",
  axes: [...map, "pair"],
  unit: "cluster",
  followsLabels: false,
  about: "the two clusters that a probe at a border is a mixture of, -1 = none",
  when: withRegions,
  of: ({ regions, edits, labels }) =>
    regions?.mixtures && mixtureMaps(regions.mixtures, edits?.baseLabels ?? labels).clusters,
  flaw: (clusters) => clusterNumbers(clusters, clusters.length / 2),
  put: (_, reading) => putMixtures(reading),
});

const mixtureFractions = held({
  name: "mixture_fractions",
  type: "f32",
  axes: [...map, "pair"],
  unit: "",
  followsLabels: false,
  about: "how much of each of the two is in the probe's pattern, 1 = as much as inside the cluster",
  when: withRegions,
  of: ({ regions, edits, labels }) =>
    regions?.mixtures && mixtureMaps(regions.mixtures, edits?.baseLabels ?? labels).fractions,
  flaw: finite,
  put: (_, reading) => putMixtures(reading),
});

const putForest = (reading: Reading) => ({
  forest: {
    rows: reading.shape.rows,
    columns: reading.shape.columns,
    probes: reading.demand("forest_probes", "u32"),
    similarity: reading.demand("forest_similarity", "f32"),
  },
});

const forestProbes = held({
  name: "forest_probes",
  type: "u32",
  axes: ["edge", "pair"],
  unit: "probe",
  followsLabels: false,
  about: "the merge forest: the two probes that each edge joins; cut it for the clusters at any threshold",
  when: "unless `--preset py4dstem`",
  of: ({ forest }) => forest?.probes,
  flaw: forestFlaw,
  put: (_, reading) => putForest(reading),
});

const forestSimilarity = held({
  name: "forest_similarity",
  type: "f32",
  axes: ["edge"],
  unit: "",
  followsLabels: false,
  about: "similarity of each edge of the merge forest, falling",
  when: "unless `--preset py4dstem`",
  of: ({ forest }) => forest?.similarity,
  put: (_, reading) => putForest(reading),
});

/**
 * All products of a clustering. They are listed in the documentation in this order, and put back in it: one that speaks
 * of another comes after it.
 *
 * @example An array of one's own in the result
 * ```ts
 * import { clusterScan, defaultParameters, type HeldProduct, products, simulateScan, writeResult } from "crystallite";
 *
 * const scan = simulateScan({ rows: 8, columns: 8, grains: 2, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const thickness: HeldProduct<"f32"> = {
 *   name: "thickness",
 *   type: "f32",
 *   axes: ["row", "column"],
 *   unit: "nm",
 *   followsLabels: false,
 *   about: "thickness of the specimen",
 *   when: "where it was measured",
 *   of: () => new Float32Array(64).fill(20),
 *   put: () => ({}),
 * };
 * const directory = `${await Deno.makeTempDir()}/result`;
 * await writeResult(directory, { scan, clustering, averages: null }, { products: [...products, thickness] });
 * ```
 */
export const products: readonly Product[] = [
  labels,
  averages,
  meanSimilarity,
  similarity,
  mask,
  darkField,
  baseLabels,
  margin,
  mixtureClusters,
  mixtureFractions,
  forestProbes,
  forestSimilarity,
];
