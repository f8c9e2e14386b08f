/** The options of `cluster` that are parameters of the method. */

import { type Command, Option } from "commander";
import { defaultParameters } from "../library/cluster/parameters.ts";
import { presetNames } from "./choose_parameters.ts";
import { parseDetectorMask, parseRealSpaceMask } from "./parse_masks.ts";
import { numberParser } from "./parse_number.ts";
import { parseBlur, parseThreshold } from "./parse_threshold.ts";
import { addPrefilterOptions } from "./prefilter_options.ts";

const sizeRule = { expected: "a whole number of at least 1", minimum: 1, whole: true };

/** Adds preset, blur, prefilter, metric, masks, threshold, minimum size and averages. */
export function addClusterOptions(
  command: Command,
): Command {
  const { method, blur, metric, minimumSize, average } = defaultParameters;
  command
    .option(
      "--threshold <T>",
      "join neighbours at least this similar: -1 to 1; auto chooses by what the sizes of the clusters tell; qX is the " +
        "quantile X (0 to 1) of the similarities (required with --method growth; paper: 0.9; auto: auto)",
      parseThreshold,
    )
    .addOption(
      new Option(
        "--preset <NAME>",
        "settings that need no parameter, of the paper, or of py4DSTEM; other flags override them (default: none)",
      )
        .choices(presetNames),
    )
    .addOption(
      new Option(
        "--method <NAME>",
        "growth joins neighbours by a threshold (the paper's method); regions compares mean patterns of whole regions " +
          `and needs no threshold (default: ${method}; auto: regions)`,
      )
        .choices(["growth", "regions"] as const),
    )
    .option(
      "--blur <SIGMA>",
      `Gaussian blur before comparing, in detector pixels, or auto: half the radius of the direct beam (default: ${blur}; ` +
        "paper: 3; auto: auto)",
      parseBlur,
    )
    .option(
      "--prefilter",
      "average each pattern with similar ones nearby before comparing (default: off; paper: on)",
    )
    .option("--no-prefilter", "turn the prefilter of --preset paper off (default: as the preset says)");
  addPrefilterOptions(command);
  command
    .addOption(
      new Option("--metric <NAME>", `how patterns are compared (default: ${metric}; py4dstem: centered)`)
        .choices(["cosine", "centered", "pearson"] as const),
    )
    .option(
      "--q-mask <MASK>",
      "detector pixels to compare, radii in pixels about the q centre: none, auto (all but the direct beam), disk:R, " +
        "annulus:R1,R2, outside:R, or a file with nonzero = keep (default: none; auto: auto)",
      parseDetectorMask,
    )
    .option(
      "--mask <MASK>",
      "probes to cluster: none, auto (without the background), triangle (of the mean similarity), virtual (triangle of " +
        "the dark field), a number the mean similarity must exceed, or a file with nonzero = keep (default: none; " +
        "paper: triangle; auto: auto)",
      parseRealSpaceMask,
    )
    .option(
      "--min-size <N>",
      `drop clusters of fewer probe positions (default: ${minimumSize}; py4dstem: 1)`,
      numberParser("--min-size", sizeRule),
    )
    .addOption(
      new Option(
        "--average <DATA>",
        `patterns that are averaged per cluster (default: ${average}; paper: filtered)`,
      )
        .choices(["raw", "filtered", "none"] as const),
    )
    .option(
      "--exact",
      "compare blurred patterns at every detector pixel: slower, same labels, similarities to 1e-6 instead of 1e-5 " +
        "(default: off; py4dstem: on)",
    );
  return command;
}
