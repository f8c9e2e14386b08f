/** Velox's `.emd` files: stacks of images whose last axis counts the frames, which the user says how to arrange. */

import type { Calibration } from "../../scan/calibration.ts";
import { createPixelArray, type PixelArray } from "../../scan/dtype.ts";
import { OutOfResources, UnsupportedFormat } from "../../scan/errors.ts";
import { arrangePatterns, type PatternReader } from "../../scan/pattern_reader.ts";
import type { Scan, ScanSource, Series } from "../../scan/scan.ts";
import { dtypeOfNumbers, numberBytes } from "../../scan/stored_number.ts";
import { arrangeAxes } from "../axes.ts";
import { positive } from "../axis_steps.ts";
import { convertNumbers } from "../convert_numbers.ts";
import type { OpenOptions } from "../format.ts";
import { isRecord, type Json } from "../json_object.ts";
import { describeArray, type Hdf5Array, lengthsOf } from "./array.ts";
import type { Hdf5File } from "./file.ts";
import { chooseArray, normalisePath } from "./open_arrays.ts";

const images = "/Data/Image";
/** Frames read at once, in bytes; they are in memory twice. */
const bandBytes = 64 * 2 ** 20;
const largestFrame = 2 ** 30;

/**
 * Opens a stack of a Velox file.
 *
 * @returns `undefined` when the file is not Velox's, or `--dataset` names something else
 * @throws {UnsupportedFormat} when it holds no stack of frames
 * @throws {ShapeUnknown} when no scan shape is given: the file does not say any
 */
export function openVelox(file: Hdf5File, options: OpenOptions): Scan | Series | undefined {
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
  const reader = new FramesLastReader(file, array);
  const arrangement = arrangeAxes(
    [frames, patternRows, patternColumns],
    numberBytes(numbers),
    options,
    { file: file.path, dataset: path },
  );
  const { calibration, notes } = describe(file, path);
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
  }, reader);
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
  #memory = 0;
  #memoryBytes = 0;

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
  }

  readPatterns(first: number, count: number, into: PixelArray): void {
    const [rows, columns] = this.#array.lengths, pixels = rows * columns;
    const most = Math.max(1, Math.floor(bandBytes / (pixels * numberBytes(this.#array.numbers))));
    for (let done = 0; done < count;) {
      const frames = Math.min(most, count - done), band = this.#load(first + done, frames);
      for (let pixel = 0; pixel < pixels; pixel++) {
        for (let frame = 0; frame < frames; frame++) {
          into[(done + frame) * pixels + pixel] = band[pixel * frames + frame];
        }
      }
      done += frames;
    }
  }

  close(): void {
    if (this.#memory) this.#file.library.module._free(this.#memory);
    this.#memory = 0;
    this.#file.close();
  }

  /** The numbers of `count` frames, those of each pixel together. */
  #load(first: number, count: number): PixelArray {
    const { dataset, numbers, lengths: [rows, columns], path } = this.#array, { module } = this.#file.library;
    const bytes = rows * columns * count * numberBytes(numbers);
    if (bytes > this.#memoryBytes) {
      if (this.#memory) module._free(this.#memory);
      this.#memory = module._malloc(bytes);
      this.#memoryBytes = this.#memory ? bytes : 0;
    }
    this.#file.guard(path, () => {
      if (this.#memory === 0) throw new Error("no memory for a band of frames");
      const status = module.get_dataset_data(
        dataset.file_id,
        dataset.path,
        [rows, columns, count].map(BigInt),
        [0, 0, first].map(BigInt),
        [1n, 1n, 1n],
        BigInt(this.#memory),
      );
      if (status < 0) throw new Error("reading failed");
    });
    const band = createPixelArray(dtypeOfNumbers(numbers), rows * columns * count);
    convertNumbers(numbers, module.HEAPU8.subarray(this.#memory, this.#memory + bytes), band);
    return band;
  }
}

/** What the metadata of the first frame say: a column of bytes with JSON. */
function describe(
  file: Hdf5File,
  path: string,
): { calibration: Calibration; notes: ScanSource["notes"] } {
  const place = path.replace(/Data$/, "Metadata"), dataset = file.dataset(place);
  const bytes = dataset && file.guard(place, () => {
    const [length] = dataset.shape ?? [];
    return length > 0 && length < 2 ** 24 && dataset.shape?.length === 2
      ? dataset.slice([[0, length], [0, 1]])
      : undefined;
  });
  const said = bytes instanceof Uint8Array
    ? parse(new TextDecoder().decode(bytes).replace(/\0[^]*$/, ""))
    : {};
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

function parse(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
