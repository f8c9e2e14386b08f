/** What every pass over a scan needs to know first: bad pixels and the direct beam (spec stage 0). */

import type { RunOptions } from "../../engine/options.ts";
import type { FillTable } from "../../engine/loaded_scan.ts";
import { BadParameter } from "../../scan/errors.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import {
  type BadPixels,
  cleaningOf,
  divideBadPixels,
  findBadPixels,
  findDirectBeam,
} from "./bad_pixels_and_beam.ts";
import { warningsAboutBeam, warningsAboutPixels } from "./detector_warnings.ts";
import type { DirectBeam } from "./direct_beam.ts";
import { indexCenter } from "./detector_mask.ts";
import { findBrightLines } from "./detector_lines.ts";
import { lift, liftedSample } from "./below_zero.ts";
import { type DetectorLook, lookAtDetector } from "./detector_sample.ts";
import { counts, type EstimatedGain, estimateGain, type Gain } from "./gain.ts";
import {
  constantPixels,
  countsBeyond,
  meanWhereSound,
  pixelRanges,
  saturationOf,
  type SoundMean,
  usualMaximum,
} from "./pixel_ranges.ts";
import { findStuckPixels } from "./stuck_pixels.ts";
import { countsBelowZero, electronsOf, lessOffset } from "./value_noise.ts";

/** Where bad detector pixels come from: found, from the scan's file, nowhere, or a map (nonzero = bad). */
export type BadPixelSource =
  | { readonly kind: "auto" }
  | { readonly kind: "file" }
  | { readonly kind: "none" }
  | {
    readonly kind: "pixels";
    readonly bad: Uint8Array;
    readonly source: string;
    /** Values from here on are missing in the pattern that holds them; default: all are believed. */
    readonly largestBelieved?: number;
  };

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
  readonly beam?: DirectBeam;
  /** What one electron adds to the values; counts where no pattern was looked at. */
  readonly gain: Gain;
  /** Electrons in a mean pattern, where patterns were looked at. */
  readonly electrons?: number;
  /** Plain sentences about bad pixels and the direct beam that a user should know of. */
  readonly warnings: readonly string[];
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
  const needsLook = needBeam || parameters.center.kind === "auto" || parameters.badPixels.kind === "auto";
  const first = needsLook ? await lookAtDetector(scan, options) : undefined;
  const known = await badPixelMap(scan, parameters.badPixels, first, options);
  const { bad, source, largestBelieved, look } = known;
  if (bad && !bad.includes(0)) {
    throw new BadParameter("every detector pixel is marked as bad", {
      file: source,
      parameter: "badPixels",
      remedy: "use another map, or `badPixels: none`",
    });
  }
  const badPixels = {
    source,
    ...bad ? divideBadPixels(bad, shape) : { filled: [], masked: [] },
    ...largestBelieved !== undefined && { largestBelieved },
  };
  const fill = cleaningOf(badPixels, shape);
  const { spread: _, ...gain } = known.gain ??
    (look ? estimateGain(look.pairs, look.sample.mean, { left: bad }) : counts);
  const center = givenCenter(scan, parameters.center);
  const found = needBeam || parameters.center.kind === "auto"
    ? findDirectBeam(
      { mean: lessOffset((known.sound ?? look!.sample).mean, gain) },
      shape,
      known.sound?.unknown ?? bad,
    )
    : undefined;
  // Who says where the beam is knows better; how wide it is, any disk tells.
  const beam = found && { ...found, ...center };
  return {
    badPixels,
    fill,
    center: center ??
      (parameters.center.kind === "auto" ? { row: beam!.row, column: beam!.column } : indexCenter(shape)),
    beam,
    gain,
    ...look && { electrons: electronsOf(look.sample.mean, gain) },
    warnings: [...warningsAboutPixels(badPixels), ...center ? [] : warningsAboutBeam(found)],
  };
}

/** A map of bad pixels, and what is not believed in single patterns. */
interface BadPixelMap {
  readonly bad?: Uint8Array;
  readonly source: string;
  readonly largestBelieved?: number;
  /** What was seen of the detector, freed of what is not believed. */
  readonly look?: DetectorLook;
  readonly gain?: EstimatedGain;
  /** The mean pattern with pixels that are at fault now and then as they are when they are not. */
  readonly sound?: SoundMean;
}

async function badPixelMap(
  scan: Scan,
  source: BadPixelSource,
  look: DetectorLook | undefined,
  options: RunOptions,
): Promise<BadPixelMap> {
  switch (source.kind) {
    case "none":
      return { source: "none", look };
    case "file":
      return {
        bad: scan.badPixels,
        source: scan.badPixels ? "the scan's file" : "none in the scan's file",
        look,
      };
    case "auto":
      return await foundBadPixels(scan, look!, options);
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
      return {
        bad: source.bad.map((value) => value ? 1 : 0),
        source: source.source,
        largestBelieved: source.largestBelieved,
        look,
      };
  }
}

/** What is brighter than the brightest of other patterns by this factor is no electron. */
const unbelievable = 256;
/** Quantile of the noise of pairs that holds as long as no more than half of the patterns are at fault. */
const roughShare = 0.25;

/**
 * Bad pixels that a look at the scan shows: first those that show a number, then, in patterns freed of these and of what is
 * missing in single ones, those that are too bright or too dark.
 */
async function foundBadPixels(
  scan: Scan,
  look: DetectorLook,
  options: RunOptions,
): Promise<BadPixelMap> {
  const { shape, badPixels } = scan, { sample, pairs } = look;
  const rangesTo = (saturation: number) => pixelRanges(pairs, pixelCount(shape), saturation);
  const said = rangesTo(saturationOf(scan, look.largest));
  const constant = union(constantPixels(said), badPixels);
  const rough = estimateGain(pairs, sample.mean, { left: constant, share: roughShare });
  // A beam that is brighter than the detector is made for is a beam nevertheless.
  const ranges = scan.saturation !== undefined && countsBeyond(said, rough.spread)
    ? rangesTo(saturationOf({ dtype: scan.dtype }, look.largest))
    : said;
  const stuck = findStuckPixels(sample, ranges, shape, rough.spread);
  const known = union(stuck.bad, badPixels);
  // Values from here on are missing in the pattern that holds them; sound pixels that are saturated too speak against it.
  const below = countsBelowZero(rough), brightest = usualMaximum(lift(pairs, below), known);
  const limit = Math.min(
    stuck.saturates ? Infinity : ranges.saturation,
    brightest > 0 ? unbelievable * brightest - below : Infinity,
  );
  const largestBelieved = limit < Infinity ? limit : undefined;
  let clean = look;
  if (look.largest >= limit) {
    const fill = cleaningOf({ source: "", ...divideBadPixels(known, shape), largestBelieved }, shape);
    clean = await lookAtDetector(scan, options, fill);
  }
  const gain = clean === look && rough.whole
    ? rough
    : estimateGain(clean.pairs, clean.sample.mean, { left: known, recorded: pairs, limit });
  const lifted = liftedSample(clean.sample, countsBelowZero(gain));
  const lines = union(known, findBrightLines(lifted, shape, known, gain.spread));
  const bad = await findBadPixels(lifted, shape, lines, options.signal, gain.spread);
  const source = badPixels ? "found, and the scan's file" : "found";
  const { mean, unknown } = meanWhereSound(clean.sample.mean, bad, ranges, pairs);
  const sound = { mean, unknown: union(unknown, badPixels) };
  return { bad, source, largestBelieved, look: clean, gain, sound };
}

function union(map: Uint8Array, other: Uint8Array | undefined): Uint8Array {
  return other ? map.map((value, pixel) => value || other[pixel] ? 1 : 0) : map;
}

/** The centre that was given as a position. */
function givenCenter(
  { shape }: Scan,
  center: DetectorCenter,
): { readonly row: number; readonly column: number } | undefined {
  if (center.kind !== "at") return undefined;
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
