/**
 * What the parameters of the library are called on the command line, and texts of the library in those words: its
 * errors name `` `minimumSize` `` and `` `average: raw` `` (library/scan/errors.ts), which are `--min-size` and
 * `--average raw` here.
 */

import { clusterSchema } from "../cluster/parameters.ts";
import { flagsOf } from "../parameters/flags.ts";
import { readingSchema } from "../parameters/reading.ts";
import type { CrystalliteError, PlainError } from "../scan/errors.ts";
import { defaultSimulation } from "../simulation/parameters.ts";
import { defaultSeries } from "../simulation/series_parameters.ts";

/** The flag of each parameter; those of the simulation are named alike and follow by themselves. */
const flags: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [...flagsOf(readingSchema), ...flagsOf(clusterSchema)].map(({ parameter, flag }) => [parameter, flag]),
  ),
  detector: "--detector",
  diskRadius: "--disk-radius",
  axes: "--axes",
  crystal: "--crystal",
  drift: "--drift",
  excitationWidth: "--excitation-width",
  frameValues: "--frame-values",
  halfWidth: "--half-width",
  idle: "--idle",
  matches: "--matches",
  "page.averages": "--averages",
  maximumLength: "--max-q",
  "peaks.border": "--border",
  "peaks.leastHeight": "--least-height",
  "peaks.leastRelative": "--least-relative",
  "peaks.most": "--most",
  "peaks.relativeTo": "--relative-to",
  "peaks.spacing": "--spacing",
  "peaks.subpixel": "--subpixel",
  "peaks.template": "--template",
  reference: "--reference",
  source: "--source",
  template: "--disk-radius",
  zoneStep: "--zone-step",
  workers: "--workers",
  memory: "--memory",
  directory: "--out",
  out: "--out",
  compression: "--compression",
  force: "--force",
};

/** Values that are written otherwise on the command line; all others are written the same. */
const values: Readonly<Record<string, (value: string) => string>> = {
  frame: (first) => `${first}:${Number(first) + 1}`,
  badPixels: (kind) => kind === "pixels" ? "FILE" : kind,
  detectorMask: (kind) => kind === "outside" ? "outside:R" : kind,
  mask: (kind) => kind === "pixels" ? "FILE" : kind,
  threshold: (kind) => kind === "number" ? "T" : kind,
};

/** The flag of a parameter of the simulation: `patternRows` is `--pattern-rows`. */
export function simulationFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
}

/** The flag that stands for a parameter of the library; `undefined` where the command line offers none. */
export function flagOf(parameter: string): string | undefined {
  if (Object.hasOwn(flags, parameter)) return flags[parameter];
  const simulated = Object.hasOwn(defaultSimulation, parameter) || Object.hasOwn(defaultSeries, parameter);
  return simulated ? simulationFlag(parameter) : undefined;
}

/** The parameter that a flag stands for; `undefined` where the library knows none. */
export function parameterOf(flag: string): string | undefined {
  const names = [flags, defaultSimulation, defaultSeries].flatMap((known) => Object.keys(known));
  return names.find((name) => flagOf(name) === flag);
}

/** A name between backticks, alone or with a value. */
const mark = /`([a-z][A-Za-z]*(?:\.[a-z][A-Za-z]*)?)(?:: ([^`]+))?`/g;

/** A text of the library with flags in place of the parameters that it marks. */
export function inFlags(text: string): string {
  return text.replace(mark, (marked: string, parameter: string, value?: string) => {
    const flag = flagOf(parameter);
    if (flag === undefined) return marked;
    return value === undefined ? flag : `${flag} ${values[parameter]?.(value) ?? value}`;
  });
}

/** The fields of an error, with flags in place of the parameters that its sentences mark. */
export function errorInFlags(error: CrystalliteError): PlainError {
  const plain = error.toJSON(), { remedy } = plain;
  return { ...plain, message: inFlags(plain.message), ...(remedy && { remedy: inFlags(remedy) }) };
}
