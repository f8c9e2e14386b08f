/** `crystallite simulate --example`: a whole experiment by its name. */

import { type Command, Option } from "commander";
import { BadParameter } from "../../library/scan/errors.ts";
import {
  type ExampleName,
  exampleNames,
  type ExampleSize,
  exampleSizes,
  type SimulationExample,
  simulationExample,
} from "../../library/simulation/examples.ts";

/** Flags of an experiment, as commander hands them over. */
export interface ExampleFlags {
  readonly example?: ExampleName;
  readonly size?: ExampleSize;
}

/** Adds `--example` and `--size`. */
export function addExampleOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--example <NAME>",
        "an experiment by its name: gold particles in a liquid, as in the paper, a film of silver twins with strain, or " +
          "a film of gold and magnesium oxide; other options change it (default: none)",
      ).choices(exampleNames),
    )
    .addOption(
      new Option(
        "--size <NAME>",
        "with --example: 64 x 64 probes, 302 MB, or the 512 x 512 of the paper, 19 GB (default: small)",
      ).choices(exampleSizes),
    );
}

/**
 * The experiment that was asked for; `undefined` where none was.
 *
 * @throws {BadParameter} when a size is given without one
 */
export async function chosenExample({ example, size }: ExampleFlags): Promise<SimulationExample | undefined> {
  if (example !== undefined) return await simulationExample(example, size);
  if (size === undefined) return undefined;
  throw new BadParameter("--size needs an experiment", {
    expected: "--example beside it",
    found: "a scan without a name",
    remedy: `add --example NAME (${exampleNames.join(", ")}), or give --rows and --columns`,
  });
}
