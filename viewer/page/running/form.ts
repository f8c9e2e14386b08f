/**
 * The parameters of a run as the page shows them: the same words as on the command line. A preset fills every field; the
 * words of a form are the preset and what differs from it.
 */

import {
  autoPreset,
  type ClusterParameters,
  defaultParameters,
  paperPreset,
  py4dstemPreset,
} from "../../../library/cluster/parameters.ts";
import { defaultPrefilter } from "../../../library/passes/prefilter/footprint.ts";

/** Settings that fill all fields. */
export type Preset = "none" | "auto" | "paper" | "py4dstem";

/** Fields, by the name of their flag. */
export const fields = [
  "--method",
  "--bad-pixels",
  "--q-center",
  "--blur",
  "--prefilter",
  "--prefilter-blur",
  "--prefilter-radius",
  "--prefilter-footprint",
  "--prefilter-range",
  "--prefilter-edge",
  "--metric",
  "--q-mask",
  "--threshold",
  "--mask",
  "--min-size",
  "--average",
  "--exact",
] as const;

export type Field = typeof fields[number];

/** The text of every field; `on` or `off` for switches. */
export type FormTexts = Readonly<Record<Field, string>>;

/** A form: what the preset says is only stored where it differs. */
export interface Form {
  readonly preset: Preset;
  readonly changed: Readonly<Partial<FormTexts>>;
}

const presets: Readonly<Record<Preset, Partial<ClusterParameters>>> = {
  none: { ...defaultParameters, threshold: { kind: "auto" } },
  auto: autoPreset,
  paper: paperPreset,
  py4dstem: { ...py4dstemPreset, threshold: 0.9 },
};

/** Presets that leave the threshold to the user: what the form offers must be written out. */
const withoutThreshold: readonly Preset[] = ["none", "py4dstem"];

/** What a preset puts into the fields. */
export function presetTexts(preset: Preset): FormTexts {
  const parameters = presets[preset] as ClusterParameters;
  const { prefilter, threshold } = parameters;
  const { blur, radius, footprint, range, edge } = prefilter ?? defaultPrefilter;
  return {
    "--method": parameters.method,
    "--bad-pixels": parameters.badPixels.kind,
    "--q-center": parameters.center.kind,
    "--blur": String(parameters.blur),
    "--prefilter": prefilter ? "on" : "off",
    "--prefilter-blur": String(blur),
    "--prefilter-radius": String(radius),
    "--prefilter-footprint": footprint,
    "--prefilter-range": range.join(","),
    "--prefilter-edge": String(edge),
    "--metric": parameters.metric,
    "--q-mask": parameters.detectorMask.kind,
    "--threshold": typeof threshold === "number" ? String(threshold) : threshold.kind,
    "--mask": parameters.mask.kind,
    "--min-size": String(parameters.minimumSize),
    "--average": parameters.average,
    "--exact": parameters.exact ? "on" : "off",
  };
}

/** The form before anything is chosen: settings that need no parameter. */
export const firstForm: Form = { preset: "auto", changed: {} };

/** The text of every field. */
export function textsOf({ preset, changed }: Form): FormTexts {
  return { ...presetTexts(preset), ...changed };
}

/** The form with another text in a field. */
export function withText(form: Form, field: Field, text: string): Form {
  const { [field]: _, ...others } = form.changed;
  return presetTexts(form.preset)[field] === text
    ? { ...form, changed: others }
    : { ...form, changed: { ...others, [field]: text } };
}

/** The words of `cluster` that a form stands for. */
export function wordsOf(form: Form): string[] {
  const texts = textsOf(form);
  const words = form.preset === "none" ? [] : ["--preset", form.preset];
  for (const field of fields) {
    const needed = field === "--threshold" && withoutThreshold.includes(form.preset) &&
      texts["--method"] === "growth";
    if (form.changed[field] === undefined && !needed) continue;
    const text = texts[field].trim();
    if (field.startsWith("--prefilter-") && texts["--prefilter"] === "off") continue;
    if (field === "--prefilter") words.push(text === "on" ? field : "--no-prefilter");
    else if (field === "--exact") { if (text === "on") words.push(field); }
    // Without --q-center the index centre is taken; there is no word for it.
    else if (!(field === "--q-center" && text === "index")) words.push(field, text);
  }
  return words;
}

/** The form that gives the words; words that are no field are left out. */
export function formOf(words: readonly string[]): Form {
  const values = new Map<Field, string>();
  let preset: Preset = "none";
  for (let place = 0; place < words.length; place++) {
    const [flag, attached] = splitWord(words[place]);
    if (flag === "--prefilter" || flag === "--exact") values.set(flag, "on");
    else if (flag === "--no-prefilter") values.set("--prefilter", "off");
    else {
      const value = attached ?? words[++place] ?? "";
      if (flag === "--preset" && Object.hasOwn(presets, value)) preset = value as Preset;
      else if (isField(flag)) values.set(flag, value);
    }
  }
  let form: Form = { preset, changed: {} };
  for (const [field, text] of values) form = withText(form, field, text);
  return form;
}

function splitWord(word: string): [string, string | undefined] {
  const equals = word.indexOf("=");
  return word.startsWith("--") && equals > 0
    ? [word.slice(0, equals), word.slice(equals + 1)]
    : [word, undefined];
}

function isField(flag: string): flag is Field {
  return (fields as readonly string[]).includes(flag);
}

/** How many fields of two forms differ. */
export function countChanges(first: Form, second: Form): number {
  const one = textsOf(first), other = textsOf(second);
  return fields.filter((field) => one[field] !== other[field]).length;
}

/** A text such as `annulus:6,30` as its kind and its numbers. */
export function splitChoice(text: string): { kind: string; values: string[] } {
  const [, kind, rest] = /^([a-z]+)(?::(.*))?$/.exec(text.trim()) ?? [];
  if (kind === undefined) return { kind: "", values: [text] };
  return { kind, values: rest === undefined ? [] : rest.split(",").map((value) => value.trim()) };
}
