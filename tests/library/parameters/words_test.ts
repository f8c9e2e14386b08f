/** Words and parameters are inverses of each other, for every parameter there is. */

import assert from "node:assert/strict";
import { clusterSchema } from "../../../library/cluster/parameters.ts";
import {
  autoPreset,
  chooseParameters,
  clusterFlags,
  defaultParameters,
  flagsOfParameters,
  presetNames,
  py4dstemPreset,
  type UnreadParameters,
} from "../../../library/cluster/presets.ts";
import { entriesOf, flagsOf, isSection, settingName } from "../../../library/parameters/flags.ts";
import { type ReadingFlags, readingSchema } from "../../../library/parameters/reading.ts";
import { flagsOfRecord } from "../../../library/parameters/record.ts";
import { joinFlags, parseWords, splitWords } from "../../../library/parameters/words.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import { randomValue } from "../../support/parameter_words.ts";
import { seededRandom } from "../../support/random.ts";

const flags = [...flagsOf(readingSchema), ...flagsOf(clusterSchema)];
const wordsToParameters = (words: readonly string[]) => chooseParameters(parseWords(clusterFlags, words));

for (const flag of flags) {
  Deno.test(`${flag.flag}: the word of a value means the value`, () => {
    const random = seededRandom(1), { kind } = flag;
    const seen = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const value = randomValue(flag, random), word = kind.write(value);
      assert.deepEqual(kind.parse(word, flag.flag), value, word);
      seen.add(word);
    }
    assert.ok(seen.size > 1, "the values differ");
  });
}

/** Random parameters of a clustering, with the prefilter or without. */
function randomParameters(random: () => number): UnreadParameters {
  const record: Record<string, unknown> = {};
  const values = Object.fromEntries(
    flagsOf(clusterSchema).map((flag) => [flag.attribute, randomValue(flag, random)]),
  );
  for (const [name, entry] of entriesOf(clusterSchema)) {
    record[name] = !isSection(entry) ? values[name] : values[name]
      ? Object.fromEntries(
        entriesOf(entry.settings).map(([setting]) => [setting, values[settingName(name, setting)]]),
      )
      : null;
  }
  return record as unknown as UnreadParameters;
}

Deno.test("any parameters become words that give them again, whatever the preset they start from", () => {
  const random = seededRandom(2);
  for (let i = 0; i < 100; i++) {
    const wanted = randomParameters(random);
    for (const preset of [undefined, ...presetNames]) {
      const words = joinFlags(flagsOfParameters(wanted, preset));
      assert.deepEqual(wordsToParameters(words), wanted, words.join(" "));
      assert.deepEqual(joinFlags(splitWords(clusterFlags, words)), words);
    }
  }
});

Deno.test("reading survives as well", () => {
  const random = seededRandom(3), list = flagsOf(readingSchema);
  for (let i = 0; i < 100; i++) {
    const named = list.filter(() => random() < 0.5);
    const wanted: ReadingFlags = Object.fromEntries(
      named.map((flag) => [flag.attribute, randomValue(flag, random)]),
    );
    const words = joinFlags(flagsOfRecord(readingSchema, wanted, {}));
    assert.deepEqual(parseWords(list, words), wanted, words.join(" "));
  }
});

Deno.test("what presets alone could say has flags: border, missing neighbours, and exactness taken back", () => {
  const threshold = 0.5;
  for (
    const wanted of [
      { ...defaultParameters, threshold, borderWidth: 3 },
      { ...defaultParameters, threshold, missingNeighbour: -1 },
      { ...py4dstemPreset, threshold, exact: false },
      { ...py4dstemPreset, threshold, missingNeighbour: null, borderWidth: 0 },
    ]
  ) {
    for (const preset of [undefined, "py4dstem"] as const) {
      assert.deepEqual(wordsToParameters(joinFlags(flagsOfParameters(wanted, preset))), wanted);
    }
  }
  assert.deepEqual(joinFlags(flagsOfParameters({ ...py4dstemPreset, threshold, exact: false }, "py4dstem")), [
    ...["--preset", "py4dstem", "--threshold", "0.5", "--no-exact"],
  ]);
});

Deno.test("a preset alone is its name, and parameters without one name only what differs from the defaults", () => {
  assert.deepEqual(joinFlags(flagsOfParameters(autoPreset, "auto")), ["--preset", "auto"]);
  assert.deepEqual(joinFlags(flagsOfParameters({ ...defaultParameters, threshold: 0.9 })), [
    ...["--threshold", "0.9"],
  ]);
});

Deno.test("masks of pixels become the files they came from, never anything else", () => {
  const keep = new Uint8Array(4), bad = keep;
  for (const source of ["mask.npy", "none", "auto", "0.5", "bf", "disk:3", "file", "virtual"]) {
    const wanted = {
      ...{ ...defaultParameters, threshold: 0.9 },
      mask: { kind: "pixels", keep, source },
      detectorMask: { kind: "pixels", keep, source },
      badPixels: { kind: "pixels", bad, source },
    } as const;
    const { mask, detectorMask, badPixels } = wordsToParameters(joinFlags(flagsOfParameters(wanted)));
    for (const choice of [mask, detectorMask, badPixels]) {
      assert.ok(choice.kind === "path", source);
      assert.equal(choice.path.replace(/^\.\//, ""), source);
    }
  }
});

Deno.test("words that are no flags are refused with what might have been meant", () => {
  const refused = (words: string[], message: RegExp, remedy = /./) =>
    assert.throws(() => parseWords(clusterFlags, words), (error) => {
      assert.ok(error instanceof BadParameter);
      assert.match(error.message, message);
      assert.match(error.details.remedy!, remedy);
      return true;
    });
  refused(["--treshold", "0.9"], /unknown option '--treshold'/, /did you mean --threshold\?/);
  refused(["--colour", "red"], /unknown option '--colour'/, /correct the flag/);
  refused(["0.9"], /0\.9 is no flag/);
  refused(["--threshold"], /--threshold <T> lacks its value/);
  refused(["--exact=1"], /--exact takes no value/);
  refused(["--metric", "euclid"], /--metric does not understand "euclid"/, /cosine, centered or pearson/);
  refused(["--no-threshold"], /unknown option/);
});

Deno.test("of a flag that comes twice the last holds, with an equals sign too", () => {
  const words = ["--exact", "--no-exact", "--blur", "1", "--blur=2", "--min-size=9"];
  assert.deepEqual(parseWords(clusterFlags, words), { exact: false, blur: 2, minimumSize: 9 });
});
