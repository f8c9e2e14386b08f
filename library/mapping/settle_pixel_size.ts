/** The size of a detector pixel that averages are matched at: as given, fitted, or found where it is not known or wrong. */

import type { MatchOptions } from "../crystal/matching/match.ts";
import { structureFactors } from "../crystal/structure_factors.ts";
import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import { BadParameter } from "../scan/errors.ts";
import { calibratedPeaks } from "./calibrated_peaks.ts";
import type { PlanConditions } from "./choose_plans.ts";
import { agreementAt, type ExplainingSize, findPixelSizes, type PixelSizeSearch } from "./find_pixel_size.ts";
import { fitPixelSize, type FittedPixelSize } from "./pixel_size.ts";
import { beamRadii, ringPeaks } from "./ring_peaks.ts";

/** What is known of the size. */
export interface PixelSizeConditions extends PlanConditions {
  /** Å^-1 per detector pixel; default unknown. */
  readonly qPixelSize?: number;
  /** Whether it is fitted, and looked for elsewhere where it explains nothing. */
  readonly fitPixelSize: boolean;
}

/** A size that was found by trying many. */
export interface SearchedPixelSize {
  /** How well the crystals explain the averages at it. */
  readonly agreement: number;
  /** The best size more than 3 % away. */
  readonly rival?: ExplainingSize;
  /** Whether that explains the averages nearly as well. */
  readonly doubtful: boolean;
  /** The size that was given, fitted, and explains hardly anything. */
  readonly given?: ExplainingSize;
}

/** The size that is taken. */
export interface SettledPixelSize {
  readonly qPixelSize: number;
  readonly fitted?: FittedPixelSize;
  readonly searched?: SearchedPixelSize;
  /** Another size, by the rings of another crystal, that explains the averages as well but is farther from the one that was given. */
  readonly rival?: ExplainingSize;
}

/** Below this agreement a size that was given is doubted; another is taken that agrees better by so much at the least. */
const doubted = 0.4, clearly = 0.2;
/** Sizes whose agreements differ by less explain the averages equally well; sizes so near to each other are one. */
const equally = 0.06, sameSize = 0.03;
/** Distance from the beam in detector pixels, and in Å^-1 where the size is known, up to which spots without a disk are the beam. */
const spotReach = { pixels: 2, length: 0.05 };

/**
 * The size for these peaks.
 *
 * @param origin float32 (average, 2): the direct beam of each, in detector pixels
 * @throws {BadParameter} when the size is not known, and the crystals explain nothing at any
 */
export async function settlePixelSize(
  peaks: PeakLists,
  origin: Float32Array,
  conditions: PixelSizeConditions,
  match: MatchOptions,
): Promise<SettledPixelSize> {
  const { qPixelSize: given, crystals, ellipse, matching = {}, peaks: { template } } = conditions;
  const [crystal] = crystals;
  if (given !== undefined && !conditions.fitPixelSize) return { qPixelSize: given };
  const reach = template?.radius ?? (given ? spotReach.length / given : spotReach.pixels);
  const distances = ringPeaks(peaks, origin, beamRadii * reach, ellipse);
  const { maximumLength = 1.5, debyeWaller } = matching;
  const inPixels = { origin, ellipse, qPixelSize: { row: 1, column: 1 } };
  const search: PixelSizeSearch = {
    ...conditions,
    distances,
    peaks: Array.from(
      { length: origin.length / 2 },
      (_, average) => calibratedPeaks(peaks, average, inPixels),
    ),
  };
  const from = (guess: number, by = crystal): SettledPixelSize => {
    const reflections = structureFactors(by, { maximumLength, debyeWaller });
    const fitted = fitPixelSize(distances, reflections, guess);
    // Without peaks near rings the size is what was given.
    return fitted.peaks > 0 ? { qPixelSize: fitted.qPixelSize, fitted } : { qPixelSize: guess };
  };
  if (given === undefined) {
    const searched = searchedAmong(await findPixelSizes(search, match));
    if (searched) return { ...from(searched.qPixelSize), searched: searched.facts };
    throw new BadParameter("the size of a detector pixel is not known, and the averages do not tell it", {
      expected: "a size of square pixels, or averages that the crystals explain",
      parameter: "qPixelSize",
      remedy: "give its size, roughly",
    });
  }
  const fits = crystals.map((by) => from(given, by));
  const { settled, agreement } = await nearestFit(fits, given, search, match);
  if (agreement >= doubted) return settled;
  const searched = searchedAmong(await findPixelSizes(search, match));
  if (!searched || searched.facts.agreement < agreement + clearly) return settled;
  const wrong = { qPixelSize: settled.qPixelSize, agreement };
  return { ...from(searched.qPixelSize), searched: { ...searched.facts, given: wrong } };
}

/**
 * Of sizes by the rings of each crystal, some of which may not be there, the one at which they explain the averages best; of those
 * that do equally well the nearest to the size that was given: another crystal of the same kind explains the same patterns at
 * another size.
 */
async function nearestFit(
  fits: readonly SettledPixelSize[],
  given: number,
  search: PixelSizeSearch,
  match: MatchOptions,
): Promise<{ settled: SettledPixelSize; agreement: number }> {
  const off = ({ qPixelSize }: SettledPixelSize) => Math.abs(qPixelSize / given - 1);
  const different = fits.filter(({ qPixelSize }, index) =>
    fits.findIndex((other) => Math.abs(other.qPixelSize / qPixelSize - 1) <= sameSize) === index
  );
  const compared = [];
  for (const settled of different) {
    compared.push({ settled, agreement: await agreementAt(search, settled.qPixelSize, match) });
  }
  const most = compared.reduce((most, { agreement }) => Math.max(most, agreement), 0);
  const [nearest, other] = compared.filter(({ agreement }) => agreement > most - equally)
    .sort((one, next) => off(one.settled) - off(next.settled));
  if (!nearest || !other) return nearest ?? compared[0];
  const rival = { qPixelSize: other.settled.qPixelSize, agreement: other.agreement };
  return { ...nearest, settled: { ...nearest.settled, rival } };
}

/** The best of sizes, if any explains something. */
function searchedAmong([best, ...others]: readonly ExplainingSize[]) {
  if (!best || best.agreement === 0) return undefined;
  const { qPixelSize, agreement } = best;
  const rival = others.find((other) => Math.abs(other.qPixelSize / qPixelSize - 1) > sameSize);
  const doubtful = rival !== undefined && agreement - rival.agreement < equally;
  return { qPixelSize, facts: { agreement, rival, doubtful } satisfies SearchedPixelSize };
}
