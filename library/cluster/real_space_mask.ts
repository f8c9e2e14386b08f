/** Which probes may be clustered (spec stage 4). */

import { BadParameter } from "../scan/errors.ts";
import type { MaskDecision } from "./decisions/decisions.ts";
import type { RealSpaceMask } from "./real_space_mask_kind.ts";
import { triangleThreshold } from "./triangle.ts";

/** A rule for the mask, with the threshold where it is known already. */
export type MaskRule = MaskDecision & { readonly threshold?: number };

/**
 * How the mask follows from the mean similarity, or the mask itself where it does not. An automatic mask admits every
 * probe at first: the background is taken away once it is known.
 *
 * @param darkField the dark-field image, for a virtual mask
 * @throws {BadParameter} when a mask does not fit the scan
 */
export function maskRule(rule: RealSpaceMask, probes: number, darkField: Float32Array | undefined): MaskRule {
  switch (rule.kind) {
    case "none":
    case "auto":
      return { kind: "fixed", mask: new Uint8Array(probes).fill(1) };
    case "number":
    case "triangle":
      return rule;
    case "virtual": {
      const threshold = triangleThreshold(darkField!);
      return { kind: "fixed", mask: above(darkField!, threshold), threshold };
    }
    case "pixels":
      if (rule.keep.length !== probes) {
        throw new BadParameter("the real-space mask does not fit the scan", {
          file: rule.source,
          expected: `${probes} probe positions`,
          found: `${rule.keep.length}`,
          parameter: "mask",
          remedy: "give a mask with one value for each probe position",
        });
      }
      return { kind: "fixed", mask: rule.keep.map((keep) => keep ? 1 : 0) };
  }
}

/** The mask by its rule, and the number it compared with. */
export function realSpaceMask(
  rule: MaskRule,
  mean: Float32Array,
): { mask: Uint8Array; threshold?: number } {
  if (rule.kind === "fixed") return rule;
  const threshold = rule.kind === "number" ? rule.above : triangleThreshold(mean);
  return { mask: above(mean, threshold), threshold };
}

function above(values: Float32Array, threshold: number): Uint8Array {
  return Uint8Array.from(values, (value) => value > threshold ? 1 : 0);
}
