/** The parameters inside `run.json`: written without their maps of pixels, and put back as far as the record tells. */

import { custom, type GenericSchema, object, picklist } from "valibot";
import { badPixelMap, type BadPixels } from "../passes/detector/bad_pixels_and_beam.ts";
import { checkParameters, defaultParameters } from "../cluster/presets.ts";
import type { ClusterParameters } from "../cluster/parameters.ts";
import type { FixedDetectorMask } from "../passes/detector/detector_mask.ts";
import { CrystalliteError } from "../scan/errors.ts";
import type { Misfit } from "../scan/schema.ts";

/** Parameters with maps of pixels reduced to where they came from and how many pixels they select. */
export type PlainParameters = {
  readonly [Name in keyof ClusterParameters]: ClusterParameters[Name] extends { readonly kind: string }
    ? PlainChoice
    : ClusterParameters[Name];
};

/** A choice such as a mask: its kind and its numbers. */
export interface PlainChoice {
  /** Which choice it is. */
  readonly kind: string;
  /** What belongs to the choice: radii, a threshold, the file that pixels came from. */
  readonly [name: string]: string | number;
}

/** What a map of pixels in the parameters is put back from. */
export interface RecordedMaps {
  readonly badPixels: BadPixels;
  /** Number of detector pixels. */
  readonly pixels: number;
  /** uint8 (row, column): the mask of the result. */
  readonly mask: Uint8Array;
}

/** The parameters as JSON can hold them. */
export function plainParameters(parameters: ClusterParameters): PlainParameters {
  const plain = Object.entries(parameters).map((
    [name, value],
  ) => [name, isChoice(value) ? plainChoice(value) : value]);
  return Object.fromEntries(plain) as PlainParameters;
}

/** A choice without its map. */
export function plainChoice(choice: { readonly kind: string }): PlainChoice {
  const plain: Record<string, string | number> & { kind: string } = { kind: choice.kind };
  for (const [name, value] of Object.entries<unknown>({ ...choice })) {
    if (value instanceof Uint8Array) {
      plain.pixels = value.reduce((count, pixel) => count + (pixel ? 1 : 0), 0);
    } else if (typeof value === "string" || typeof value === "number") {
      plain[name] = value;
    }
  }
  return plain;
}

/** A choice in a record. */
export const choiceSchema = custom<PlainChoice>(isChoice, "a choice with its kind");

/** Parameters in a record, as far as putting their maps back relies on them; {@link restoreParameters} checks the rest. */
export const parametersSchema = object({
  ...{ badPixels: choiceSchema, center: choiceSchema, detectorMask: choiceSchema, mask: choiceSchema },
  average: picklist(["raw", "filtered", "none"]),
}) as unknown as GenericSchema<unknown, PlainParameters>;

/**
 * The parameters of a run. Of a detector mask from a file only the name is known; nothing after the comparison asks for
 * more.
 *
 * @param refuse makes the error to throw
 * @throws what `refuse` makes, when they are out of range
 */
export function restoreParameters(
  parameters: PlainParameters,
  { badPixels, pixels, mask }: RecordedMaps,
  refuse: (misfit: Misfit) => Error,
): ClusterParameters {
  // Older records lack parameters that came later: their defaults are what the run had.
  const restored: Record<string, unknown> = { ...defaultParameters, ...parameters };
  if (parameters.badPixels.kind === "pixels") {
    const bad = badPixelMap(badPixels, pixels);
    restored.badPixels = { kind: "pixels", bad, source: String(parameters.badPixels.source) };
  }
  restored.detectorMask = restoreDetectorMask(parameters.detectorMask);
  if (parameters.mask.kind === "pixels") {
    restored.mask = { kind: "pixels", keep: mask, source: String(parameters.mask.source) };
  }
  const complete = restored as unknown as ClusterParameters;
  try {
    checkParameters(complete);
  } catch (cause) {
    if (!(cause instanceof CrystalliteError || cause instanceof TypeError)) throw cause;
    const { expected, found } = cause instanceof CrystalliteError ? cause.details : {};
    throw refuse({
      place: "parameters",
      expected: expected ?? "parameters as crystallite writes them",
      found: found ?? JSON.stringify(parameters).slice(0, 200),
    });
  }
  return complete;
}

/** Of a mask from a file only the name is known. */
export function restoreDetectorMask(mask: PlainChoice): FixedDetectorMask {
  if (mask.kind !== "pixels") return mask as unknown as FixedDetectorMask;
  return { kind: "pixels", keep: new Uint8Array(0), source: String(mask.source) };
}

function isChoice(value: unknown): value is { readonly kind: string } {
  return typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";
}
