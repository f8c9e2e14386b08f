/**
 * What arrives from outside (files, requests) is checked by a schema of valibot, and the first thing that is wrong
 * becomes the fields of our errors. A text given to a schema says what it expects, such as `"a whole number of at
 * least 1"`; where none is given, {@link parseSchema} finds words for it. Pure computation: browsers use it too.
 */

import {
  type BaseIssue,
  custom,
  type GenericSchema,
  type InferOutput,
  pipe,
  rawCheck,
  safeParse,
} from "valibot";

/** The first thing about a value that its schema does not allow. */
export interface Misfit {
  /** Where in the value it stands, such as `regions.bendingPairs[3].first`; empty for the value itself. */
  readonly place: string;
  /** What is expected there. */
  readonly expected: string;
  /** What stands there, as JSON and cut short; `nothing` where there is nothing. */
  readonly found: string;
}

/** Longest text of what was found. */
const mostFound = 200;

/**
 * The value as its schema describes it.
 *
 * @param refuse makes the error to throw
 * @throws what `refuse` makes, of the first thing that is wrong
 */
export function parseSchema<const Schema extends GenericSchema>(
  schema: Schema,
  value: unknown,
  refuse: (misfit: Misfit) => Error,
): InferOutput<Schema> {
  const result = safeParse(schema, value, { abortEarly: true, message: expectedBy });
  if (result.success) return result.output;
  throw refuse(misfitOf(result.issues[0]));
}

/**
 * The same of a value that stays as it is, with what its schema does not speak of.
 *
 * @throws as {@link parseSchema}
 */
export function demandSchema<const Schema extends GenericSchema>(
  schema: Schema,
  value: unknown,
  refuse: (misfit: Misfit) => Error,
): asserts value is InferOutput<Schema> {
  parseSchema(schema, value, refuse);
}

/** An issue of valibot in our terms. */
function misfitOf(issue: BaseIssue<unknown>): Misfit {
  const place = (issue.path ?? []).map(({ key }) => typeof key === "number" ? `[${key}]` : `.${String(key)}`);
  return { place: place.join("").replace(/^\./, ""), expected: issue.message, found: asText(issue.input) };
}

/** A whole number that a float64 holds exactly, at least `least` and at most `most`. */
export function wholeNumber(least = -Infinity, most = Infinity) {
  const isOne = (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
  const range = least === -Infinity
    ? (most === Infinity ? "" : ` of at most ${most}`)
    : (most === Infinity ? ` of at least ${least}` : ` from ${least} to ${most}`);
  return custom<number>(isOne, `a whole number${range}`);
}

/** A list of any number of numbers, looked through in one loop: a schema per number takes several times as long. */
export function numberList(holds: (value: number) => boolean, expected: string) {
  return pipe(
    custom<readonly number[]>((value) => Array.isArray(value), "a list of numbers"),
    rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const input = dataset.value as number[];
      const key = input.findIndex((value) => typeof value !== "number" || !holds(value));
      if (key < 0) return;
      const value = input[key];
      addIssue({
        input: value,
        message: expected,
        path: [{ type: "array", origin: "value", input, key, value }],
      });
    }),
  );
}

/** Words for what a schema without words of its own expects. */
function expectedBy(issue: BaseIssue<unknown>): string {
  if (issue.issues) return Array.from(new Set(issue.issues.map(({ message }) => message))).join(", or ");
  // An object without one of its keys speaks of the key, which is in the place already.
  if (issue.path && issue.input === undefined) return "a value";
  return words[issue.expected ?? ""] ??
    (issue.expected ?? "another value").replace(/^\((.*)\)$/, "$1").replaceAll(" | ", " or ");
}

const words: Readonly<Record<string, string>> = {
  never: "nothing",
  string: "text",
  number: "a number",
  boolean: "true or false",
  Object: "an object",
  Array: "a list",
};

function asText(value: unknown): string {
  if (value === undefined) return "nothing";
  // JSON has no NaN, no infinity and no whole numbers beyond float64.
  const text = typeof value === "object" || typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > mostFound ? `${text.slice(0, mostFound - 1)}…` : text;
}
