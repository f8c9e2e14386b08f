/** Words about reading a file, changed one flag at a time. */

import { flagsOf, isSwitch } from "../../../library/parameters/flags.ts";
import { readingSchema } from "../../../library/parameters/reading.ts";
import { findFlag, joinFlags, splitWord } from "../../../library/parameters/words.ts";
import type { Asked } from "./screen.ts";

const flags = flagsOf(readingSchema);

/** The text of every flag that words name. */
export function wordsByFlag({ input }: Asked): Map<string, string> {
  const texts = new Map<string, string>();
  for (let place = 0; place < input.length; place++) {
    const [name, attached] = splitWord(input[place]), known = findFlag(flags, name);
    if (known && isSwitch(known)) texts.set(name, "");
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
