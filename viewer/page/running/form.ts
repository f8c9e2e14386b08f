/**
 * The parameters of a run as the page shows them: the same words as on the command line, printed from the schema. A preset
 * fills every field; the words of a form are the preset and what differs from it.
 */

import { clusterSchema } from "../../../library/cluster/parameters.ts";
import type { PresetName } from "../../../library/cluster/preset_name.ts";
import { clusterFlags, parametersUnder, presetNames } from "../../../library/cluster/presets.ts";
import { type Flag, isSwitch, negated } from "../../../library/parameters/flags.ts";
import type { Alternative, FormField } from "../../../library/parameters/form_field.ts";
import { flatten } from "../../../library/parameters/record.ts";
import { findFlag, joinFlags, splitWord } from "../../../library/parameters/words.ts";

/** Settings that fill all fields. */
export type Preset = "none" | PresetName;

/** A parameter with a field in the form. */
export type FieldFlag = Flag & { readonly field: FormField };

/** All fields, in the order of the form. */
export const fields: readonly FieldFlag[] = clusterFlags.filter((flag): flag is FieldFlag =>
  flag.field !== undefined
);

/** The text of every field, by the name of its flag; `on` or `off` for switches. */
export type FormTexts = Readonly<Record<string, string>>;

/** A form: what the preset says is only stored where it differs. */
export interface Form {
  readonly preset: Preset;
  readonly changed: FormTexts;
}

/** What a preset puts into the fields: its value, or what the field offers where it has none. */
export function presetTexts(preset: Preset): FormTexts {
  const values = flatten(clusterSchema, parametersUnder(preset === "none" ? undefined : preset));
  return Object.fromEntries(fields.map(({ flag, attribute, kind, field }) => {
    const value = values[attribute];
    return [flag, value === undefined ? field.offers?.[preset] ?? "" : kind.write(value)];
  }));
}

/** The form before anything is chosen: settings that need no parameter. */
export const firstForm: Form = { preset: "auto", changed: {} };

/** The text of every field. */
export function textsOf({ preset, changed }: Form): FormTexts {
  return { ...presetTexts(preset), ...changed };
}

/** The form with another text in a field. */
export function withText(form: Form, flag: string, text: string): Form {
  const { [flag]: _, ...others } = form.changed;
  return presetTexts(form.preset)[flag] === text
    ? { ...form, changed: others }
    : { ...form, changed: { ...others, [flag]: text } };
}

/** The words of `cluster` that a form stands for. */
export function wordsOf(form: Form): string[] {
  const texts = textsOf(form);
  const flags = fields.flatMap((field): (readonly [string, string?])[] => {
    const { flag, section } = field;
    // What a preset leaves open must be written out, while the parameter is used.
    const open = field.field.offers?.[form.preset] !== undefined && isShown(field, texts);
    if (form.changed[flag] === undefined && !open) return [];
    if (section !== undefined && texts[section] === "off") return [];
    const text = texts[flag].trim();
    return isSwitch(field) ? [[text === "on" ? flag : negated(flag)]] : [[flag, text]];
  });
  return [...form.preset === "none" ? [] : ["--preset", form.preset], ...joinFlags(flags)];
}

/** The form that gives the words; words that are no field are left out. */
export function formOf(words: readonly string[]): Form {
  const values = new Map<string, string>();
  let preset: Preset | undefined;
  for (let place = 0; place < words.length; place++) {
    const [name, attached] = splitWord(words[place]);
    const known = findFlag(clusterFlags, name);
    if (known && isSwitch(known)) values.set(known.flag, name === known.flag ? "on" : "off");
    else {
      const value = attached ?? words[++place] ?? "";
      if (name === "--preset") preset = presetNames.find((own) => own === value);
      else if (known) values.set(name, value);
    }
  }
  // As the command line takes it (presetOf in presets.ts).
  preset ??= values.has("--threshold") || values.has("--method") ? "none" : "auto";
  let form: Form = { preset, changed: {} };
  for (const [field, text] of values) form = withText(form, field, text);
  return form;
}

/** How many fields of two forms differ. */
export function countChanges(first: Form, second: Form): number {
  const one = textsOf(first), other = textsOf(second);
  return fields.filter(({ flag }) => one[flag] !== other[flag]).length;
}

/** Whether a field means something beside the others. */
export function isShown({ field: { when } }: FieldFlag, texts: FormTexts): boolean {
  return when === undefined || texts[when.flag] === when.text;
}

/** Which alternative a text is of, and the texts of its numbers. */
export function chosenAlternative(
  { alternatives }: FormField,
  text: string,
): { readonly chosen: Alternative; readonly numbers: string[] } {
  const takes = (alternative: Alternative, strict: boolean) => {
    const { id, prefix, numbers, file } = alternative;
    if (file !== undefined) return !strict;
    if (numbers === undefined) return text === id;
    if (prefix !== undefined) return text.startsWith(prefix);
    return !strict || isNumber(text);
  };
  const chosen = alternatives.find((one) => takes(one, true)) ??
    alternatives.findLast((one) => takes(one, false)) ?? alternatives[0];
  const { prefix = "", numbers = [] } = chosen;
  const values = text.slice(prefix.length).split(",").map((value) => value.trim());
  return { chosen, numbers: numbers.map((_, place) => values[place] ?? "") };
}

/** Whether a text is a number, however it is written. */
export function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
