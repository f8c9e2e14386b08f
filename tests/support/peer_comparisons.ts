/** Comparisons of what we read with what other programs read of the same file, number for number. */

import assert from "node:assert/strict";
import { openFile, type OpenScanOptions } from "../../library/formats/open.ts";
import type { Calibration } from "../../library/scan/calibration.ts";
import type { PixelArray } from "../../library/scan/dtype.ts";
import { isSeries, type Scan } from "../../library/scan/scan.ts";
import { conversion, parseUnit, saysNoUnit } from "../../library/scan/units.ts";
import { asPixels, type PeerAxis, type PeerReading, type PeerRequest, readWithPeers } from "./peers.ts";
import { readAll } from "./reading.ts";

/** One file, one program, and where the two of us differ; what is left out is equal. */
export interface Comparison extends PeerRequest {
  /** How we read the file. */
  readonly ours?: Pick<OpenScanOptions, "scanShape" | "dataset">;
  /** Rows of docs/inside/other_readers.md that say why what is given below is not as we have it. */
  readonly differs?: readonly string[];
  /** Words of the program's refusal, where it does not read the file. */
  readonly fails?: RegExp;
  /** The shape that the program gives to the same numbers. */
  readonly shape?: readonly number[];
  /** The program's number type. */
  readonly dtype?: string;
  /** What the program says about the last axes, as many as are given: scale and unit. */
  readonly axes?: readonly (readonly [scale: number, units: string | null])[];
  /** Makes the program's numbers of ours: `shape` is (row, column, qy, qx), with the frame before it in a series. */
  readonly arranged?: (pixels: PixelArray, shape: readonly number[]) => PixelArray;
}

/** What the test says that a comparison is. */
function nameOf({ program, reader, file, options = {} }: Comparison): string {
  const how = [reader ?? "", ...Object.entries(options).map(([key, value]) => `${key}=${value}`)];
  return `${file.slice(file.lastIndexOf("/") + 1)} by ${[program, ...how].join(" ").trim()}`;
}

/** Reads all files with all programs, and compares each in a step of its own. */
export async function compareWithPeers(
  comparisons: readonly Comparison[],
  test: Deno.TestContext,
): Promise<void> {
  const readings = await readWithPeers(comparisons);
  for (const [index, comparison] of comparisons.entries()) {
    await test.step(nameOf(comparison), () => compare(comparison, readings[index]));
  }
}

async function compare(comparison: Comparison, reading: PeerReading): Promise<void> {
  const { fails, arranged = (pixels: PixelArray) => pixels, differs = [] } = comparison;
  const { dtype: otherType, axes: otherAxes } = comparison;
  if (fails || comparison.arranged || otherType || otherAxes) assert.ok(differs.length > 0, "not explained");
  if (fails || reading.error !== undefined) {
    assert.match(reading.error ?? "", fails ?? /^$/);
    return;
  }
  const { shape, dtype, pixels, calibration } = await ourReading(comparison);
  assert.deepEqual(reading.shape, comparison.shape ?? shape);
  assert.equal(reading.dtype, comparison.dtype ?? dtype);
  const theirs = Array.from<number | bigint, number>(reading.data, Number);
  const expected = arranged(pixels, shape), at = theirs.findIndex((value, i) => value !== expected[i]);
  assert.equal(at, -1, `at ${at} of ${expected.length}: ${theirs[at]} of theirs, ${expected[at]} of ours`);
  if (reading.axes) compareAxes(comparison, reading.axes, calibration);
}

async function ourReading({ file, ours }: Comparison) {
  const opened = await openFile(file, ours);
  try {
    const { rows, columns, patternRows, patternColumns } = opened.shape;
    const shape = [rows, columns, patternRows, patternColumns], { dtype, calibration } = opened;
    if (!isSeries(opened)) return { shape, dtype, calibration, pixels: await readAll(opened) };
    const scans: Scan[] = Array.from({ length: opened.frames }, (_, frame) => opened.frame(frame));
    const frames = await Promise.all(scans.map((scan) => readAll(scan)));
    const pixels = asPixels(frames.flatMap((frame) => Array.from<number>(frame)), dtype);
    return { shape: [opened.frames, ...shape], dtype, calibration, pixels };
  } finally {
    opened.close();
  }
}

/** The last two axes are those of the detector, the two before them those of the scan, if there are as many. */
function compareAxes(comparison: Comparison, axes: readonly PeerAxis[], calibration: Calibration): void {
  const { pixelSize, qPixelSize } = calibration, given = comparison.axes ?? [];
  const ours = [
    [pixelSize?.row, pixelSize?.unit],
    [pixelSize?.column, pixelSize?.unit],
    [qPixelSize?.row, qPixelSize?.unit],
    [qPixelSize?.column, qPixelSize?.unit],
  ] as const;
  for (let back = 1; back <= Math.min(4, axes.length === 3 ? 2 : axes.length); back++) {
    const { scale, units } = axes.at(-back)!, stated = given.at(-back);
    if (back <= given.length) {
      assert.deepEqual([scale, units], stated, `axis -${back}`);
      continue;
    }
    const [size, unit] = ours.at(-back)!;
    if (size === undefined) assert.ok(saysNoUnit(units ?? ""), `axis -${back} is ${scale} ${units}`);
    else {
      const said = parseUnit(units ?? "");
      const factor = said && conversion(said.name, unit!);
      assert.ok(factor !== undefined, `axis -${back} is ${scale} ${units}, ours ${size} ${unit}`);
      assert.ok(
        Math.abs(scale * said!.factor * factor! / size - 1) < 1e-6,
        `axis -${back}: ${scale} ${units}`,
      );
    }
  }
}

/** Turns every pattern upside down. */
export function detectorRowsFlipped(pixels: PixelArray, shape: readonly number[]): PixelArray {
  const [rows, columns] = shape.slice(-2), flipped = pixels.slice();
  for (let i = 0; i < pixels.length; i++) {
    const row = Math.floor(i / columns) % rows;
    flipped[i + (rows - 1 - 2 * row) * columns] = pixels[i];
  }
  return flipped;
}
