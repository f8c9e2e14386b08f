/** Parameters with a few words to choose from, and switches. */

import { demand } from "../scan/demand.ts";
import { notUnderstood } from "./number.ts";
import type { Kind } from "./schema.ts";

/** One of some words. */
export function choiceKind<Word extends string>(placeholder: string, choices: readonly Word[]): Kind<Word> {
  const expected = listed(choices);
  return {
    placeholder,
    choices,
    parse: (text, flag) => {
      const word = choices.find((choice) => choice === text);
      if (word === undefined) throw notUnderstood(flag, text, expected);
      return word;
    },
    write: (word) => word,
    check: (word, name) => demand(choices.includes(word), name, expected, word),
  };
}

/** On or off: `--exact` or `--no-exact`, and the words `on` and `off` in texts. */
export const switchKind: Kind<boolean> = {
  parse: (text, flag) => {
    if (text !== "on" && text !== "off") throw notUnderstood(flag, text, "on or off");
    return text === "on";
  },
  write: (value) => value ? "on" : "off",
  check: (value, name) => demand(typeof value === "boolean", name, "true or false", value),
};

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
