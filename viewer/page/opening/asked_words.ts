/** Words about reading a file, changed one flag at a time. */

import { joinFlags, splitWord } from "../../../library/parameters/words.ts";
import { readingFields } from "./reading_fields.ts";
import type { Asked } from "./screen.ts";

const switches = new Set(
  [...readingFields.usual, ...readingFields.rare].filter(({ isSwitch }) => isSwitch).map(({ flag }) => flag),
);

/** The text of every flag that words name. */
export function wordsByFlag({ input }: Asked): Map<string, string> {
  const texts = new Map<string, string>();
  for (let place = 0; place < input.length; place++) {
    const [name, attached] = splitWord(input[place]);
    if (switches.has(name)) texts.set(name, "on");
    else texts.set(name, attached ?? input[++place] ?? "");
  }
  return texts;
}

/** The same with another text for a flag; an empty one leaves it out. */
export function withWord(asked: Asked, flag: string, text: string): Asked {
  const texts = wordsByFlag(asked);
  if (text === "") texts.delete(flag);
  else texts.set(flag, text);
  const input = joinFlags(
    Array.from(texts, ([name, own]) => own === "" ? [name] as const : [name, own] as const),
  );
  return { ...asked, input };
}
