/** `crystallite simulate --frames`: a series of scans of one specimen, with its truth. */

import type { Command } from "commander";
import { writeScanFile } from "../../library/conversion/convert.ts";
import { naming, parseNumber } from "../../library/parameters/number.ts";
import { simulationFlag } from "../../library/report/flag_names.ts";
import { writeOutputs } from "../../library/results/output_files.ts";
import { dtypeName } from "../../library/scan/dtype.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import type { Series } from "../../library/scan/scan.ts";
import { formatShape } from "../../library/scan/shape.ts";
import type { SimulationParameters } from "../../library/simulation/parameters.ts";
import { type SimulatedSeries, simulateSeries } from "../../library/simulation/series.ts";
import { defaultSeries, type SeriesParameters } from "../../library/simulation/series_parameters.ts";
import { SeriesTruth } from "../../library/simulation/series_truth.ts";
import { writeWhole } from "../../library/simulation/truth_file.ts";
import { trueEvents } from "../../library/scoring/true_events.ts";
import type { CommandRun } from "../console/command_context.ts";
import { formatBytes, formatCount, formatTable } from "../console/format_quantity.ts";
import { simulationProgress } from "./simulation_progress.ts";

/** Flags of a series, as commander hands them over: named like the parameters. */
export type SimulatedSeriesFlags = Partial<SeriesParameters>;

/** What each number is, in the order of the help. */
const numbers: readonly (readonly [name: Exclude<keyof SeriesParameters, "frames">, help: string])[] = [
  ["drift", "largest step of the specimen between frames, along each axis, in scan steps"],
  ["motion", "rms speed of each particle along each axis, in scan steps a frame"],
  ["spin", "rms turn of each grain about each axis, in degrees a frame"],
  ["growth", "mean growth of the radius of particles, in scan steps a frame"],
  ["merges", "pairs of particles that become one crystal"],
  ["births", "particles that appear"],
  ["dissolutions", "particles that shrink until they are gone"],
  ["coarsening", "films: rms speed of the boundaries of each grain, in scan steps a frame"],
  ["nucleations", "twins that appear, of those that there are"],
];

/** Adds the flags of a series. */
export function addSimulatedSeriesOptions(command: Command): Command {
  const parse = (name: string) => (text: string) =>
    naming(name, () => parseNumber(simulationFlag(name), text, { expected: "a number" }));
  command.option(
    "--frames <N>",
    "scans of a series of one specimen (default: a single scan)",
    parse("frames"),
  );
  for (const [name, help] of numbers) {
    command.option(
      `${simulationFlag(name)} <N>`,
      `with --frames: ${help} (default: ${defaultSeries[name]})`,
      parse(name),
    );
  }
  return command;
}

/** The parameters of a series among the flags; what is not given keeps its default. */
export function seriesParameters(flags: SimulatedSeriesFlags): Partial<SeriesParameters> {
  const names = Object.keys(defaultSeries) as (keyof SeriesParameters)[];
  return Object.fromEntries(
    names.flatMap((name) => flags[name] === undefined ? [] : [[name, flags[name]]]),
  );
}

/**
 * A single scan has nothing of what changes between frames.
 *
 * @throws {BadParameter} when a flag says so nevertheless
 */
export function refuseSeriesFlags(flags: SimulatedSeriesFlags): void {
  const [name] = Object.keys(seriesParameters(flags));
  if (name === undefined) return;
  throw new BadParameter(`${simulationFlag(name)} needs a series`, {
    expected: "--frames beside it",
    found: "a single scan",
    remedy: "add --frames N",
  });
}

/** Where a series is written. */
interface SeriesTarget {
  readonly out: string;
  readonly truth: string;
  /** Whether the format is a folder. */
  readonly folder: boolean;
  readonly force: boolean;
}

/** The series as files have them: `each` is called with every frame, in order, when it is first asked for. */
function asSeries(
  simulated: SimulatedSeries,
  each: (frame: ReturnType<SimulatedSeries["frame"]>) => void,
): Series {
  let current = simulated.frame(0), at = 0, next = 0;
  const { shape, calibration, source, dtype } = current.scan;
  return {
    ...{ frames: simulated.series.frames, shape, calibration, source, dtype, warnings: [] },
    frame(index) {
      if (index !== at) {
        current = simulated.frame(index);
        at = index;
      }
      if (index === next) {
        each(current);
        next++;
      }
      return current.scan;
    },
    close() {},
  };
}

/** Writes all frames (frame, row, column, qy, qx) and the truth, and says what it holds. */
export async function writeSimulatedSeries(
  run: CommandRun,
  scan: Partial<SimulationParameters>,
  given: Partial<SeriesParameters>,
  { out, truth, folder, force }: SeriesTarget,
): Promise<void> {
  const series = simulateSeries({ layout: "film", ...scan }, given), { frames } = series.series;
  const { rows, columns, patternRows, patternColumns } = series.shape;
  const gathered = new SeriesTruth(series), warnings = new Set<string>();
  const scans = asSeries(series, (staged) => {
    gathered.add(staged);
    staged.scan.warnings.forEach((warning) => warnings.add(warning));
  });
  const write = async (path: string) => {
    await writeScanFile(path, scans, simulationProgress(run.options));
  };
  await writeOutputs(
    [
      { path: out, folder, write },
      { path: truth, write: (path) => writeWhole(path, gathered.encode()) },
    ],
    force,
    run.options.signal,
  );
  warnings.forEach(run.warn);
  const events: Record<string, number> = {};
  const { data: merged } = gathered.arrays().find(({ name }) => name === "merged")!;
  const known = { ...series.shape, labels: gathered.labels, merged, splitOf: series.splitOf };
  for (const { kind, scored } of trueEvents(known)) {
    if (scored) events[kind] = (events[kind] ?? 0) + 1;
  }
  const bytes = 2 * frames * rows * columns * patternRows * patternColumns;
  run.print(
    { out, truth, frames, shape: series.shape, dtype: dtypeName("u16"), bytes, events },
    formatTable([
      ["series", `${formatCount(frames, "frame")} of ${formatShape(series.shape)}, ${formatBytes(bytes)}`],
      ["events", Object.entries(events).map(([kind, count]) => `${count} ${kind}`).join(", ") || "none"],
      ["written", out],
      ["truth", truth],
    ]),
  );
}
