/** Images of virtual detectors. */

import { boolean, check, finite, number, object, optional, pipe } from "valibot";
import type { Given } from "./checked.ts";

const pixels = pipe(number(), finite("a finite number"));

/** A detector in pixels: a disk (`inner` = 0 and left out) or a ring, inner <= r <= outer, about a centre. */
export const detector = pipe(
  object({ row: pixels, column: pixels, inner: optional(pixels, 0), outer: pixels }),
  check(({ inner, outer }) => inner >= 0 && outer >= inner, "radii with 0 <= inner <= outer"),
);

/** A disk or a ring, in pixels. */
export type Detector = Given<typeof detector>;

/**
 * While a detector is dragged, `draft: true` allows an image from binned patterns; the answer says whether it is exact.
 * Exact images of large scans take as long as reading them. A request that is dropped is stopped.
 */
export const virtualRequest = object({
  detector,
  draft: optional(boolean(), false),
  // With a draft: at once, of a few probes, where the patterns are not in memory yet.
  coarse: optional(boolean(), false),
  // Takes bad pixels as they were recorded.
  recorded: optional(boolean(), false),
});

/** Asks for the image of a detector. */
export type VirtualRequest = Given<typeof virtualRequest>;

/** Header of a virtual image: `image`, f32 (row, column), sums of counts. */
export interface VirtualHeader {
  readonly exact: boolean;
  /** Detector pixels, per side, that were summed into one for a draft. */
  readonly bin: number;
  /** Absent for images that are not coarse. */
  readonly step?: ImageStep;
}

/** How many rows and columns one probe of a coarse image stands for. Where time ran out, rows are more. */
export interface ImageStep {
  readonly rows: number;
  readonly columns: number;
}
