/** The file that scan control software writes beside a Dectris master: `<name>.h5` for `<name>_master.h5`. */

import type { PixelSize } from "../../scan/calibration.ts";
import { pixelSizeOf, positive } from "../axis_steps.ts";
import type { Folder } from "../folder.ts";
import { Hdf5File } from "./file.ts";

/** Group of the file of the scan control. */
export const controlGroup = "/STEM Metadata";

/** What that file says. */
export interface ScanMetadata {
  readonly path: string;
  readonly rows?: number;
  readonly columns?: number;
  /** Frames taken before each scan row, while the beam settles. */
  readonly prescan: number;
  readonly pixelSize?: PixelSize;
  /** keV. */
  readonly beamEnergy?: number;
  /** m. */
  readonly cameraLength?: number;
  /** As they are stored; their units are not. */
  readonly dwellTime?: number;
  readonly rotation?: number;
  readonly warnings: readonly string[];
}

/**
 * Reads what lies beside a master file.
 *
 * @param masterName name of the master file
 * @returns `undefined` when there is no such file, or it is of another kind
 * @throws {CorruptFile} when it is there, but damaged
 */
export function readScanMetadata(
  master: Hdf5File,
  masterName: string,
  beside: Folder,
): ScanMetadata | undefined {
  const name = masterName.replace(/_master(\.[^.]+)$/, "$1");
  const path = name === masterName ? undefined : beside.file(name);
  if (path === undefined) return undefined;
  const file = Hdf5File.openLinked(path, master);
  try {
    return file.group(controlGroup) ? readGroup(file) : undefined;
  } finally {
    file.close();
  }
}

function readGroup(file: Hdf5File): ScanMetadata {
  const number = (name: string) => file.number(controlGroup, name);
  const step = { step: number("Pixel Size"), unit: "nm" };
  const pixelSize = pixelSizeOf(step, step);
  const volts = positive(number("High Tension"));
  return {
    path: file.path,
    rows: positive(number("NumPixelsY")),
    columns: positive(number("NumPixelsX")),
    prescan: positive(number("NumPixelsPrescan")) ?? 0,
    pixelSize,
    beamEnergy: volts && volts / 1000,
    cameraLength: positive(number("Camera Length")),
    dwellTime: positive(number("ScanDwellTime")),
    rotation: number("Rotation"),
    warnings: pixelSize && number("IsPixelSizeCalibrated") === 0
      ? [
        `${file.path} says that its pixel size, ${pixelSize.row} nm, is not calibrated; --pixel-size sets another`,
      ]
      : [],
  };
}
