/** Averages on their way into files: numpy, a stack of TIFF images, and those that a report shows. */

import {
  type AverageBatch,
  averagePatterns,
  type Cluster,
  type Clustering,
  NpyWriter,
  OutOfResources,
} from "../mod.ts";
import type { Engine } from "../engine/engine.ts";
import { averagesOf } from "../options/scan_of_result.ts";
import { largestClusters, type PatternPair, reportedPatterns } from "../report/content.ts";
import { tiffStackBytes, tiffStackHeader, tiffStackPage } from "../report/tiff.ts";
import { fromSystemError } from "../scan/errors.ts";
import { readPattern, type Scan } from "../scan/scan.ts";
import { pixelCount } from "../scan/shape.ts";
import { throwIfAborted } from "../scan/errors.ts";

/** Where averages go; nowhere where a path is absent. */
export interface AverageTargets {
  readonly npy?: string;
  readonly tiff?: string;
  /** Whether the largest are wanted for a report. */
  readonly report: boolean;
}

/** The averages of a clustering, raw where it says to have none. */
export function averagesFor(
  engine: Engine,
  scan: Scan,
  clustering: Clustering,
  signal: AbortSignal,
): AsyncGenerator<AverageBatch> {
  const options = { engine, signal }, { parameters } = clustering;
  if (parameters.average !== "filtered" || clustering.prefilterWeights) {
    const average = parameters.average === "none" ? "raw" : parameters.average;
    return averagePatterns(scan, { ...clustering, parameters: { ...parameters, average } }, options);
  }
  return averagesOf(scan, clustering, options);
}

/** Writes averages as they come; gives the pairs of the report, largest cluster first. */
export async function writeAverages(
  averages: AsyncIterable<AverageBatch>,
  scan: Scan,
  clusters: readonly Cluster[],
  { npy, tiff, report }: AverageTargets,
  signal: AbortSignal,
): Promise<PatternPair[]> {
  const { patternRows, patternColumns } = scan.shape, pixels = pixelCount(scan.shape);
  const largest = report ? largestClusters(clusters, reportedPatterns) : [];
  const wanted = new Set(largest.map(({ id }) => id)), kept = new Map<number, Float32Array>();
  const writer = npy ? NpyWriter.create(npy, "f32", [clusters.length, patternRows, patternColumns]) : null;
  const stack = tiff ? TiffWriter.create(tiff, clusters.length, patternRows, patternColumns) : null;
  try {
    for await (const { first, count, patterns } of averages) {
      throwIfAborted(signal);
      writer?.write(patterns, first * pixels);
      for (let index = 0; index < count; index++) {
        const pattern = patterns.subarray(index * pixels, (index + 1) * pixels);
        stack?.write(first + index, pattern);
        if (wanted.has(first + index)) kept.set(first + index, pattern.slice());
      }
    }
    writer?.close();
  } finally {
    writer?.abort();
    stack?.close();
  }
  return largest.map((cluster) => ({
    cluster,
    average: kept.get(cluster.id)!,
    seedPattern: readPattern(scan, cluster.seed.row, cluster.seed.column),
  }));
}

/** A file of a stack of images. */
class TiffWriter {
  private constructor(
    readonly path: string,
    readonly file: Deno.FsFile,
    readonly stack: { pages: number; rows: number; columns: number },
  ) {}

  static create(path: string, pages: number, rows: number, columns: number): TiffWriter {
    const stack = { pages, rows, columns };
    if (pages === 0) {
      throw new OutOfResources("a TIFF file needs at least one image, and there is no cluster", {
        remedy: "lower the threshold or the minimum size",
      });
    }
    try {
      tiffStackBytes(stack);
    } catch {
      throw new OutOfResources("the averages do not fit into a TIFF file, which ends at 4 GiB", {
        expected: "less than 4 GiB",
        found: `${pages} images of ${rows} x ${columns}`,
        remedy: "save them as npy",
      });
    }
    try {
      const file = Deno.openSync(path, { write: true, create: true, truncate: true });
      const writer = new TiffWriter(path, file, stack);
      writer.#put(0, tiffStackHeader());
      return writer;
    } catch (cause) {
      throw fromSystemError(cause, path, "write");
    }
  }

  write(page: number, pattern: Float32Array): void {
    const { offset, bytes } = tiffStackPage(this.stack, page, pattern);
    this.#put(offset, bytes);
  }

  #put(offset: number, bytes: Uint8Array): void {
    try {
      this.file.seekSync(offset, Deno.SeekMode.Start);
      for (let written = 0; written < bytes.length;) {
        written += this.file.writeSync(bytes.subarray(written));
      }
    } catch (cause) {
      throw fromSystemError(cause, this.path, "write");
    }
  }

  close(): void {
    this.file.close();
  }
}
