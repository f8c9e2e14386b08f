/** `crystallite info`: what was understood of a file. */

import { Command } from "commander";
import { autoPreset, defaultParameters, paperPreset } from "../../library/cluster/presets.ts";
import { type EstimateParameters, estimateRun, type RunEstimate } from "../../library/cluster/estimate.ts";
import { isSeries, type Scan, type Series } from "../../library/scan/scan.ts";
import { openFile } from "../../library/formats/open.ts";
import { CrystalliteError, type PlainError } from "../../library/scan/errors.ts";
import type { Calibration, PixelSize } from "../../library/scan/calibration.ts";
import type { RunOptions } from "../../library/engine/options.ts";
import { valueNoise } from "../../library/passes/detector/value_noise.ts";
import { prepareDetector } from "../../library/passes/detector/preparation.ts";
import { scanBytes } from "../../library/results/run_record.ts";
import { dtypeName } from "../../library/scan/dtype.ts";
import { formatShape, probeCount } from "../../library/scan/shape.ts";
import { describeType, numberName } from "../../library/scan/stored_number.ts";
import { reciprocalSize } from "../../library/scan/units.ts";
import { errorInFlags, flagOf } from "../../library/report/flag_names.ts";
import { type CommandContext, type PrintedValue, runWithProgress } from "../console/command_context.ts";
import { formatBytes, formatNumber, formatSeconds, formatTable } from "../console/format_quantity.ts";
import { openOptions, type ReadingFlags } from "../../library/parameters/reading.ts";
import type { DetectorFlags } from "../../library/passes/detector/parameters.ts";
import { addDetectorOptions, addReadingOptions, withScan } from "../options/parameter_options.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  type ResourceFlags,
} from "../options/output_options.ts";
import { readBadPixels } from "../../library/passes/detector/mask_files.ts";

const examples = `
Examples:
  crystallite info scan.h5
  crystallite info frames.h5 --scan-shape 256x256
  crystallite info scan.npy --roi 0:64,0:64 --q-bin 2 --q-center auto
`;

type Line = readonly [name: string, value: string | undefined];

/** Flags of `info`, as commander hands them over. */
interface Flags extends ReadingFlags, DetectorFlags, OutputFlags, ResourceFlags {}

/** The command `info`. */
export function infoCommand(context: CommandContext) {
  const command = new Command("info")
    .summary("show what is understood of a file")
    .description(
      "Shows the shape, number type and calibration of a scan as it would be read with the given options, and an " +
        "estimate of memory and time. With --bad-pixels or --q-center it also shows what those find. A 5D file is listed.",
    )
    .argument("<input>", "file to look at");
  return addOutputOptions(
    addResourceOptions(addDetectorOptions(addReadingOptions(command), "not looked for")),
  )
    .addHelpText("after", examples)
    .action(async (input: string, flags: Flags) => {
      await runWithProgress(context, flags, async (run) => {
        const frames = flags.frame === undefined ? await listFrames(input, flags) : null;
        if (frames !== null) return run.print(frames.plain, frames.text);
        await withScan(input, flags, async (scan) => {
          const { plain, lines, warnings: found } = await describeDetector(scan, flags, run.options);
          const warnings = [...scan.warnings, ...found];
          const estimates = {
            // What cluster does unless it is told a threshold.
            default: estimate(scan, autoPreset, run.options),
            growth: estimate(scan, defaultParameters, run.options),
            paper: estimate(scan, paperPreset, run.options),
          };
          run.print(
            { ...describe(scan), bytes: scanBytes(scan), ...plain, estimates, warnings },
            formatTable([
              ...linesOf(scan),
              ["data", formatBytes(scanBytes(scan))],
              ...lines,
              ["cluster", formatEstimate(estimates.default)],
              ["  --threshold T", formatEstimate(estimates.growth)],
              ["  --preset paper", formatEstimate(estimates.paper)],
            ]) + warningLines(warnings),
          );
        });
      });
    });
}

/** What a file holds if it is a series; `null` for a single scan. */
async function listFrames(
  input: string,
  flags: ReadingFlags,
): Promise<{ plain: PrintedValue; text: string } | null> {
  const opened = await openFile(input, openOptions(flags));
  opened.close();
  if (!isSeries(opened)) return null;
  const { frames, warnings } = opened;
  const bytesPerFrame = scanBytes(opened);
  return {
    plain: { ...describe(opened), frames, bytes: frames * bytesPerFrame, warnings },
    text: formatTable([
      [
        "frames",
        `${frames}, choose one with --frames, 0:1 to ${
          frames - 1
        }:${frames}, or cluster all with crystallite series`,
      ],
      ...linesOf(opened),
      ["data", `${frames} x ${formatBytes(bytesPerFrame)}`],
    ]) + warningLines(warnings),
  };
}

/** What `--bad-pixels` and `--q-center` find, if they are given. */
async function describeDetector(
  scan: Scan,
  { badPixels, center, qBin }: DetectorFlags & Pick<ReadingFlags, "qBin">,
  options: RunOptions,
): Promise<{ plain: Record<string, unknown>; lines: Line[]; warnings: readonly string[] }> {
  if (!badPixels && !center) return { plain: {}, lines: [], warnings: [] };
  const found = await prepareDetector(
    scan,
    {
      // A hot pixel is no direct beam, whether or not it is asked for.
      badPixels: await readBadPixels(badPixels ?? defaultParameters.badPixels, scan.shape, qBin),
      center: center ?? defaultParameters.center,
    },
    false,
    options,
  );
  const { filled, masked, source } = found.badPixels;
  const { row, column } = found.center;
  const noise = valueNoise(found.gain), { valueOffset, readNoise } = noise;
  return {
    plain: { badPixels: badPixels && found.badPixels, center: center && found.center, ...noise },
    lines: [
      ["bad pixels", badPixels && `${filled.length} filled, ${masked.length} left out (${source})`],
      [
        "constant",
        valueOffset === undefined
          ? undefined
          : `${formatNumber(valueOffset, 3)} under all values, by their noise`,
      ],
      [
        "read-out noise",
        readNoise === undefined ? undefined : `${formatNumber(readNoise, 3)} in each detector pixel`,
      ],
      ["direct beam", center && `row ${row.toFixed(2)}, column ${column.toFixed(2)}`],
    ],
    warnings: found.warnings,
  };
}

/** What `cluster` would take; an error where it would not fit the memory it may use. */
function estimate(
  scan: Scan,
  parameters: EstimateParameters,
  options: RunOptions,
): RunEstimate | { readonly error: PlainError } {
  try {
    return estimateRun(scan, parameters, options);
  } catch (cause) {
    if (cause instanceof CrystalliteError) return { error: errorInFlags(cause) };
    throw cause;
  }
}

function formatEstimate(expected: ReturnType<typeof estimate>): string {
  if ("error" in expected) return `${expected.error.message}; ${expected.error.remedy}`;
  const { memory, passes, seconds } = expected;
  const time = seconds < 1 ? "less than 1 s" : formatSeconds(seconds);
  return `about ${formatBytes(memory)} of memory and ${time}, ${passes} passes over the data`;
}

function describe({ source, shape, dtype, calibration }: Scan | Series) {
  const { numbers, ...origin } = source;
  const stored = numbers && { storedType: numberName(numbers) };
  return { source: origin, shape, dtype: dtypeName(dtype), ...stored, calibration };
}

function linesOf({ source, shape, dtype, calibration }: Scan | Series): Line[] {
  const { pixelSize, qPixelSize, beamEnergy, convergenceAngle, cameraLength, scanRotation } = calibration;
  return [
    ["file", source.path],
    ["format", source.format],
    ["data set", source.dataset],
    ["shape", `${formatShape(shape)} (scan rows x columns x qy x qx)`],
    ["patterns", String(probeCount(shape))],
    ["dtype", describeType(dtype, source.numbers)],
    ["pixel size", formatPixelSize(pixelSize, "--pixel-size")],
    [
      "q pixel size",
      formatPixelSize(qPixelSize, "--q-pixel-size", "scale bars, orientation and strain") +
      asReciprocal(calibration),
    ],
    [
      "beam energy",
      beamEnergy === undefined ? "unknown; orient needs --voltage" : `${formatNumber(beamEnergy)} keV`,
    ],
    ["convergence", convergenceAngle === undefined ? undefined : `${formatNumber(convergenceAngle)} mrad`],
    ["camera length", cameraLength === undefined ? undefined : `${formatNumber(cameraLength)} m`],
    ["scan rotation", scanRotation === undefined ? undefined : `${formatNumber(scanRotation)} degrees`],
    ["read with", wordsOf(source)],
    ...Object.entries(source.notes ?? {}).map(([name, value]): Line => [name, String(value)]),
  ];
}

/** The flags that say how the file was read, where it was not as it is. */
function wordsOf({ selection }: Scan["source"]): string | undefined {
  if (selection === undefined) return undefined;
  return Object.entries(selection).flatMap(([name, value]) =>
    [flagOf(name), value === true ? [] : value].flat()
  ).join(" ");
}

function formatPixelSize(size: PixelSize | undefined, option: string, use = "scale bars"): string {
  if (size === undefined) return `unknown; give ${option} for ${use}`;
  const { row, column, unit } = size;
  const numbers = row === column
    ? formatNumber(row)
    : `${formatNumber(row)} (rows), ${formatNumber(column)} (columns)`;
  return `${numbers} ${unit}`;
}

/** What an angle is as a reciprocal length, where the energy of the beam is known. */
function asReciprocal({ qPixelSize, beamEnergy }: Calibration): string {
  if (!qPixelSize || qPixelSize.unit.endsWith("^-1")) return "";
  const size = reciprocalSize(qPixelSize, beamEnergy);
  return size ? `, which is ${formatPixelSize(size, "")}` : "; as 1/A with the energy of the beam only";
}

function warningLines(warnings: readonly string[]): string {
  return warnings.map((warning) => `warning: ${warning}\n`).join("");
}
