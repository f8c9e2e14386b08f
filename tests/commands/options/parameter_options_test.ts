/** The command line understands words as the library does. */

import assert from "node:assert/strict";
import { Command } from "commander";
import { addClusterOptions, addReadingOptions } from "../../../commands/options/parameter_options.ts";
import { clusterFlags } from "../../../library/cluster/presets.ts";
import { flagsOf, isSwitch, negated } from "../../../library/parameters/flags.ts";
import { readingSchema } from "../../../library/parameters/reading.ts";
import { parseWords } from "../../../library/parameters/words.ts";
import { randomValue } from "../../support/parameter_words.ts";
import { seededRandom } from "../../support/random.ts";

Deno.test("random words mean the same to both", () => {
  const flags = [...flagsOf(readingSchema), ...clusterFlags], random = seededRandom(4);
  for (let i = 0; i < 100; i++) {
    const words = flags.filter(() => random() < 0.3).flatMap((flag) => {
      const value = randomValue(flag, random);
      if (isSwitch(flag)) return [value ? flag.flag : negated(flag.flag)];
      const word = flag.kind.write(value);
      return random() < 0.5 ? [flag.flag, word] : [`${flag.flag}=${word}`];
    });
    const command = addReadingOptions(addClusterOptions(new Command()));
    command.parse(words, { from: "user" });
    assert.deepEqual({ ...command.opts() }, parseWords(flags, words), words.join(" "));
  }
});
