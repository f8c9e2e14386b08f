/** The presets of clustering, what words ask for, and the checks of a whole set of parameters. */

import { choiceKind } from "../parameters/choice.ts";
import { type Flag, flagsOf } from "../parameters/flags.ts";
import { checkRecord, fillRecord, flagsOfRecord, presetRecord } from "../parameters/record.ts";
import type { Given, GivenSettings, ParameterSchema, Unread } from "../parameters/schema.ts";
import type { FlagWord } from "../parameters/words.ts";
import type { PrefilterParameters } from "../passes/prefilter/parameters.ts";
import { BadParameter } from "../scan/errors.ts";
import { type ClusterParameters, clusterSchema } from "./parameters.ts";
import type { PresetName } from "./preset_name.ts";

/** Names of the presets. */
export const presetNames: readonly PresetName[] = ["auto", "paper", "py4dstem"];

/** Parameters without a preset; the threshold has no default. */
export const defaultParameters: Omit<ClusterParameters, "threshold"> = presetRecord(
  clusterSchema,
) as ClusterParameters;

/** Settings of Lee et al. as printed in the paper. */
export const paperPreset: ClusterParameters = presetRecord(clusterSchema, "paper") as ClusterParameters;

/** Settings that need no parameter: what measured best on simulated scans (docs/inside/quality.md). */
export const autoPreset: ClusterParameters = presetRecord(clusterSchema, "auto") as ClusterParameters;

/** Behaviour of the published implementation in py4DSTEM 0.14.19. */
export const py4dstemPreset: Omit<ClusterParameters, "threshold"> = presetRecord(
  clusterSchema,
  "py4dstem",
) as ClusterParameters;

const presets = { auto: autoPreset, paper: paperPreset, py4dstem: py4dstemPreset };

/** The parameters that a preset sets, or the defaults. */
export function parametersUnder(preset: PresetName | undefined): Partial<ClusterParameters> {
  return preset === undefined ? defaultParameters : presets[preset];
}

const presetSchema: ParameterSchema<{ readonly preset: PresetName }> = {
  preset: {
    flag: "--preset",
    kind: choiceKind("NAME", presetNames),
    help: "settings that need no parameter, of the paper, or of py4DSTEM; other flags override them",
    defaultText: "auto, unless --threshold or --method is given",
  },
};

/** All flags of a clustering: the preset first. */
export const clusterFlags: readonly Flag[] = [...flagsOf(presetSchema), ...flagsOf(clusterSchema)];

/** What words of `cluster` say of its parameters. */
export interface ClusterFlags
  extends Omit<Given<ClusterParameters>, "prefilter">, GivenSettings<"prefilter", PrefilterParameters> {
  readonly preset?: PresetName;
  /** `true` by `--prefilter`, `false` by `--no-prefilter`. */
  readonly prefilter?: boolean;
}

/** Cluster parameters whose masks may still lie in files. */
export type UnreadParameters = Unread<ClusterParameters>;

/**
 * The preset that flags start from: the one they name, or `auto` where they say neither how clusters are found nor by
 * which threshold, since nothing else works without a number.
 */
export function presetOf({ preset, threshold, method }: ClusterFlags): PresetName | undefined {
  return preset ?? (threshold === undefined && method === undefined ? "auto" : undefined);
}

/**
 * The parameters that the flags ask for: the preset's, or the defaults, with every given flag on top.
 *
 * @throws {BadParameter} when there is no threshold, or settings of the prefilter are given without it
 */
export function chooseParameters(flags: ClusterFlags): UnreadParameters {
  const chosen = fillRecord(clusterSchema, flags, parametersUnder(presetOf(flags)));
  const threshold = chosen.threshold ?? (chosen.method === "regions" ? { kind: "auto" } as const : undefined);
  if (threshold === undefined) {
    throw new BadParameter("a threshold is needed: neighbours at least this similar join", {
      expected: "a number from -1 to 1, auto, or qX for a quantile",
      parameter: "threshold",
      remedy:
        "give --threshold auto, or --preset auto, which needs no parameter at all; or a number: T belongs " +
        "between the similarities inside the grains and those at their boundaries",
    });
  }
  return { ...chosen, threshold } as UnreadParameters;
}

/** The flags that make the parameters: what differs from the defaults, and the threshold. */
export function flagsOfParameters(parameters: UnreadParameters, preset?: PresetName): FlagWord[] {
  const own = flagsOfRecord(clusterSchema, parameters, parametersUnder(preset));
  return preset === undefined ? own : [["--preset", preset], ...own];
}

/**
 * Checks what can be checked without a scan.
 *
 * @throws {BadParameter} naming the first parameter that is out of range
 *
 * @example
 * ```ts
 * import { BadParameter, checkParameters, defaultParameters } from "crystallite";
 *
 * try {
 *   checkParameters({ ...defaultParameters, threshold: 2 });
 * } catch (error) {
 *   console.assert(error instanceof BadParameter && error.details.expected === "a number from -1 to 1");
 * }
 * ```
 */
export function checkParameters(parameters: ClusterParameters): void {
  checkRecord(clusterSchema, parameters);
  const { method, threshold, borderWidth, average, prefilter } = parameters;
  const automatic = method === "regions" || typeof threshold !== "number";
  if (automatic && borderWidth > 0) {
    throw new BadParameter("with py4DSTEM's border rule the threshold must be a number", {
      expected: "method growth and a number",
      parameter: "threshold",
      remedy: "give `threshold: number`, or `borderWidth: 0`",
    });
  }
  if (average === "filtered" && !prefilter) {
    throw new BadParameter("averages of filtered data need the prefilter", {
      parameter: "prefilter",
      remedy: "add `prefilter`, or use `average: raw`",
    });
  }
}
