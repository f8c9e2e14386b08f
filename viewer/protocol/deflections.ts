/** How far the centre of mass of patterns is turned aside, and what its field integrates to. */

import { boolean, object, optional } from "valibot";
import type { Given } from "./checked.ts";
import { detector } from "./virtual_images.ts";

/** Takes as long as reading the scan. A request that is dropped is stopped. */
export const deflectionRequest = object({
  // The part of the patterns that counts; default: all of it, from the middle of the detector.
  detector: optional(detector),
  // Takes bad pixels as they were recorded.
  recorded: optional(boolean(), false),
});

/** Asks for shifts of the centre of mass. */
export type DeflectionRequest = Given<typeof deflectionRequest>;

/**
 * Header of shifts: `row` and `column`, f32 (row, column), in detector pixels less the mean over the scan, NaN where there are
 * no counts; `integrated`, f32, the map whose gradient they are, in detector pixels times probes.
 */
export interface DeflectionHeader {
  /** The mean that was taken away, from the middle of the detector that was asked for. */
  readonly mean: { readonly row: number; readonly column: number };
}
