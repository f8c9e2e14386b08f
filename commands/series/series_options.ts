/** What `series` is told beside what each of its frames is: which frames, what differs between them, how they are linked. */

import { type Command, Option } from "commander";
import type { FrameRange } from "../../library/formats/series_frames.ts";
import { naming, notUnderstood, parseNumber } from "../../library/parameters/number.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import { readText } from "../../library/scan/text_file.ts";
import { readUnlessWord } from "../../library/scan/word_or_file.ts";
import { exportParser } from "../options/parse_export.ts";
import { type TrackExport, trackExports } from "../../library/results/series/track_exports.ts";
import type { LinkingOptions } from "../../library/series/series_linker.ts";
import type { Drift } from "../../library/series/drift.ts";

/** Flags of linking, as commander hands them over. */
export interface LinkingFlags {
  readonly drift?: string;
  readonly maxShift?: number;
  readonly gap?: number;
  readonly remember?: number;
  readonly hint?: "auto" | "none";
}

/** Those of a series that is there already. */
export interface SeriesFlags extends LinkingFlags {
  readonly frames?: FrameRange;
  readonly frameValues?: string;
  readonly axis?: string;
  readonly export?: ReadonlySet<TrackExport>;
  readonly only?: number;
}

/** Adds all that a series is told. */
export function addSeriesOptions(command: Command): Command {
  command
    .option(
      "--frames <A:B:S>",
      "frames A to B - 1, each S-th; 0:100:2 is every second of a hundred (default: all)",
      parseRange,
    )
    .option(
      "--only <N>",
      "cluster frame N alone, counted from 0, and link nothing; needs frame 0 first, and --hint none for regions " +
        "(default: all frames)",
      (text: string) =>
        naming(
          "only",
          () =>
            parseNumber("--only", text, {
              expected: "a whole number of at least 0",
              minimum: 0,
              whole: true,
            }),
        ),
    )
    .option(
      "--frame-values <FILE>",
      "time, dose, temperature or tilt of each frame, one number a line, or note:NAME for what their files say, as info " +
        "prints it (default: none)",
    )
    .option("--axis <NAME UNIT>", 'what these numbers are, such as "time s" (default: frame)')
    .option(
      "--drift <HOW>",
      "auto, none, or a file with row and column of each step, in scan steps (default: auto)",
    )
    .option(
      "--export <LIST>",
      "tracks as a graph, tracks.geff (geff), and as labels of the Cell Tracking Challenge, tracks.ctc (ctc), too " +
        "(default: none)",
      exportParser(trackExports),
    );
  return addLinkingOptions(command);
}

/** Adds whether frames help each other, how long tracks are remembered, and how far a step is sought. */
export function addLinkingOptions(command: Command): Command {
  const whole = (flag: string, minimum: number, maximum: number) => (text: string) =>
    naming(flag.slice(2), () =>
      parseNumber(flag, text, {
        expected: `a whole number from ${minimum} to ${maximum}`,
        ...{ minimum, maximum, whole: true },
      }));
  return command
    .addOption(
      new Option(
        "--hint <HOW>",
        "whether the regions of a frame are found with the help of the frame before: auto or none (default: auto)",
      ).choices(["auto", "none"]),
    )
    .option(
      "--max-shift <N>",
      "largest step between frames that is looked for, in scan steps (default: a sixth of the scan, 8 to 16)",
      whole("--max-shift", 1, 256),
    )
    .option(
      "--gap <N>",
      "frames for which a track that ended alone is known again by its place (default: 2)",
      whole("--gap", 0, 100),
    )
    .option(
      "--remember <N>",
      "frames for which a track is remembered that is inside another, or that is known again by its pattern (default: 10)",
      whole("--remember", 0, 1000),
    );
}

function parseRange(text: string): FrameRange {
  const match = /^\s*(\d{1,9})?:(\d{1,9})?(?::(\d{1,9}))?\s*$/.exec(text);
  const first = Number(match?.[1] ?? 0), end = match?.[2] === undefined ? Infinity : Number(match[2]);
  const step = Number(match?.[3] ?? 1);
  if (!match || step < 1 || end <= first) {
    throw notUnderstood("--frames", text, "FIRST:END or FIRST:END:STEP with whole numbers, such as 0:100:2");
  }
  return { first, end, step };
}

/** The axis of a series: its name and unit. */
export function parseAxis(text: string | undefined): { name: string; unit?: string } {
  const [name = "frame", ...unit] = text?.trim().split(/\s+/).filter((word) => word !== "") ?? [];
  return { name, ...unit.length > 0 && { unit: unit.join(" ") } };
}

/**
 * Reads a number for each frame.
 *
 * @throws {BadParameter} when the file holds another number of them
 */
export async function readFrameValues(path: string, frames: number): Promise<number[]> {
  const expected = "a file with a number for each frame, or note:NAME";
  const read = (file: string) => readNumbers(file, 1, frames, "--frame-values");
  return (await readUnlessWord(path, "frameValues", expected, read)).map(([value]) => value);
}

/** How the frames of a series that is there are linked. */
export async function linkingOf(flags: LinkingFlags, frames: number): Promise<LinkingOptions> {
  const { drift = "auto" } = flags;
  const steps = drift === "auto" || drift === "none"
    ? drift
    : await readUnlessWord(drift, "drift", "auto, none, or a file of steps", (path) =>
      readSteps(path, frames));
  return { ...memoryOf(flags), drift: steps };
}

/** How long tracks are remembered, and how far a step is sought. */
export function memoryOf({ gap, remember, maxShift }: LinkingFlags): LinkingOptions {
  return {
    ...gap !== undefined && { gap },
    ...remember !== undefined && { remember },
    ...maxShift !== undefined && { largestStep: maxShift },
  };
}

/**
 * Seconds from a number with its unit: `90 s`, `10 min`, `2 h`.
 *
 * @throws {BadParameter} when the text is anything else
 */
export function parseSeconds(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(s|min|h)\s*$/.exec(text);
  if (!match) throw notUnderstood("--idle", text, 'a time with its unit, such as "90 s" or "10 min"');
  return Number(match[1]) * { s: 1, min: 60, h: 3600 }[match[2] as "s" | "min" | "h"];
}

async function readSteps(path: string, frames: number): Promise<Drift[]> {
  return (await readNumbers(path, 2, frames, "--drift")).map(([row, column]) => ({ row, column }));
}

async function readNumbers(path: string, each: number, lines: number, flag: string): Promise<number[][]> {
  const text = await readText(path);
  const rows = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const numbers = rows.map((line) => line.trim().split(/[\s,;]+/).map(Number));
  const wrong = numbers.findIndex((row) => row.length !== each || !row.every(Number.isFinite));
  if (wrong < 0 && numbers.length === lines) return numbers;
  throw new BadParameter(`${path} does not fit a series of ${lines} frames`, {
    file: path,
    parameter: flag.slice(2),
    expected: `${lines} lines of ${each === 1 ? "one number" : `${each} numbers`}`,
    found: wrong < 0 ? `${numbers.length} lines` : `line ${wrong + 1}: ${rows[wrong].slice(0, 40)}`,
    remedy: "give a line for each frame that is taken",
  });
}
