/** From the flags of `cluster` to the parameters of a run: presets, overrides, and what must be given. */

import {
  autoPreset,
  type ClusterParameters,
  defaultParameters,
  type Method,
  paperPreset,
  py4dstemPreset,
  type RealSpaceMask,
  type Threshold,
} from "../library/cluster/parameters.ts";
import { BadParameter } from "../library/scan/errors.ts";
import type { BadPixelSource, DetectorCenter } from "../library/passes/detector/preparation.ts";
import { defaultPrefilter } from "../library/passes/prefilter/footprint.ts";
import type { DetectorMask } from "../library/passes/detector/detector_mask.ts";
import type { Metric } from "../library/passes/features/features.ts";
import type { MaskInFile } from "./parse_masks.ts";
import { choosePrefilter, givenPrefilterFlag, type PrefilterFlags } from "./prefilter_options.ts";

/** Names of the presets. */
export const presetNames = ["auto", "paper", "py4dstem"] as const;

/** Flags of `cluster` that are parameters; `undefined` where a flag is not given. */
export interface ClusterFlags extends PrefilterFlags {
  readonly preset?: typeof presetNames[number];
  readonly badPixels?: BadPixelSource | MaskInFile;
  readonly qCenter?: DetectorCenter;
  readonly method?: Method;
  readonly blur?: number | "auto";
  /** `true` by `--prefilter`, `false` by `--no-prefilter`. */
  readonly prefilter?: boolean;
  readonly metric?: Metric;
  readonly qMask?: DetectorMask | MaskInFile;
  readonly threshold?: Threshold;
  readonly mask?: RealSpaceMask | MaskInFile;
  readonly minSize?: number;
  readonly average?: ClusterParameters["average"];
  readonly exact?: boolean;
}

/** Cluster parameters whose masks may still lie in files. */
export type UnreadParameters = Omit<ClusterParameters, "badPixels" | "detectorMask" | "mask"> & {
  readonly badPixels: BadPixelSource | MaskInFile;
  readonly detectorMask: DetectorMask | MaskInFile;
  readonly mask: RealSpaceMask | MaskInFile;
};

/**
 * The parameters that the flags ask for: the preset's, or the defaults, with every given flag on top.
 *
 * @throws {BadParameter} when there is no threshold, or settings of the prefilter are given without it
 */
export function chooseParameters(flags: ClusterFlags): UnreadParameters {
  const base = baseOf(flags.preset);
  const method = flags.method ?? base.method;
  const threshold = flags.threshold ?? base.threshold ??
    (method === "regions" ? { kind: "auto" } : undefined);
  if (threshold === undefined) {
    throw new BadParameter("a threshold is needed: neighbours at least this similar join", {
      expected: "a number from -1 to 1, auto, or qX for a quantile",
      parameter: "threshold",
      remedy:
        "give --threshold auto, or --preset auto, which needs no parameter at all; or a number: T belongs " +
        "between the similarities inside the grains and those at their boundaries",
    });
  }
  return {
    badPixels: flags.badPixels ?? base.badPixels,
    center: flags.qCenter ?? base.center,
    method,
    blur: flags.blur ?? base.blur,
    prefilter: prefilterOf(flags, base.prefilter),
    metric: flags.metric ?? base.metric,
    detectorMask: flags.qMask ?? base.detectorMask,
    threshold,
    mask: flags.mask ?? base.mask,
    minimumSize: flags.minSize ?? base.minimumSize,
    average: flags.average ?? base.average,
    borderWidth: base.borderWidth,
    missingNeighbour: base.missingNeighbour,
    exact: flags.exact ?? base.exact,
  };
}

type Base = Omit<ClusterParameters, "threshold"> & { readonly threshold?: Threshold };

function baseOf(preset: ClusterFlags["preset"]): Base {
  switch (preset) {
    case "auto":
      return autoPreset;
    case "paper":
      return paperPreset;
    case "py4dstem":
      return py4dstemPreset;
    case undefined:
      return defaultParameters;
  }
}

function prefilterOf(
  flags: ClusterFlags,
  preset: ClusterParameters["prefilter"],
): ClusterParameters["prefilter"] {
  const on = flags.prefilter ?? preset !== null;
  if (on) return choosePrefilter(flags, preset ?? defaultPrefilter);
  const orphan = givenPrefilterFlag(flags);
  if (orphan !== undefined) {
    throw new BadParameter(`${orphan} has no effect without the prefilter`, {
      parameter: "prefilter",
      remedy: `add --prefilter, or leave ${orphan} out`,
    });
  }
  return null;
}
