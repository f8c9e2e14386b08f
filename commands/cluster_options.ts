/** The options of `cluster` that are parameters of the method. */

import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import { defaultParameters } from "../mod.ts";
import { presetNames } from "./choose_parameters.ts";
import { parseDetectorMask, parseRealSpaceMask } from "./parse_masks.ts";
import { numberParser } from "./parse_number.ts";
import { addPrefilterOptions } from "./prefilter_options.ts";

const thresholdRule = { expected: "a number from -1 to 1", minimum: -1, maximum: 1 };
const blurRule = { expected: "0 to 100 detector pixels", minimum: 0, maximum: 100 };
const sizeRule = { expected: "a whole number of at least 1", minimum: 1, whole: true };

/** Adds preset, blur, prefilter, metric, masks, threshold, minimum size and averages. */
export function addClusterOptions<A extends unknown[], O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
) {
  const { blur, metric, minimumSize, average } = defaultParameters;
  const withBasics = command
    .option(
      "--threshold <T>",
      "join neighbours at least this similar, -1 to 1 (required; --preset paper: 0.9)",
      numberParser("--threshold", thresholdRule),
    )
    .addOption(
      new Option(
        "--preset <NAME>",
        "settings of the paper or of py4DSTEM; other flags override them (default: none)",
      )
        .choices(presetNames),
    )
    .option(
      "--blur <SIGMA>",
      `Gaussian blur before comparing, in detector pixels (default: ${blur}; paper: 3)`,
      numberParser("--blur", blurRule),
    )
    .option(
      "--prefilter",
      "average each pattern with similar ones nearby before comparing (default: off; paper: on)",
    )
    .option("--no-prefilter", "turn the prefilter of --preset paper off (default: as the preset says)");
  return addPrefilterOptions(withBasics)
    .addOption(
      new Option("--metric <NAME>", `how patterns are compared (default: ${metric}; py4dstem: centered)`)
        .choices(["cosine", "centered", "pearson"] as const),
    )
    .option(
      "--q-mask <MASK>",
      "detector pixels to compare, radii in pixels about the q centre: none, disk:R, annulus:R1,R2, outside:R, or " +
        "a file with nonzero = keep (default: none)",
      parseDetectorMask,
    )
    .option(
      "--mask <MASK>",
      "probes to cluster: none, triangle (of the mean similarity), virtual (triangle of the dark field), a number the " +
        "mean similarity must exceed, or a file with nonzero = keep (default: none; paper: triangle)",
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
}
