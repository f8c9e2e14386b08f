/** Scans clustered in parts in this process, as several machines do. */

import { join } from "node:path";
import { readMasks } from "../../library/cluster/mask_files.ts";
import { chooseParameters, clusterFlags } from "../../library/cluster/presets.ts";
import {
  averagedBytes,
  averageOwn,
  averagesOf,
  clustersBeginningIn,
  readLabels,
} from "../../library/distributed/average_part.ts";
import type { Rows } from "../../library/distributed/bands.ts";
import { gatherParts } from "../../library/distributed/gather_parts.ts";
import { measureRows } from "../../library/distributed/measure_part.ts";
import { mergeParts } from "../../library/distributed/merge_parts.ts";
import { digestOfLabels, findPart, type PartArray, writePart } from "../../library/distributed/part_files.ts";
import {
  groundOf,
  makePlan,
  parametersOf,
  readingOf,
  type ScanPlan,
} from "../../library/distributed/plan.ts";
import { encodePlan, readPlan } from "../../library/distributed/plan_file.ts";
import type { Engine } from "../../library/engine/engine.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { openScan } from "../../library/formats/open.ts";
import { parseWords } from "../../library/parameters/words.ts";
import type { Clustering } from "../../library/cluster/clustering.ts";
import type { ClusterParameters } from "../../library/cluster/parameters.ts";
import { pixelCount } from "../../library/scan/shape.ts";

/** Parameters that words of `cluster` ask for. */
export async function parametersFrom(path: string, words: readonly string[]): Promise<ClusterParameters> {
  const scan = await openScan(path);
  scan.close();
  return await readMasks(chooseParameters(parseWords(clusterFlags, words)), scan.shape, undefined);
}

/** A plan, written and read back. */
async function planOf(
  engine: Engine,
  path: string,
  words: readonly string[],
  folder: string,
  parts = 1,
): Promise<ScanPlan> {
  const scan = await openScan(path);
  try {
    const parameters = await parametersFrom(path, words);
    const plan = await makePlan(engine, scan, { words, parameters, reading: [], parts }, {});
    const file = join(folder, `plan-${plan.id.slice(0, 8)}.json`);
    await Deno.writeFile(file, encodePlan(plan));
    return await readPlan(file);
  } finally {
    scan.close();
  }
}

/** Measures rows and writes them as a part. */
async function partOf(
  engine: Engine,
  path: string,
  plan: ScanPlan,
  rows: Rows,
  target: string,
): Promise<string> {
  const scan = await openScan(path, readingOf(plan)), started = performance.now();
  try {
    const ground = groundOf(plan, await parametersOf(plan));
    const { arrays, bytesRead } = await measureRows(engine, scan, ground, rows, {});
    await writePart(target, { plan, holds: "similarities", rows, arrays, bytesRead, started });
    return target;
  } finally {
    scan.close();
  }
}

/** A scan clustered and averaged in parts, each by an engine with another number of workers. */
export async function clusterInParts(
  path: string,
  words: readonly string[],
  bands: readonly Rows[],
  folder: string,
): Promise<{ clustering: Clustering; averages: Float32Array }> {
  return await withEngine({ workers: 2 }, async (engine) => {
    const plan = await planOf(engine, path, words, folder);
    const paths: string[] = [];
    for (const [index, rows] of bands.entries()) {
      const target = join(folder, `part-${rows.join("-")}`);
      const make = (engine: Engine) => partOf(engine, path, plan, rows, target);
      paths.push(
        index === 0 && bands.length > 1 ? await withEngine({ workers: 1 }, make) : await make(engine),
      );
    }
    const scan = await openScan(path);
    try {
      // In another order than that of the rows.
      const { similarities } = await gatherParts(paths.toReversed());
      const clustering = await mergeParts(engine, scan, plan, similarities, {});
      const labels = join(folder, "labels"), { shape, prefilterWeights, parameters } = clustering;
      const arrays: PartArray[] = [
        { name: "labels", dtype: "i32", shape: [shape.rows, shape.columns], pieces: [clustering.labels] },
      ];
      if (prefilterWeights) {
        const { values, offsets } = prefilterWeights;
        const lengths = [shape.rows, shape.columns, offsets.length];
        arrays.push({ name: "weights", dtype: "f32", shape: lengths, pieces: [values] });
      }
      await writePart(labels, {
        ...{ plan, holds: "labels", rows: [0, shape.rows], arrays, bytesRead: 0, started: 0 },
      });
      const stored = readLabels((await findPart(labels)).part!, shape, parameters);
      const digest = digestOfLabels(clustering.labels), pixels = pixelCount(shape);
      const averaged: string[] = [];
      for (const rows of bands) {
        const own = clustersBeginningIn(stored.labels, shape.columns, rows), count = own.ids.length;
        const batches = averageOwn(scan, groundOf(plan, parameters), own, stored.weights, { engine });
        const target = join(folder, `averages-${rows.join("-")}`);
        averaged.push(target);
        await writePart(target, {
          ...{ plan, holds: "averages", rows, labels: digest, started: 0 },
          bytesRead: averagedBytes(scan, own, 0),
          arrays: [
            { name: "ids", dtype: "i32", shape: [count], pieces: [own.ids] },
            {
              name: "averages",
              dtype: "f32",
              shape: [count, shape.patternRows, shape.patternColumns],
              pieces: (async function* () {
                for await (const { first, patterns } of batches) {
                  yield { first: first * pixels, data: patterns };
                }
              })(),
            },
          ],
        });
      }
      const averages = new Float32Array(clustering.clusters.length * pixels).fill(NaN);
      const parts = (await gatherParts([...paths, ...averaged])).averages;
      for (const { first, patterns } of averagesOf(parts, shape, digest)) {
        averages.set(patterns, first * pixels);
      }
      return { clustering, averages };
    } finally {
      scan.close();
    }
  });
}
