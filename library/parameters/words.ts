/** Words of the command line, understood by a list of flags: for programs other than the command line itself. */

import { BadParameter } from "../scan/errors.ts";
import { type Flag, isSwitch, negated, parseValue } from "./flags.ts";

/** A flag with its value, where it takes one. */
export type FlagWord = readonly [name: string, value?: string];

/**
 * Flags and their values, as words name them.
 *
 * @throws {BadParameter} when a word is no flag of the list, or a value is missing or too many
 */
export function splitWords(flags: readonly Flag[], words: readonly string[]): FlagWord[] {
  const found: FlagWord[] = [];
  for (let place = 0; place < words.length; place++) {
    const [name, attached] = splitWord(words[place]);
    const flag = findFlag(flags, name);
    if (!flag) throw unknownFlag(flags, name, words);
    if (isSwitch(flag)) {
      if (attached !== undefined) throw notFlags(words, `${name} takes no value`);
      found.push([name]);
    } else {
      const value = attached ?? words[++place];
      if (value === undefined) throw notFlags(words, `${name} <${flag.kind.placeholder}> lacks its value`);
      found.push([name, value]);
    }
  }
  return found;
}

/** `--flag=value` in two. */
export function splitWord(word: string): [name: string, value: string | undefined] {
  const equals = word.indexOf("=");
  return word.startsWith("--") && equals > 0
    ? [word.slice(0, equals), word.slice(equals + 1)]
    : [word, undefined];
}

/** The flag of a name, `--no-exact` being one of `--exact`. */
export function findFlag(flags: readonly Flag[], name: string): Flag | undefined {
  return flags.find((flag) => flag.flag === name || (isSwitch(flag) && negated(flag.flag) === name));
}

/** Flags as words. */
export function joinFlags(flags: readonly FlagWord[]): string[] {
  return flags.flatMap(([name, value]) => value === undefined ? [name] : [name, value]);
}

/**
 * The values that words give, by the names of {@link Flag.attribute}; of a flag that comes twice the last.
 *
 * @throws {BadParameter} when a word is not understood
 */
export function parseWords(flags: readonly Flag[], words: readonly string[]): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, value] of splitWords(flags, words)) {
    const known = findFlag(flags, name)!;
    given[known.attribute] = value === undefined ? name === known.flag : parseValue(known, value);
  }
  return given;
}

function unknownFlag(flags: readonly Flag[], name: string, words: readonly string[]): BadParameter {
  if (!name.startsWith("--")) return notFlags(words, `${name} is no flag`);
  const near = flags.map(({ flag }) => flag).filter((flag) => differ(flag, name) <= 2);
  return notFlags(
    words,
    `unknown option '${name}'`,
    near.length > 0 ? `did you mean ${near[0]}?` : undefined,
  );
}

function notFlags(words: readonly string[], why: string, guess?: string): BadParameter {
  return new BadParameter(why, {
    expected: "flags of crystallite cluster",
    found: words.join(" ").slice(0, 200),
    remedy: guess ?? "correct the flag",
  });
}

/** How many letters must be put in, taken away or changed to make one text of another (Levenshtein). */
function differ(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[other.length];
}
