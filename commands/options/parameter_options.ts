/** Parameters as options of commander: the only place where the two meet. */

import { type Command, Option } from "commander";
import { openScan } from "../../library/formats/open.ts";
import { clusterFlags } from "../../library/cluster/presets.ts";
import {
  type Flag,
  flagsOf,
  isSwitch,
  negated,
  negatedDefault,
  parseValue,
  statedDefault,
} from "../../library/parameters/flags.ts";
import { openOptions, type ReadingFlags, readingSchema } from "../../library/parameters/reading.ts";
import { detectorSchema } from "../../library/passes/detector/parameters.ts";
import { prefilterSchema } from "../../library/passes/prefilter/parameters.ts";
import type { Scan } from "../../library/scan/scan.ts";

/** An option whose value is called like the parameter, not like the flag. */
class ParameterOption extends Option {
  constructor(flags: string, description: string, readonly attribute: string) {
    super(flags, description);
  }

  override attributeName(): string {
    return this.attribute;
  }
}

/**
 * Adds an option for each flag, and `--no-…` for switches.
 *
 * @param withPresets whether the help names the defaults of presets too
 */
function addFlags(command: Command, flags: readonly Flag[], withPresets = false): Command {
  for (const flag of flags) {
    const { kind, attribute } = flag, stated = statedDefault(flag, withPresets);
    const help = `${plain(flag.help)} (default: ${stated})`;
    if (isSwitch(flag)) {
      command.addOption(new ParameterOption(flag.flag, help, attribute));
      const off = `${plain(flag.negatedHelp ?? `turn ${flag.flag} off`)} (default: ${negatedDefault(flag)})`;
      command.addOption(new ParameterOption(negated(flag.flag), off, attribute));
      continue;
    }
    const option = new ParameterOption(`${flag.flag} <${kind.placeholder}>`, help, attribute);
    if (kind.choices) option.choices(kind.choices);
    else option.argParser((text: string) => parseValue(flag, text));
    command.addOption(option);
    // Commander takes a parser's null for a missing value and puts "" in its place.
    command.on(`option:${option.name()}`, (text: string) => {
      if (kind.parse(text, flag.flag) === null) command.setOptionValue(attribute, null);
    });
  }
  return command;
}

/** Adds preset, method, comparison, masks, threshold, and all else that clustering is told. */
export function addClusterOptions(command: Command): Command {
  return addFlags(command, clusterFlags, true);
}

/** Adds the settings of the prefilter, without the switch that turns it on. */
export function addPrefilterOptions(command: Command): Command {
  return addFlags(command, flagsOf(prefilterSchema));
}

/** Adds what says how a file is read. */
export function addReadingOptions(command: Command): Command {
  return addFlags(command, flagsOf(readingSchema));
}

/** The same without the choice of one frame, for commands that take a series. */
export function addSeriesReadingOptions(command: Command): Command {
  const { frame: _, ...all } = readingSchema;
  return addFlags(command, flagsOf(all));
}

/**
 * Adds bad pixels and direct beam, for commands that look at the detector without clustering.
 *
 * @param badPixelDefault what `--bad-pixels` does when it is not given, where that is not the usual
 */
export function addDetectorOptions(command: Command, badPixelDefault?: string): Command {
  const { badPixels, center } = detectorSchema;
  const told = badPixelDefault === undefined ? badPixels : { ...badPixels, defaultText: badPixelDefault };
  return addFlags(command, flagsOf({ badPixels: told, center }));
}

/** Opens the scan a command works on, does the work, and closes the scan however that ends. */
export async function withScan<Result>(
  path: string,
  flags: ReadingFlags,
  work: (scan: Scan) => Promise<Result>,
): Promise<Result> {
  const scan = await openScan(path, openOptions(flags));
  try {
    return await work(scan);
  } finally {
    scan.close();
  }
}

/** Words to be typed are in backticks in the documentation only. */
function plain(help: string): string {
  return help.replaceAll("`", "");
}
