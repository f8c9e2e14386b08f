/** Velox's `.emd` files: stacks of images whose last axis counts the frames, which the user says how to arrange. */

import type { Calibration } from "../../scan/calibration.ts";
import { createPixelArray, type PixelArray } from "../../scan/dtype.ts";
import { OutOfResources, UnsupportedFormat } from "../../scan/errors.ts";
import { InTurn } from "../../scan/in_turn.ts";
import { arrangePatterns, type PatternReader } from "../../scan/pattern_reader.ts";
import type { Scan, ScanSource, Series } from "../../scan/scan.ts";
import { dtypeOfNumbers, numberBytes } from "../../scan/stored_number.ts";
import { arrangeAxes } from "../axes.ts";
import { positive } from "../axis_steps.ts";
import { convertNumbers } from "../convert_numbers.ts";
import type { OpenOptions } from "../format.ts";
import { isRecord, type Json } from "../json_object.ts";
import { describeArray, lengthsOf } from "./array.ts";
import type { Hdf5Array } from "./array_axes.ts";
import type { BlockReader } from "./block_reader.ts";
import type { Hdf5File } from "./file.ts";
import { chooseArray, normalisePath } from "./open_arrays.ts";
import { openReader, readBlock } from "./open_reader.ts";

const images = "/Data/Image";
/** Frames read at once, in bytes; they are in memory twice. */
const bandBytes = 64 * 2 ** 20;
const largestFrame = 2 ** 30;
/** Bytes of metadata. */
const mostText = 2 ** 24;

/**
 * Opens a stack of a Velox file.
 *
 * @returns `undefined` when the file is not Velox's, or `--dataset` names something else
 * @throws {UnsupportedFormat} when it holds no stack of frames
 * @throws {ShapeUnknown} when no scan shape is given: the file does not say any
 */
export async function openVelox(file: Hdf5File, options: OpenOptions): Promise<Scan | Series | undefined> {
  if (!isVelox(file)) return undefined;
  const named = options.dataset && normalisePath(options.dataset);
  if (named && !named.startsWith(`${images}/`)) return undefined;
  const stacks = file.names(images).map((name) => `${images}/${name}/Data`).filter((path) => {
    const dataset = file.dataset(path), lengths = dataset ? lengthsOf(file, path, dataset) : [];
    return lengths.length === 3 && lengths[2] > 1;
  });
  const path = chooseArray(file, stacks, options);
  if (path === undefined) throw noStack(file);
  const array = describeArray(file, path, file.dataset(path)!), { numbers } = array;
  const [patternRows, patternColumns, frames] = array.lengths;
  const arrangement = arrangeAxes(
    [frames, patternRows, patternColumns],
    numberBytes(numbers),
    options,
    { file: file.path, dataset: path },
  );
  const { calibration, notes } = await describe(file, path);
  return arrangePatterns({
    ...arrangement,
    numbers,
    calibration,
    source: {
      format: "Velox EMD",
      path: file.path,
      dataset: path,
      bytes: Deno.statSync(file.path).size,
      notes,
    },
  }, new FramesLastReader(file, array));
}

function isVelox(file: Hdf5File): boolean {
  if (!file.group(images)) return false;
  const version = parse(file.text("/Version"));
  return version === undefined ? file.dataset("/Version") !== undefined : version.format === "Velox";
}

function noStack(file: Hdf5File): UnsupportedFormat {
  return new UnsupportedFormat(`${file.path} holds images of Velox and no stack of diffraction patterns`, {
    file: file.path,
    expected: "an image with several frames",
    found: "single frames",
    remedy:
      "open the file of the camera; Velox writes 4D-STEM scans as .mrc or as those of the camera's software",
  });
}

/** Reads frames that lie along the last axis: (qy, qx, frame) in the file. */
class FramesLastReader implements PatternReader {
  readonly #file: Hdf5File;
  readonly #array: Hdf5Array;
  readonly #blocks: BlockReader;
  /** The call before, which has to end first. */
  readonly #turns = new InTurn();

  constructor(file: Hdf5File, array: Hdf5Array) {
    const [rows, columns] = array.lengths, bytes = rows * columns * numberBytes(array.numbers);
    if (bytes > largestFrame) {
      throw new OutOfResources(`one frame of ${array.path} in ${file.path} takes ${bytes} bytes`, {
        file: file.path,
        dataset: array.path,
        expected: `frames of at most ${largestFrame} bytes`,
        found: `${bytes} bytes`,
        remedy: "export smaller frames",
      });
    }
    this.#file = file;
    this.#array = array;
    this.#blocks = openReader(file, array);
  }

  readPatterns(first: number, count: number, into: PixelArray): Promise<void> {
    return this.#turns.run(() => this.#read(first, count, into));
  }

  async #read(first: number, count: number, into: PixelArray): Promise<void> {
    const [rows, columns] = this.#array.lengths, pixels = rows * columns;
    const most = Math.max(1, Math.floor(bandBytes / (pixels * numberBytes(this.#array.numbers))));
    for (let done = 0; done < count;) {
      const frames = Math.min(most, count - done), band = await this.#load(first + done, frames);
      for (let pixel = 0; pixel < pixels; pixel++) {
        for (let frame = 0; frame < frames; frame++) {
          into[(done + frame) * pixels + pixel] = band[pixel * frames + frame];
        }
      }
      done += frames;
    }
  }

  close(): void {
    this.#blocks.close();
    this.#file.close();
  }

  /** The numbers of `count` frames, those of each pixel together. */
  async #load(first: number, count: number): Promise<PixelArray> {
    const { numbers, lengths: [rows, columns] } = this.#array, elements = rows * columns * count;
    const bytes = new Uint8Array(elements * numberBytes(numbers));
    await readBlock(this.#file, this.#array, this.#blocks, [0, 0, first], [rows, columns, count], bytes);
    const band = createPixelArray(dtypeOfNumbers(numbers), elements);
    convertNumbers(numbers, bytes, band);
    return band;
  }
}

/** What the metadata of the first frame say: a column of bytes with JSON. */
async function describe(
  file: Hdf5File,
  path: string,
): Promise<{ calibration: Calibration; notes: ScanSource["notes"] }> {
  const said = parse(await firstColumn(file, path.replace(/Data$/, "Metadata")));
  const number = (group: string, name: string) => {
    const fields = said?.[group];
    return positive(isRecord(fields) ? Number(fields[name]) : undefined);
  };
  const volts = number("Optics", "AccelerationVoltage"), cameraLength = number("Optics", "CameraLength");
  const convergence = number("Optics", "BeamConvergence"), frameTime = number("Scan", "FrameTime");
  const dwellTime = number("Scan", "DwellTime");
  return {
    calibration: {
      ...(volts && { beamEnergy: volts / 1000 }),
      ...(convergence && { convergenceAngle: convergence * 1000 }),
      ...(cameraLength && { cameraLength }),
    },
    notes: {
      ...(frameTime && { frameTimeSeconds: frameTime }),
      ...(dwellTime && { dwellTimeSeconds: dwellTime }),
    },
  };
}

/** The text in the first column of a data set of bytes; `undefined` where there is none. */
async function firstColumn(file: Hdf5File, path: string): Promise<string | undefined> {
  const dataset = file.dataset(path),
    lengths = dataset ? lengthsOf(file, path, dataset) : [],
    [length] = lengths;
  if (!dataset || lengths.length !== 2 || !(length > 0 && length < mostText && lengths[1] > 0)) {
    return undefined;
  }
  const array = describeArray(file, path, dataset);
  if (numberBytes(array.numbers) !== 1) return undefined;
  const bytes = new Uint8Array(length), blocks = openReader(file, array);
  try {
    await readBlock(file, array, blocks, [0, 0], [length, 1], bytes);
  } finally {
    blocks.close();
  }
  return new TextDecoder().decode(bytes).replace(/\0[^]*$/, "");
}

function parse(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
