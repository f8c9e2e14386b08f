/** Similarity thresholds, as words, as texts, and as choices of a form. */

import type { Alternative } from "../parameters/form_field.ts";
import { decimalNumber, notUnderstood, parseNumber } from "../parameters/number.ts";
import type { Kind, NumberStyle } from "../parameters/schema.ts";
import { demand } from "../scan/demand.ts";

/**
 * Neighbours at least this similar are joined: a number from -1 to 1; `auto`, the number at which the sizes of the
 * clusters tell most (largest entropy); or a quantile of the similarities, 0 to 1.
 */
export type Threshold =
  | number
  | { readonly kind: "auto" }
  | { readonly kind: "quantile"; readonly quantile: number };

/** `T|auto|qX`. */
export const thresholdKind: Kind<Threshold> = {
  placeholder: "T",
  parse: (text, flag) => {
    const word = text.trim();
    if (word === "auto") return { kind: "auto" };
    const quantile = /^q(.+)$/.exec(word)?.[1];
    if (quantile !== undefined) {
      const value = decimalNumber(quantile);
      if (value !== undefined && value >= 0 && value <= 1) return { kind: "quantile", quantile: value };
      throw notUnderstood(flag, text, "qX with a quantile X from 0 to 1");
    }
    if (decimalNumber(word) === undefined) {
      throw notUnderstood(flag, text, "a number from -1 to 1, auto, or qX with a quantile X from 0 to 1");
    }
    return parseNumber(flag, word, { expected: "a number from -1 to 1", minimum: -1, maximum: 1 });
  },
  write: (threshold) => {
    if (typeof threshold === "number") return String(threshold);
    return threshold.kind === "auto" ? "auto" : `q${threshold.quantile}`;
  },
  check: (threshold, name) => {
    if (typeof threshold === "number") {
      demand(threshold >= -1 && threshold <= 1, name, "a number from -1 to 1", threshold);
    } else if (threshold.kind === "quantile") {
      const { quantile } = threshold;
      demand(quantile >= 0 && quantile <= 1, name, "a quantile from 0 to 1", quantile);
    }
  },
};

/** The same as choices of a form. */
export const thresholdChoices: readonly Alternative[] = [
  { id: "auto", label: "Choose" },
  { id: "quantile", label: "Quantile", prefix: "q", numbers: ["Quantile"], first: "q0.5" },
  { id: "number", label: "Number", numbers: ["Threshold"], first: "0.9" },
];

/**
 * The threshold in the words of the field.
 *
 * @param settled what it came to; `null` where there was none
 */
export function describeThreshold(given: Threshold, settled: number | null, { number }: NumberStyle): string {
  if (settled === null) return "none: regions end where mean patterns differ";
  const text = number(settled, 8);
  if (typeof given === "number") return text;
  return given.kind === "auto"
    ? `${text} (automatic)`
    : `${text} (quantile ${number(given.quantile)} of the similarities)`;
}
