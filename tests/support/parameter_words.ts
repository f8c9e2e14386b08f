/** Random words and records of a schema, whatever its parameters are. */

import { BadParameter } from "../../library/scan/errors.ts";
import type { Flag } from "../../library/parameters/flags.ts";
import { isSwitch } from "../../library/parameters/flags.ts";

type Random = () => number;

const pick = <Value>(random: Random, values: readonly Value[]) =>
  values[Math.floor(random() * values.length)];

/** A number as text: whole, small, negative, with many digits or an exponent. */
function numberText(random: Random): string {
  const value = pick(random, [
    () => Math.floor(random() * 40),
    () => random(),
    () => -random(),
    () => random() * 10 ** Math.floor(30 * random() - 15),
  ])();
  return String(value);
}

/** A text that may be a word of some parameter or of none. */
function wordText(random: Random): string {
  const number = () => numberText(random), whole = () => Math.floor(random() * 50);
  const pair = () => `${number()},${number()}`;
  const first = whole(), row = whole();
  return pick(random, [
    number,
    pair,
    () => [random(), random() * 2 - 1].sort((one, other) => one - other).join(","),
    () => pick(random, ["none", "auto", "index", "file", "triangle", "virtual"]),
    () => `${pick(random, ["q", "disk:", "outside:", "annulus:"])}${pick(random, [number, pair])()}`,
    () => pick(random, ["./mask.npy", "./auto", "C:\\masks\\q.png", "a b.npy", "disk", "./0.5", "ä.npy"]),
    () => `${first}:${first + 1}`,
    () => `${row}:${row + 1 + whole()},${first}:${first + 1 + whole()}`,
    () => `${1 + whole()}x${1 + whole()}`,
    () => Array.from({ length: 2 + Math.floor(4 * random()) }, () => 1 + whole()).join("x"),
    () => pick(random, ["uint8", "int8", "uint16", "int32", "float32", "float64"]),
    () => `${number()} ${pick(random, ["nm", "A", "A^-1", "mrad"])}`,
  ])();
}

/**
 * A random value of a parameter.
 *
 * @throws where no text that is tried is one of its words: add such texts to this file
 */
export function randomValue({ flag, kind, ...more }: Flag, random: Random): unknown {
  if (isSwitch({ kind, ...more } as Flag)) return random() < 0.5;
  for (let tries = 0; tries < 5000; tries++) {
    try {
      const value = kind.parse(kind.choices ? pick(random, kind.choices) : wordText(random), flag);
      kind.check(value, flag);
      return value;
    } catch (cause) {
      if (!(cause instanceof BadParameter)) throw cause;
    }
  }
  throw new Error(`no random text is a word of ${flag}`);
}
