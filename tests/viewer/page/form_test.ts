/** The form of the page says the same as the words of the command line. */

import assert from "node:assert/strict";
import { autoPreset, defaultParameters, paperPreset, py4dstemPreset } from "../../../mod.ts";
import { chooseParameters, clusterFlags } from "../../../library/cluster/presets.ts";
import { parseWords } from "../../../library/parameters/words.ts";
import {
  chosenAlternative,
  countChanges,
  fields,
  firstForm,
  type Form,
  formOf,
  presetTexts,
  textsOf,
  withText,
  wordsOf,
} from "../../../viewer/page/running/form.ts";

/** What the command line makes of words. */
function parametersOf(words: string[]) {
  return chooseParameters(parseWords(clusterFlags, words));
}

Deno.test("a preset alone means the preset", () => {
  const threshold = { kind: "auto" } as const;
  assert.deepEqual(parametersOf(wordsOf({ preset: "auto", changed: {} })), autoPreset);
  assert.deepEqual(parametersOf(wordsOf({ preset: "paper", changed: {} })), paperPreset);
  assert.deepEqual(parametersOf(wordsOf({ preset: "py4dstem", changed: {} })), {
    ...py4dstemPreset,
    threshold: 0.9,
  });
  assert.deepEqual(parametersOf(wordsOf({ preset: "none", changed: {} })), {
    ...defaultParameters,
    threshold,
  });
});

const changed: readonly (readonly [string, string])[] = [
  ["--method", "growth"],
  ["--bad-pixels", "none"],
  ["--q-center", "31.5,30"],
  ["--blur", "1.5"],
  ["--prefilter", "on"],
  ["--prefilter-radius", "2"],
  ["--prefilter-range", "0.5,0.9"],
  ["--metric", "pearson"],
  ["--q-mask", "annulus:6,30"],
  ["--threshold", "q0.3"],
  ["--mask", "0.8"],
  ["--min-size", "9"],
  ["--average", "none"],
  ["--exact", "on"],
];

Deno.test("the words of a form give the form again, and mean what its fields say", () => {
  for (const preset of ["none", "auto", "paper"] as const) {
    let form: Form = { preset, changed: {} };
    for (const [field, text] of changed) {
      form = withText(form, field, text);
      const words = wordsOf(form);
      assert.equal(countChanges(formOf(words), form), 0, `${preset} ${field}: ${words.join(" ")}`);
    }
    const parameters = parametersOf(wordsOf(form));
    assert.equal(parameters.method, "growth");
    assert.deepEqual(parameters.center, { kind: "at", row: 31.5, column: 30 });
    assert.deepEqual(parameters.prefilter?.range, [0.5, 0.9]);
    assert.deepEqual(parameters.detectorMask, { kind: "annulus", inner: 6, outer: 30 });
    assert.deepEqual(parameters.threshold, { kind: "quantile", quantile: 0.3 });
    assert.deepEqual(parameters.mask, { kind: "number", above: 0.8 });
    assert.equal(parameters.exact, true);
  }
});

Deno.test("switches that a preset turns on can be turned off", () => {
  const form = withText(withText({ preset: "paper", changed: {} }, "--prefilter", "off"), "--average", "raw");
  assert.equal(parametersOf(wordsOf(form)).prefilter, null);
  assert.equal(textsOf(formOf(wordsOf(form)))["--prefilter"], "off");
});

Deno.test("settings of the prefilter are only words while it is on", () => {
  const form = withText({ preset: "none", changed: {} }, "--prefilter-radius", "2");
  assert.ok(!wordsOf(form).includes("--prefilter-radius"));
});

Deno.test("a field that is set back is no change", () => {
  const form = withText(withText(firstForm, "--blur", "3"), "--blur", presetTexts("auto")["--blur"]);
  assert.deepEqual(form, firstForm);
});

Deno.test("words without preset, threshold and method are those of the preset auto", () => {
  assert.deepEqual(formOf([]), firstForm);
  assert.deepEqual(formOf(["--blur", "2"]), withText(firstForm, "--blur", "2"));
  assert.equal(formOf(["--method", "regions"]).preset, "none");
});

Deno.test("a form shows what words say of border, missing neighbours and exactness", () => {
  const words = ["--preset", "py4dstem", "--threshold", "0.7", "--border-width", "3", "--no-exact"];
  const texts = textsOf(formOf(words));
  assert.equal(texts["--border-width"], "3");
  assert.equal(texts["--missing-neighbour"], "-1");
  assert.equal(texts["--exact"], "off");
  assert.deepEqual(parametersOf(wordsOf(formOf(words))), parametersOf(words));
});

Deno.test("every text that a preset or a choice puts into a field is of one of its alternatives", () => {
  for (const preset of ["none", "auto", "paper", "py4dstem"] as const) {
    const texts = presetTexts(preset);
    for (const { flag, field } of fields) {
      const { chosen, numbers } = chosenAlternative(field, texts[flag]);
      if (chosen.numbers === undefined) assert.equal(chosen.id, texts[flag], flag);
      else assert.equal((chosen.prefix ?? "") + numbers.join(","), texts[flag], flag);
    }
  }
  for (const { flag, kind, field } of fields) {
    for (const alternative of field.alternatives) {
      if (field.alternatives.length === 1) continue;
      const text = alternative.first ?? alternative.id;
      assert.equal(chosenAlternative(field, text).chosen.id, alternative.id, `${flag} ${text}`);
      kind.parse(text, flag);
    }
  }
});

Deno.test("texts on their way to a number stay with their alternative", () => {
  const numbersOf = (flag: string, text: string) => {
    const { chosen, numbers } = chosenAlternative(fields.find((one) => one.flag === flag)!.field, text);
    return [chosen.id, ...numbers];
  };
  assert.deepEqual(numbersOf("--q-mask", "annulus:abc,30"), ["annulus", "abc", "30"]);
  assert.deepEqual(numbersOf("--q-mask", "disk:"), ["disk", ""]);
  assert.deepEqual(numbersOf("--q-mask", "/data/mask.npy"), ["path"]);
  assert.deepEqual(numbersOf("--threshold", "0.9x"), ["number", "0.9x"]);
  assert.deepEqual(numbersOf("--threshold", "qx"), ["quantile", "x"]);
  assert.deepEqual(numbersOf("--mask", "0.75"), ["number", "0.75"]);
  assert.deepEqual(numbersOf("--mask", "grains.npy"), ["path"]);
  assert.deepEqual(numbersOf("--q-center", "31.5,"), ["at", "31.5", ""]);
  assert.deepEqual(numbersOf("--bad-pixels", "./bad.npy"), ["path"]);
});

Deno.test("words with an equals sign and words of other options are understood", () => {
  const form = formOf(["--workers", "2", "--preset=paper", "--threshold=0.95", "--exact"]);
  assert.equal(form.preset, "paper");
  assert.deepEqual(form.changed, { "--threshold": "0.95", "--exact": "on" });
});
