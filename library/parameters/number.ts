/** Parameters that are numbers. */

import { demand } from "../scan/demand.ts";
import { BadParameter } from "../scan/errors.ts";
import type { Kind } from "./schema.ts";

/** What a number must satisfy, and how to say so. */
export interface NumberRule {
  /** The rule in words with its unit, such as "0 to 100 detector pixels". */
  readonly expected: string;
  /** Smallest number allowed. */
  readonly minimum?: number;
  /** Largest number allowed. */
  readonly maximum?: number;
  /** Whether only whole numbers are allowed. */
  readonly whole?: boolean;
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The number that `text` spells in decimal notation, or `undefined`: no hexadecimal, no infinity, no blanks. */
export function decimalNumber(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** A whole number from 0 on, all of whose digits a double holds, or `undefined`. */
export function wholeNumberOf(text: string): number | undefined {
  const value = decimalNumber(text);
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** The error of an option whose value is not understood. */
export function notUnderstood(option: string, text: string, expected: string): BadParameter {
  return new BadParameter(`${option} does not understand "${text}"`, {
    expected,
    found: text,
    remedy: `give ${option} ${expected}`,
  });
}

/**
 * Does something with a parameter's text.
 *
 * @param parameter name in the library
 * @throws {BadParameter} of `work`, with that name
 */
export function naming<Value>(parameter: string, work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof BadParameter)) throw cause;
    throw new BadParameter(cause.message, { ...cause.details, parameter }, { cause });
  }
}

/**
 * Reads one number.
 *
 * @param option name of the option with its dashes, for the message
 * @throws {BadParameter} when the text is not a number or breaks the rule
 */
export function parseNumber(option: string, text: string, rule: NumberRule): number {
  const value = decimalNumber(text);
  if (value === undefined || !fits(value, rule)) throw notUnderstood(option, text, rule.expected);
  return value;
}

/**
 * Reads two numbers separated by a comma, such as `0.85,0.95`.
 *
 * @throws {BadParameter} when there are not exactly two numbers
 */
export function parsePair(option: string, text: string, expected: string): [number, number] {
  const values = text.split(",").map((part) => decimalNumber(part.trim()));
  const [first, second] = values;
  if (values.length !== 2 || first === undefined || second === undefined) {
    throw notUnderstood(option, text, expected);
  }
  return [first, second];
}

/**
 * Reads three numbers separated by commas, such as `0.01,0,0`.
 *
 * @throws {BadParameter} when there are not exactly three numbers
 */
export function parseTriple(option: string, text: string, expected: string): [number, number, number] {
  const values = text.split(",").map((part) => decimalNumber(part.trim()));
  const [first, second, third] = values;
  if (values.length !== 3 || first === undefined || second === undefined || third === undefined) {
    throw notUnderstood(option, text, expected);
  }
  return [first, second, third];
}

function fits(
  value: unknown,
  { minimum = -Infinity, maximum = Infinity, whole = false }: NumberRule,
): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= minimum && value <= maximum &&
    (!whole || Number.isSafeInteger(value));
}

/** One number that obeys a rule. */
export function numberKind(placeholder: string, rule: NumberRule): Kind<number> {
  return {
    placeholder,
    parse: (text, flag) => parseNumber(flag, text, rule),
    write: String,
    check: (value, name) => demand(fits(value, rule), name, rule.expected, value),
  };
}

/** A value, or a word in its place that stands for another one. */
export function wordOr<Value, Meaning extends string | null>(
  word: string,
  meaning: Meaning,
  kind: Kind<Value>,
): Kind<Value | Meaning> {
  return {
    placeholder: kind.placeholder,
    parse: (text, flag) => text.trim() === word ? meaning : kind.parse(text, flag),
    write: (value) => value === meaning ? word : kind.write(value as Value),
    check: (value, name) => value === meaning || kind.check(value as Value, name),
  };
}

/** Two numbers with a comma between, the first less than the second. */
export function rangeKind(placeholder: string, rule: NumberRule): Kind<readonly [number, number]> {
  return {
    placeholder,
    parse: (text, flag) => parsePair(flag, text, rule.expected),
    write: (range) => range.join(","),
    check: ([low, high], name) => {
      const holds = fits(low, rule) && fits(high, rule) && low < high;
      demand(holds, name, `${rule.minimum} <= MIN < MAX <= ${rule.maximum}`, `${low},${high}`);
    },
  };
}
