/** The form of the page says the same as the words of the command line. */

import assert from "node:assert/strict";
import { autoPreset, defaultParameters, paperPreset, py4dstemPreset } from "../../../mod.ts";
import { chooseParameters, clusterFlags } from "../../../library/cluster/presets.ts";
import { parseWords } from "../../../library/parameters/words.ts";
import {
  countChanges,
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

Deno.test("words with an equals sign and words of other options are understood", () => {
  const form = formOf(["--workers", "2", "--preset=paper", "--threshold=0.95", "--exact"]);
  assert.equal(form.preset, "paper");
  assert.deepEqual(form.changed, { "--threshold": "0.95", "--exact": "on" });
});
