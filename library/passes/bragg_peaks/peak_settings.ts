/** How Bragg peaks are looked for. */

import { BadParameter } from "../../scan/errors.ts";
import { gaussianTaps } from "../features/gaussian.ts";
import type { ProbeTemplate } from "./probe_template.ts";

/** What counts as a peak. Lengths are in detector pixels. */
export interface PeakOptions {
  /** What disks look like; `null` for spots of a few pixels, which are looked for in the pattern itself. */
  readonly template: ProbeTemplate | null;
  /** Blur of the correlogram in which maxima are looked for; default 0.3 of the disk's radius, at least 0.5. */
  readonly blur?: number;
  /** Peaks nearer to the edge are left out; default the disk's radius, at least 2. */
  readonly border?: number;
  /** Of peaks nearer to each other the higher counts; default 1.5 radii, at least 2. */
  readonly spacing?: number;
  /** Most peaks of a pattern; default 70. */
  readonly most?: number;
  /** Peaks lower than this part of the highest are left out; default 0.01. */
  readonly leastRelative?: number;
  /** Heights are relative to the peak of this rank, 0 for the highest; default 0. Use 1 where the direct beam is cut off. */
  readonly relativeTo?: number;
  /** Lower peaks are left out, in counts per pixel above the surroundings; default 0. */
  readonly leastHeight?: number;
  /** How peaks are placed to parts of a pixel; default `polyRaw`. */
  readonly subpixel?: SubpixelMethod;
  /** Steps of a pixel in the finer grid of `multicorr`; even, default 16. */
  readonly upsampling?: number;
}

/** Ways of placing peaks, in the order of the kernel's numbers for them. */
export const subpixelMethods: readonly SubpixelMethod[] = ["pixel", "poly", "polyRaw", "multicorr", "fit"];

/**
 * `pixel`: not at all. `poly`: parabolas on the blurred correlogram. `polyRaw`: parabolas on the correlogram itself, from its
 * maximum near by. `multicorr`: the same, and then the maximum of its trigonometric interpolation on a finer grid, which is a
 * little better and takes many times as long. `fit`: the same as `polyRaw`, and then weighted least squares of a soft disk on
 * a sloping background to the pattern itself, which comes near to what counting noise lets be known; disks that touch others
 * stay. With both, peaks whose template touches masked pixels stay where `polyRaw` puts them.
 */
export type SubpixelMethod = "pixel" | "poly" | "polyRaw" | "multicorr" | "fit";

/** The way that comes nearest: `fit` where the edge of the disks is known, as it is of drawn ones, else `polyRaw`. */
export function finestPlacing({ edge }: ProbeTemplate): SubpixelMethod {
  return edge === undefined ? "polyRaw" : "fit";
}

/** The most that blur reaches, in pixels to each side. */
const mostTaps = 16;
/** Bytes of the settings before the taps. */
const headBytes = 36;

/** Settings as assembly/peaks.ts reads them, and the most peaks of a pattern. */
export interface PeakSettings {
  readonly table: Uint8Array;
  readonly most: number;
  readonly subpixel: SubpixelMethod;
  readonly upsampling: number;
}

/**
 * Checks options and lays them out for the kernel.
 *
 * @throws {BadParameter} when one is out of range for the detector
 */
export function peakSettings(options: PeakOptions, rows: number, columns: number): PeakSettings {
  const radius = options.template?.radius ?? 1;
  const { blur = Math.max(0.5, 0.3 * radius), border = Math.max(2, radius) } = options;
  const { spacing = Math.max(2, 1.5 * radius), most = 70 } = options;
  const { leastRelative = 0.01, relativeTo = 0, leastHeight = 0 } = options;
  const { subpixel = "polyRaw", upsampling = 16 } = options;
  const whole = { least: 1, most: 1000, whole: true };
  check("blur", blur, { least: 0, most: mostTaps / 4 });
  check("border", border, { least: 1, most: Math.min(rows, columns) / 2 - 1 });
  check("spacing", spacing, { least: 0, most: Math.max(rows, columns) });
  check("most", most, whole);
  check("leastRelative", leastRelative, { least: 0, most: 1 });
  check("relativeTo", relativeTo, { ...whole, least: 0 });
  check("leastHeight", leastHeight, { least: 0, most: Infinity });
  check("upsampling", upsampling, { least: 2, most: 64, even: true });
  if (subpixel === "multicorr" && options.template === null) {
    throw new BadParameter("peaks without a template cannot be placed by multicorr", {
      expected: subpixelMethods.filter((method) => method !== "multicorr").join(", "),
      found: subpixel,
      parameter: "peaks.subpixel",
      remedy: "choose another way, or give the radius of the disks",
    });
  }
  if (subpixel === "fit" && options.template?.edge === undefined) {
    throw new BadParameter("only round disks can be fitted", {
      expected: "a template that diskTemplate made",
      found: options.template === null ? "no template" : "a measured template",
      parameter: "peaks.subpixel",
      remedy: "choose another way, such as polyRaw",
    });
  }
  const { radius: taps, weights } = gaussianTaps(blur);
  const table = new Uint8Array(headBytes + 4 * weights.length);
  new Int32Array(table.buffer, 0, 4).set([Math.max(2, Math.ceil(border)), taps, most, relativeTo]);
  new Float32Array(table.buffer, 16, 3).set([leastRelative, leastHeight, spacing]);
  new Int32Array(table.buffer, 28, 2).set([subpixelMethods.indexOf(subpixel), upsampling]);
  new Float32Array(table.buffer, headBytes).set(weights);
  return { table, most, subpixel, upsampling };
}

function check(
  parameter: string,
  value: number,
  { least, most, whole = false, even = false }: {
    least: number;
    most: number;
    whole?: boolean;
    even?: boolean;
  },
): void {
  const kind = even ? Number.isInteger(value / 2) : !whole || Number.isInteger(value);
  if (value >= least && value <= most && kind) return;
  throw new BadParameter(`${value} is no ${parameter} for peaks`, {
    expected: `${even ? "an even number" : whole ? "a whole number" : "a number"} from ${least} to ${most}`,
    found: String(value),
    parameter: `peaks.${parameter}`,
    remedy: "give a number in this range",
  });
}
