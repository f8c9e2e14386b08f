/** The parameters of a run in words, for captions: those that are not what nobody has to say. */

import { isSwitch } from "../../../library/parameters/flags.ts";
import { chosenAlternative, type FieldFlag, fields, formOf, isShown, presetTexts, textsOf } from "./form.ts";

/** `blur 1 px, part of the pattern: outside a disk 4 px`; empty where all is as usual. */
export function parameterSentence(words: readonly string[]): string {
  const texts = textsOf(formOf(words)), usual = presetTexts("none");
  return fields.filter((field) => texts[field.flag] !== usual[field.flag] && isShown(field, texts))
    .map((field) => describe(field, texts[field.flag])).join(", ");
}

function describe(field: FieldFlag, text: string): string {
  const { name, alternatives, unit } = field.field,
    { chosen, numbers } = chosenAlternative(field.field, text);
  const called = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  if (isSwitch(field)) return text === "on" ? called : `no ${called}`;
  if (chosen.file !== undefined) return `${called} from a file`;
  const measured = numbers.length > 0 ? `${numbers.join(" to ")}${unit ? ` ${unit}` : ""}` : "";
  const word = chosen.id === "auto" ? "automatic" : chosen.label ?? chosen.id;
  const label = alternatives.length === 1 || chosen.id === "number" ? "" : word.toLowerCase();
  return [measured && !label ? called : `${called}:`, label, measured].filter(Boolean).join(" ");
}
