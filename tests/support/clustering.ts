/** Small hand-made clusterings, for tests of what comes after the clustering. */

import type { AverageBatch } from "../../library/passes/averages/average_sweep.ts";
import type { Cluster } from "../../library/cluster/cluster.ts";
import type { Clustering } from "../../library/cluster/clustering.ts";
import { neighbourOffsets } from "../../library/scan/neighbours.ts";
import { buildForest } from "../../library/cluster/forest.ts";
import { defaultParameters } from "../../library/cluster/presets.ts";
import type { RunFacts } from "../../library/report/content.ts";
import type { ResultContent } from "../../library/results/write.ts";

/** Sizes of the patterns of hand-made clusterings. */
const patternShape = { patternRows: 4, patternColumns: 5 } as const;

/**
 * Reads a label map drawn as text: one line per scan row; `0` to `9`, `a` to `z` are labels 0 to 35, `.` is in no
 * cluster, `#` outside the mask. Labels must be without gaps.
 */
export function drawClustering(lines: readonly string[], changes: Partial<Clustering> = {}): Clustering {
  const columns = lines[0]?.length ?? 0;
  const cells = lines.flatMap((line) => [...line]);
  return clusteringOf(
    { rows: lines.length, columns },
    Int32Array.from(cells, (cell) => cell === "." || cell === "#" ? -1 : parseInt(cell, 36)),
    Uint8Array.from(cells, (cell) => cell === "#" ? 0 : 1),
    changes,
  );
}

/** A clustering with given labels and mask, made-up similarities, and everything else computed from them. */
export function clusteringOf(
  { rows, columns }: { rows: number; columns: number },
  labels: Int32Array,
  mask: Uint8Array,
  changes: Partial<Clustering> = {},
): Clustering {
  const similarity = new Float32Array(rows * columns * 8);
  const meanSimilarity = new Float32Array(rows * columns);
  for (let probe = 0; probe < rows * columns; probe++) {
    const row = Math.floor(probe / columns), column = probe % columns;
    let sum = 0, count = 0;
    neighbourOffsets.forEach(([dy, dx], offset) => {
      const y = row + dy, x = column + dx;
      const inside = y >= 0 && y < rows && x >= 0 && x < columns;
      const alike = inside && labels[y * columns + x] === labels[probe];
      // Symmetric in the two probes, as real similarities are.
      const value = inside
        ? (alike ? 0.95 : 0.6) + 0.04 * Math.sin((row + y) * 1.7 + (column + x) * 0.9)
        : NaN;
      similarity[probe * 8 + offset] = value;
      if (inside) {
        sum += similarity[probe * 8 + offset];
        count++;
      }
    });
    meanSimilarity[probe] = count > 0 ? sum / count : 0;
  }
  return {
    shape: { rows, columns, ...patternShape },
    parameters: { ...defaultParameters, threshold: 0.9, minimumSize: 1 },
    labels,
    clusters: summarise(labels, columns, meanSimilarity),
    similarity,
    meanSimilarity,
    mask,
    badPixels: { source: "auto", filled: [], masked: [] },
    forest: buildForest({ rows, columns, similarity, mask }),
    settled: { blur: 0, detectorMask: { kind: "none" }, threshold: 0.9 },
    center: { row: 1.5, column: 2 },
    comparison: { kind: "exact", reason: "as asked" },
    warnings: [],
    timings: { similarity: 0.5, growth: 0.25 },
    ...changes,
  };
}

/** Content with nothing left to assume. */
type CompleteContent = ResultContent & { readonly run: RunFacts };

/** A result of a hand-made clustering whose average of cluster k holds k + 1 everywhere, plus the pixel index / 8. */
export function resultOf(
  clustering: Clustering,
  changes: Partial<CompleteContent> = {},
): CompleteContent {
  return {
    clustering,
    scan: {
      shape: clustering.shape,
      dtype: "u16",
      calibration: {
        pixelSize: { row: 2, column: 2, unit: "nm" },
        qPixelSize: { row: 0.05, column: 0.05, unit: "A^-1" },
        beamEnergy: 300,
      },
      source: { format: "simulated", path: "scan.npy" },
      warnings: [],
    },
    averages: averageBatches(clustering, 2),
    readPattern: () => Uint16Array.from({ length: pixels(clustering) }, (_, pixel) => pixel),
    run: {
      version: "0.0.0-test",
      command: ["crystallite", "cluster", "scan.npy", "--out", "a result"],
      workingDirectory: "/somewhere",
      started: new Date(0),
    },
    ...changes,
  };
}

/** The averages of {@link resultOf}, `height` clusters at a time. */
export function* averageBatches(clustering: Clustering, height: number): Generator<AverageBatch> {
  const size = pixels(clustering);
  for (let first = 0; first < clustering.clusters.length; first += height) {
    const count = Math.min(height, clustering.clusters.length - first);
    const patterns = Float32Array.from(
      { length: count * size },
      (_, index) => first + Math.floor(index / size) + 1 + index % size / 8,
    );
    yield { first, count, patterns };
  }
}

function pixels({ shape }: Clustering): number {
  return shape.patternRows * shape.patternColumns;
}

function summarise(labels: Int32Array, columns: number, meanSimilarity: Float32Array): Cluster[] {
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  return Array.from({ length: count }, (_, id) => {
    const probes = [...labels.keys()].filter((probe) => labels[probe] === id);
    const rows = probes.map((probe) => Math.floor(probe / columns)),
      across = probes.map((probe) => probe % columns);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const seed = probes.reduce((best, probe) => meanSimilarity[probe] > meanSimilarity[best] ? probe : best);
    return {
      id,
      size: probes.length,
      seed: { row: Math.floor(seed / columns), column: seed % columns },
      centroid: { row: mean(rows), column: mean(across) },
      bounds: {
        firstRow: Math.min(...rows),
        lastRow: Math.max(...rows),
        firstColumn: Math.min(...across),
        lastColumn: Math.max(...across),
      },
      meanSimilarity: mean(probes.map((probe) => meanSimilarity[probe])),
    };
  });
}
