/** The options of the correlative prefilter. */

import { type Command, Option } from "commander";
import {
  checkPrefilter,
  defaultPrefilter,
  type PrefilterParameters,
} from "../library/passes/prefilter/footprint.ts";
import { numberParser, parsePair } from "./parse_number.ts";

const blurRule = { expected: "0 to 100 detector pixels", minimum: 0, maximum: 100 };
const radiusRule = { expected: "1 to 32 probe positions", minimum: 1, maximum: 32, whole: true };
const edgeRule = { expected: "a whole number of detector pixels", minimum: 0, whole: true };

/** Adds the settings of the prefilter (not the switch that turns it on). */
export function addPrefilterOptions(
  command: Command,
): Command {
  const { blur, radius, footprint, range, edge } = defaultPrefilter;
  command
    .option(
      "--prefilter-blur <SIGMA>",
      `blur of the compared patterns in detector pixels (default: ${blur})`,
      numberParser("--prefilter-blur", blurRule),
    )
    .option(
      "--prefilter-radius <N>",
      `radius of the neighbourhood in probe positions (default: ${radius})`,
      numberParser("--prefilter-radius", radiusRule),
    )
    .addOption(
      new Option("--prefilter-footprint <SHAPE>", `shape of the neighbourhood (default: ${footprint})`)
        .choices(["circle", "square"] as const),
    )
    .option(
      "--prefilter-range <MIN,MAX>",
      `correlations, -1 to 1, that get weight 0 and 1 (default: ${range.join(",")})`,
      (text: string) => parsePair("--prefilter-range", text, "two correlations MIN,MAX from -1 to 1"),
    )
    .option(
      "--prefilter-edge <N>",
      `detector pixels at each border that get no weight (default: ${edge})`,
      numberParser("--prefilter-edge", edgeRule),
    );
  return command;
}

/** The flags of the prefilter, as commander hands them over. */
export interface PrefilterFlags {
  readonly prefilterBlur?: number;
  readonly prefilterRadius?: number;
  readonly prefilterFootprint?: PrefilterParameters["footprint"];
  readonly prefilterRange?: readonly [number, number];
  readonly prefilterEdge?: number;
}

/** The first flag that is given, such as `--prefilter-blur`, or `undefined`. */
export function givenPrefilterFlag(flags: PrefilterFlags): string | undefined {
  if (flags.prefilterBlur !== undefined) return "--prefilter-blur";
  if (flags.prefilterRadius !== undefined) return "--prefilter-radius";
  if (flags.prefilterFootprint !== undefined) return "--prefilter-footprint";
  if (flags.prefilterRange !== undefined) return "--prefilter-range";
  if (flags.prefilterEdge !== undefined) return "--prefilter-edge";
}

/**
 * The settings the flags ask for, on top of `base`.
 *
 * @throws {BadParameter} when they are out of range together
 */
export function choosePrefilter(flags: PrefilterFlags, base: PrefilterParameters): PrefilterParameters {
  const prefilter: PrefilterParameters = {
    blur: flags.prefilterBlur ?? base.blur,
    radius: flags.prefilterRadius ?? base.radius,
    footprint: flags.prefilterFootprint ?? base.footprint,
    range: flags.prefilterRange ?? base.range,
    edge: flags.prefilterEdge ?? base.edge,
  };
  checkPrefilter(prefilter);
  return prefilter;
}
