/** The score of one scan: its clusters, and its orientations and strain where it is a result that has them. */

import { join } from "node:path";
import { type LabelMap, readLabelFile } from "../../library/formats/label_file.ts";
import { isResultDirectory, statIfThere } from "../../library/results/directory.ts";
import { isSeriesDirectory } from "../../library/results/series/record.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import { type PartitionScore, scoreLabels, type SegmentationScore } from "../../library/scoring/score.ts";
import { formatPercent, formatTable } from "../console/format_quantity.ts";
import { describeMapScores, type MapScores, scoreMaps } from "./score_maps.ts";

/** How far a label map or result is from the truth. */
export interface ScanScore {
  readonly rows: number;
  readonly columns: number;
  readonly score: SegmentationScore;
  readonly maps: MapScores;
}

/**
 * Scores a label map or a result.
 *
 * @param labelPath labels `.npy`, or a result directory
 * @param truthPath labels `.npy`, or the truth of a simulated scan
 * @throws {BadParameter} when they are not of one scan
 * @throws as `readLabelFile` and `readResult`
 */
export async function scoreScan(labelPath: string, truthPath: string): Promise<ScanScore> {
  const found = await readLabels(labelPath), real = await readLabelFile(truthPath);
  checkShapes(labelPath, found, truthPath, real);
  const { rows, columns, labels } = found;
  const score = scoreLabels({ rows, columns, labels, truth: real.labels, purity: real.purity });
  const maps = await isResultDirectory(labelPath) ? await scoreMaps(labelPath, truthPath, real) : {};
  return { rows, columns, score, maps };
}

/** Labels of a file, or those of a result directory. */
async function readLabels(path: string): Promise<LabelMap> {
  if (await isResultDirectory(path)) return await readLabelFile(join(path, "labels.npy"));
  if ((await statIfThere(path))?.isDirectory) throw await noResult(path);
  return await readLabelFile(path);
}

/** The error of a folder that is not the result of one scan. */
async function noResult(path: string): Promise<BadParameter> {
  const file = path, expected = "labels .npy, or a result directory";
  return await isSeriesDirectory(path)
    ? new BadParameter(`${path} is a series`, { file, expected, remedy: "add --series" })
    : new BadParameter(`${path} is not a result of crystallite`, {
      ...{ file, expected },
      remedy: "name the folder that was given to --out, or labels .npy",
    });
}

function checkShapes(labelPath: string, found: LabelMap, truthPath: string, real: LabelMap): void {
  if (found.rows === real.rows && found.columns === real.columns) return;
  throw new BadParameter(
    `${labelPath} has ${found.rows} x ${found.columns} probes, ${truthPath} ${real.rows} x ${real.columns}`,
    {
      file: labelPath,
      expected: `${real.rows} x ${real.columns}`,
      found: `${found.rows} x ${found.columns}`,
      remedy: "give labels and truth of the same scan",
    },
  );
}

/** Lines for people. */
export function describeScore({ rows, columns, score, maps }: ScanScore): string {
  const { all, interiors, boundaryF1, grains, split, merged, clusters } = score;
  const percent = (share: number | null) => share === null ? undefined : formatPercent(share);
  return formatTable([
    ["probes", `${rows} x ${columns}, ${clusters} clusters, ${grains} grains of 9 probes or more`],
    ["all probes", describePartition(all)],
    ["interiors", interiors && `${describePartition(interiors)}, ${interiors.probes} probes`],
    [
      "boundaries",
      `F1 ${boundaryF1.onePixel.toFixed(3)} within 1 probe, ${boundaryF1.twoPixels.toFixed(3)} within 2`,
    ],
    ["split grains", String(split)],
    ["merged grains", String(merged)],
    ["in a cluster", `${percent(score.coverage)} of all probes`],
    ["  of grains", percent(score.grainCoverage)],
    ["  of the rest", percent(score.backgroundCoverage)],
    ...describeMapScores(maps),
  ]);
}

/** How far two ways of parting probes agree. */
export function describePartition(score: PartitionScore): string {
  return `adjusted Rand index ${score.adjustedRandIndex.toFixed(3)}, normalised mutual information ` +
    `${score.normalisedMutualInformation.toFixed(3)}, variation of information ` +
    `${score.variationOfInformation.toFixed(3)} nats`;
}
