/** The pipelines that are measured from opening a file to the averages of its clusters, without writing results. */

import { cpuUsage } from "node:process";
import {
  averagePatterns,
  type ClusterParameters,
  clusterScan,
  defaultParameters,
  defaultPrefilter,
  openScan,
  type OpenScanOptions,
  withEngine,
} from "crystallite";

/** A pipeline and its name. */
export interface Pipeline {
  readonly name: string;
  readonly parameters: GrowthParameters;
}

/** Growth with numbers that are given: what can be written out in a few plain loops. */
export interface GrowthParameters extends ClusterParameters {
  readonly blur: number;
  readonly threshold: number;
}

/** Bad pixels are not looked for: that takes up to 4096 patterns of any scan, of small ones all. */
const common = { ...defaultParameters, blur: 0, badPixels: { kind: "none" } } as const;

/** From the fastest to the slowest. The thresholds fit the simulated scans of bench/scan_file.ts. */
export const pipelines: readonly Pipeline[] = [
  { name: "no blur", parameters: { ...common, threshold: 0.9 } },
  { name: "blur 3", parameters: { ...common, blur: 3, threshold: 0.99 } },
  {
    name: "prefilter and blur 3",
    parameters: { ...common, prefilter: defaultPrefilter, blur: 3, threshold: 0.99, average: "filtered" },
  },
];

/** What a run found, so that one that found nothing is not taken for a fast one. */
export interface PipelineRun {
  readonly seconds: number;
  /** Seconds of all cores together: what other programs on the machine hardly change. */
  readonly cpuSeconds: number;
  readonly clusters: number;
  /** Part of the probes that are in a cluster. */
  readonly clustered: number;
  /** Seconds of each step before the averages. */
  readonly timings: Readonly<Record<string, number>>;
}

/** Opens, clusters and averages. */
export async function runPipeline(
  file: string,
  parameters: ClusterParameters,
  workers: number,
  options: OpenScanOptions = {},
): Promise<PipelineRun> {
  const started = performance.now(), cpu = cpuUsage();
  const scan = await openScan(file, options);
  try {
    const { clusters, labels, timings } = await withEngine({ workers }, async (engine) => {
      const clustering = await clusterScan(scan, parameters, { engine });
      for await (const { patterns } of averagePatterns(scan, clustering, { engine })) void patterns;
      return clustering;
    });
    const clustered = labels.reduce((sum, label) => sum + (label >= 0 ? 1 : 0), 0) / labels.length;
    const { user, system } = cpuUsage(cpu);
    const seconds = (performance.now() - started) / 1000, cpuSeconds = (user + system) / 1e6;
    return { seconds, cpuSeconds, clusters: clusters.length, clustered, timings };
  } finally {
    scan.close();
  }
}

/**
 * Refuses a run that clustered next to nothing.
 *
 * @throws {Error} when less than half of the probes are in a cluster
 */
export function demandClusters({ clustered }: PipelineRun): void {
  if (!(clustered > 0.5)) {
    throw new Error(`only ${Math.round(100 * clustered)} % of the probes are clustered`);
  }
}
