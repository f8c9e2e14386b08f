/** What every pass over a scan needs to know first: bad pixels and the direct beam (spec stage 0). */

import type { RunOptions } from "../../engine/options.ts";
import type { FillTable } from "../../engine/row_loader.ts";
import { BadParameter } from "../../scan/errors.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import {
  type BadPixels,
  divideBadPixels,
  fillTable,
  findBadPixels,
  findDirectBeam,
} from "./bad_pixels_and_beam.ts";
import { indexCenter } from "./detector_mask.ts";
import { type DetectorSample, sampleDetector } from "./detector_sample.ts";

/** Where bad detector pixels come from: found, from the scan's file, nowhere, or a map (nonzero = bad). */
export type BadPixelSource =
  | { readonly kind: "auto" }
  | { readonly kind: "file" }
  | { readonly kind: "none" }
  | { readonly kind: "pixels"; readonly bad: Uint8Array; readonly source: string };

/** Position of the direct beam in detector pixels, or how to find it. */
export type DetectorCenter =
  | { readonly kind: "index" }
  | { readonly kind: "auto" }
  | { readonly kind: "at"; readonly row: number; readonly column: number };

/** Detector facts of one scan. */
export interface Preparation {
  readonly badPixels: BadPixels;
  readonly fill: FillTable;
  readonly center: { readonly row: number; readonly column: number };
  /** Centre and radius of the direct beam's disk in detector pixels, where it was looked for. */
  readonly beam?: { readonly row: number; readonly column: number; readonly radius: number };
}

/**
 * Finds bad pixels and the direct beam as the parameters ask; looks at a sample of the scan only if they do.
 *
 * @param needBeam whether the direct beam's disk is wanted too
 * @throws {BadParameter} when a map of bad pixels does not fit the detector or leaves none
 * @throws {Aborted} when the signal fires
 */
export async function prepareDetector(
  scan: Scan,
  parameters: { readonly badPixels: BadPixelSource; readonly center: DetectorCenter },
  needBeam: boolean,
  options: RunOptions = {},
): Promise<Preparation> {
  const { shape } = scan;
  let sample: Promise<DetectorSample> | undefined;
  const sampled = () => sample ??= sampleDetector(scan, options);
  const { bad, source } = await badPixelMap(scan, parameters.badPixels, sampled, options.signal);
  if (bad && !bad.includes(0)) {
    throw new BadParameter("every detector pixel is marked as bad", {
      file: source,
      parameter: "badPixels",
      remedy: "use another map, or `badPixels: none`",
    });
  }
  const { filled, masked } = bad ? divideBadPixels(bad, shape) : { filled: [], masked: [] };
  const beam = needBeam || parameters.center.kind === "auto"
    ? findDirectBeam(await sampled(), shape, bad)
    : undefined;
  return {
    badPixels: { source, filled, masked },
    fill: fillTable(filled, masked, shape),
    center: centerOf(scan, parameters.center, beam),
    beam,
  };
}

async function badPixelMap(
  scan: Scan,
  source: BadPixelSource,
  sampled: () => Promise<DetectorSample>,
  signal: AbortSignal | undefined,
): Promise<{ bad?: Uint8Array; source: string }> {
  switch (source.kind) {
    case "none":
      return { source: "none" };
    case "file":
      return { bad: scan.badPixels, source: scan.badPixels ? "the scan's file" : "none in the scan's file" };
    case "auto":
      return {
        bad: await findBadPixels(await sampled(), scan.shape, scan.badPixels, signal),
        source: scan.badPixels ? "found, and the scan's file" : "found",
      };
    case "pixels":
      if (source.bad.length !== pixelCount(scan.shape)) {
        throw new BadParameter("the map of bad pixels does not fit the detector", {
          file: source.source,
          expected: `${scan.shape.patternRows} x ${scan.shape.patternColumns} pixels`,
          found: `${source.bad.length} pixels`,
          parameter: "badPixels",
          remedy: "give a map with one value for each detector pixel",
        });
      }
      return { bad: source.bad.map((value) => value ? 1 : 0), source: source.source };
  }
}

function centerOf(
  { shape }: Scan,
  center: DetectorCenter,
  beam: { row: number; column: number } | undefined,
): { row: number; column: number } {
  if (center.kind === "index") return indexCenter(shape);
  if (center.kind === "auto") return { row: beam!.row, column: beam!.column };
  const { row, column } = center;
  if (!(row >= 0 && row <= shape.patternRows - 1 && column >= 0 && column <= shape.patternColumns - 1)) {
    throw new BadParameter("the q centre is outside the detector", {
      expected: `0..${shape.patternRows - 1}, 0..${shape.patternColumns - 1}`,
      found: `${row}, ${column}`,
      parameter: "center",
      remedy: "give `center` as ROW,COLUMN in detector pixels",
    });
  }
  return { row, column };
}
