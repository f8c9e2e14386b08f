/** Pictures of patterns with and without clustering: averages above, single patterns of the same places below. */

import { join } from "node:path";
import { structureFactors } from "../../library/crystal/structure_factors.ts";
import { openScan } from "../../library/formats/open.ts";
import { matchedSpots } from "../../library/mapping/matched_spots.ts";
import { findPeaks } from "../../library/passes/bragg_peaks/peak_pass.ts";
import { diskTemplate } from "../../library/passes/bragg_peaks/probe_template.ts";
import { magnifyImage, type Rgb, type RgbImage } from "../../library/report/image.ts";
import { patternRange, renderPattern } from "../../library/report/pattern_image.ts";
import { readCrystals, readOrientations } from "../../library/results/read_orientations.ts";
import { readProbeOrientations } from "../../library/results/read_probe_orientations.ts";
import { readResult, type StoredResult } from "../../library/results/read.ts";
import { readStoredArray } from "../../library/results/stored_array.ts";
import { scanFromArray } from "../../library/scan/scan_from_array.ts";
import { pixelCount } from "../../library/scan/shape.ts";
import { below, beside } from "./layout.ts";

/** Clusters shown: the paper shows six, which are too many bytes here. */
const shown = 3, disksShown = 2;
/** Circles about disks that were found, and crosses on spots of the crystal. */
const found: Rgb = [90, 220, 255], expected: Rgb = [255, 255, 255];

/** Average patterns of the largest clusters above, the single patterns at their seeds below. */
export function patternPictures(result: string, scanName: string) {
  return async (folder: string): Promise<RgbImage> => {
    const stored = await readResult(join(folder, result));
    const pairs = await patternPairs(
      stored,
      join(folder, scanName),
      largest(stored, () => true).slice(0, shown),
    );
    const { patternRows, patternColumns } = stored.shape;
    // One range for a pair: what is lost in noise must not be drawn brighter.
    const draw = (pattern: Float32Array, like: Float32Array) =>
      renderPattern(pattern, patternRows, patternColumns, patternRange(like), "log");
    return below([
      beside(pairs.map(({ average }) => draw(average, average))),
      beside(pairs.map(({ average, single }) => draw(single, average))),
    ]);
  };
}

/** The same with the disks that were found circled, and the spots of the crystal that matched as crosses. */
export function diskPictures(result: string, scanName: string) {
  return async (folder: string): Promise<RgbImage> => {
    const stored = await readResult(join(folder, result)), { shape } = stored;
    const { record, orientations } = readOrientations(stored);
    const crystals = await readCrystals(stored, record);
    const single = readProbeOrientations(stored, "probes", orientations, crystals.length);
    const chosen = largest(stored, (cluster) => orientations[cluster] !== undefined).slice(0, disksShown);
    const pairs = await patternPairs(stored, join(folder, scanName), chosen);
    const template = diskTemplate(record.diskRadius);
    const draw = async (
      pattern: Float32Array,
      leastRelative: number,
      phase: number,
      matrix: ArrayLike<number>,
    ) => {
      const { patternRows, patternColumns } = shape;
      const scan = scanFromArray(pattern, { rows: 1, columns: 1, patternRows, patternColumns });
      const peaks = await findPeaks(scan, { template, leastRelative, subpixel: "fit" });
      const image = magnifyImage(
        renderPattern(pattern, patternRows, patternColumns, patternRange(pattern), "log"),
        2,
      );
      const brightest = peaks.height.indexOf(Math.max(...peaks.height));
      const origin = { row: peaks.row[brightest], column: peaks.column[brightest] };
      const spots = phase < 0 ? [] : matchedSpots({
        reflections: structureFactors(crystals[phase], { maximumLength: record.maximumLength }),
        orientation: Array.from(matrix) as never,
        ...{ beamEnergy: record.beamEnergy, excitationWidth: record.excitationWidth },
        ...{ qPixelSize: record.qPixelSize, origin },
      }, shape);
      for (const { row, column } of spots) cross(image, 2 * row, 2 * column);
      peaks.row.forEach((row, peak) =>
        circle(image, 2 * row, 2 * peaks.column[peak], 2 * record.diskRadius + 3)
      );
      return image;
    };
    const averages = [], singles = [];
    for (const { cluster, probe, average, single: pattern } of pairs) {
      const { phase, orientation } = orientations[cluster]!;
      averages.push(await draw(average, 0.002, phase, orientation));
      const matrix = single.matrices.subarray(9 * probe, 9 * probe + 9);
      singles.push(await draw(pattern, 0.01, single.phases[probe], matrix));
    }
    return below([beside(averages), beside(singles)]);
  };
}

/** Clusters by falling size. */
function largest({ clusters }: StoredResult, suits: (cluster: number) => boolean): number[] {
  return [...clusters.keys()].filter(suits).sort((one, other) =>
    clusters[other].size - clusters[one].size || one - other
  );
}

/** A cluster's average, on the beam's own place, and the pattern of its seed. */
async function patternPairs(stored: StoredResult, scanPath: string, chosen: readonly number[]) {
  const { directory, shape, clusters, run } = stored, pixels = pixelCount(shape);
  const all = readStoredArray(join(directory, "averages.npy"), "f32", [
    run.clusters,
    shape.patternRows,
    shape.patternColumns,
  ]);
  const scan = await openScan(scanPath), row = new Uint16Array(shape.columns * pixels);
  const pairs = [];
  try {
    for (const cluster of chosen) {
      const { row: seedRow, column: seedColumn } = clusters[cluster].seed;
      await scan.readRows(seedRow, 1, row);
      pairs.push({
        cluster,
        probe: seedRow * shape.columns + seedColumn,
        average: Float32Array.from(all.subarray(cluster * pixels, (cluster + 1) * pixels)),
        single: Float32Array.from(row.subarray(seedColumn * pixels, (seedColumn + 1) * pixels)),
      });
    }
  } finally {
    scan.close();
  }
  return pairs;
}

function paint(image: RgbImage, row: number, column: number, colour: Rgb): void {
  if (row < 0 || row >= image.height || column < 0 || column >= image.width) return;
  image.data.set(colour, 3 * (row * image.width + column));
}

function circle(image: RgbImage, row: number, column: number, radius: number): void {
  for (let step = 0; step < 72; step++) {
    const angle = step * Math.PI / 36;
    paint(
      image,
      Math.round(row + radius * Math.sin(angle)),
      Math.round(column + radius * Math.cos(angle)),
      found,
    );
  }
}

function cross(image: RgbImage, row: number, column: number): void {
  for (let step = -3; step <= 3; step++) {
    paint(image, Math.round(row) + step, Math.round(column), expected);
    paint(image, Math.round(row), Math.round(column) + step, expected);
  }
}
