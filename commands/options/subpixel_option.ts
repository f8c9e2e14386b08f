/** The option that says how peaks are placed. */

import { type Command, Option } from "commander";
import { subpixelMethods } from "../../library/passes/bragg_peaks/peak_settings.ts";

/**
 * Adds `--subpixel`.
 *
 * @param usual what is done without it, in words
 */
export function addSubpixelOption(command: Command, usual: string): Command {
  return command.addOption(
    new Option(
      "--subpixel <WAY>",
      "how peaks are placed to parts of a pixel: by parabolas on the correlogram (polyRaw) or on the blurred one (poly), on " +
        "a finer grid, which takes many times as long (multicorr), by fits of drawn disks to the pattern (fit), or not at " +
        `all (pixel) (default: ${usual})`,
    ).choices(subpixelMethods),
  );
}
