/** What Panta Rhei writes about an array, as JSON in a member of the same zip file. */

import { type ByteSource, readBytes } from "../scan/byte_source.ts";
import type { Calibration } from "../scan/calibration.ts";
import { parseUnit } from "../scan/units.ts";
import { CorruptFile } from "../scan/errors.ts";
import { parseJson } from "../scan/parse_json.ts";
import { axisCalibration, type AxisStep, positive } from "./axis_steps.ts";
import { readNpyHeader } from "./npy_header.ts";
import type { ZipMember } from "./zip.ts";
import { openMember } from "./zip_member.ts";
import { isRecord } from "./json_object.ts";

/** The fields of the metadata by their names, such as `electron_gun.voltage`. */
export type PrzMetadata = Readonly<Record<string, unknown>>;

const memberName = "meta_data_json.npy";
/** Longer texts are no metadata; four bytes a letter. */
const largestText = 4 * 2 ** 20;
/** Letters that are put together in one call. */
const lettersAtOnce = 4096;

/**
 * The metadata; `undefined` where the file has none as JSON. Older versions have a pickle only, which is a program and
 * not read.
 *
 * @throws {CorruptFile} when they are damaged
 */
export async function readPrzMetadata(
  zip: ByteSource,
  members: readonly ZipMember[],
): Promise<PrzMetadata | undefined> {
  const member = members.find(({ name }) => name === memberName);
  if (!member) return undefined;
  if (member.size > largestText) throw damaged(zip.path, `a text of ${member.size} bytes`);
  const array = await openMember(zip, member);
  try {
    const parsed = fieldsOf(zip.path, readText(array));
    const fields = Array.isArray(parsed) ? parsed[0] : parsed;
    if (isRecord(fields)) return fields;
    throw damaged(zip.path, "no fields");
  } finally {
    array.close();
  }
}

/** The text of numpy's array of one string: a letter takes four bytes. */
function readText(array: ByteSource): string {
  const { descriptor, dataOffset } = readNpyHeader(array);
  const [, order, letters] = /^([<>])U(\d{1,8})$/.exec(descriptor) ?? [];
  if (letters === undefined) throw damaged(array.path, `numbers of type ${descriptor}`);
  const bytes = readBytes(array, dataOffset, 4 * Number(letters)), view = new DataView(bytes.buffer);
  let end = bytes.length;
  while (end > 0 && view.getUint32(end - 4) === 0) end -= 4;
  const pieces: string[] = [];
  for (let start = 0; start < end; start += 4 * lettersAtOnce) {
    const points = Array.from({ length: Math.min(lettersAtOnce, (end - start) / 4) }, (_, index) => {
      const letter = view.getUint32(start + 4 * index, order === "<");
      if (letter > 0x10ffff) throw damaged(array.path, `a letter ${letter}`);
      return letter;
    });
    pieces.push(String.fromCodePoint(...points));
  }
  return pieces.join("");
}

function fieldsOf(file: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw damaged(file, JSON.stringify(text.slice(0, 40)));
  }
}

function damaged(file: string, found: string): CorruptFile {
  return new CorruptFile(`the metadata of ${file} are damaged`, {
    file,
    dataset: memberName,
    expected: "fields as JSON",
    found,
    remedy: "save the file again with Panta Rhei",
  });
}

/** What the axes of the array are, slowest first: `ScanY`, `CameraX`, `Index`; empty where they are not named. */
export function przAxes(metadata: PrzMetadata): readonly string[] {
  const types = metadata["content.types"];
  return Array.isArray(types) ? types.map((type) => typeof type === "string" ? type : "").reverse() : [];
}

/**
 * The calibration of the axes and the microscope.
 *
 * @param axes number of axes of the array; the last four are row, column, qy and qx
 * @param warnings gets a sentence where a unit was not understood
 */
export function przCalibration(metadata: PrzMetadata, axes: number, warnings: string[]): Calibration {
  const stated: unknown = metadata["device.calib"];
  // The fastest axis comes first in the file.
  const steps = Array.from(
    { length: axes },
    (_, axis) => stepOf(Array.isArray(stated) ? stated[axis] : undefined),
  );
  const unknown: AxisStep = { step: undefined, unit: undefined };
  const [qColumn = unknown, qRow = unknown, column = unknown, row = unknown] = steps;
  const volts = positive(numberIn(metadata, "electron_gun.voltage"));
  const cameraLength = positive(numberIn(metadata, "projector.camera_length"));
  return {
    ...axisCalibration([row, column, qRow, qColumn], warnings),
    ...(volts && { beamEnergy: volts / 1000 }),
    ...(cameraLength && { cameraLength }),
  };
}

/** Metres, which Panta Rhei writes, in the unit that people think in. */
const smaller: Readonly<Record<string, readonly [factor: number, unit: string]>> = {
  "m": [1e9, "nm"],
  "m^-1": [1e-9, "nm^-1"],
};

/** A pixel has the size of `pixel_factor` of those that the device was calibrated for. */
function stepOf(calibration: unknown): AxisStep {
  if (!isRecord(calibration)) return { step: undefined, unit: undefined };
  const value = numberIn(calibration, "value"), factor = numberIn(calibration, "pixel_factor") ?? 1;
  const unit = typeof calibration.unit === "string" ? calibration.unit : undefined;
  if (value === undefined || unit === undefined) return { step: undefined, unit };
  const [scale, scaledUnit] = smaller[parseUnit(unit)?.name ?? ""] ?? [1, unit];
  return { step: value * factor * scale, unit: scaledUnit };
}

function numberIn(fields: PrzMetadata, name: string): number | undefined {
  const value = fields[name];
  return typeof value === "number" ? value : undefined;
}
