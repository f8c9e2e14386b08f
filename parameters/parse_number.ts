/** Numbers on the command line. */

import { BadParameter } from "../library/scan/errors.ts";
import { parameterOf } from "./flag_names.ts";

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

/** The error of an option whose value is not understood. */
export function notUnderstood(option: string, text: string, expected: string): BadParameter {
  return new BadParameter(`${option} does not understand "${text}"`, {
    expected,
    found: text,
    parameter: parameterOf(option),
    remedy: `give ${option} ${expected}`,
  });
}

/**
 * Reads one number.
 *
 * @param option name of the option with its dashes, for the message
 * @throws {BadParameter} when the text is not a number or breaks the rule
 */
export function parseNumber(option: string, text: string, rule: NumberRule): number {
  const value = decimalNumber(text);
  const { minimum = -Infinity, maximum = Infinity, whole = false } = rule;
  const fits = value !== undefined && value >= minimum && value <= maximum &&
    (!whole || Number.isSafeInteger(value));
  if (!fits) throw notUnderstood(option, text, rule.expected);
  return value;
}

/** {@link parseNumber} as commander wants it: a function of the text alone. */
export function numberParser(option: string, rule: NumberRule): (text: string) => number {
  return (text) => parseNumber(option, text, rule);
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
