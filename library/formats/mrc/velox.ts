/** The extended header that Velox and other programs of Thermo Fisher write: little-endian, a record for each frame. */

import type { Calibration } from "../../scan/calibration.ts";
import type { FrameRecords } from "../frames/records.ts";

/** Up to the end of the convergence angle, the last field that is read. */
const neededBytes = 337;

/** Bits of the two words at `offset` that say which fields were written. */
const masks = { first: 8, second: 297 };

/** Fields: where they lie, and the bit of their mask. */
const fields = {
  highTensionVolts: { offset: 84, mask: masks.first, bit: 5 },
  pixelColumnMetres: { offset: 156, mask: masks.first, bit: 14 },
  pixelRowMetres: { offset: 164, mask: masks.first, bit: 15 },
  cameraLengthMetres: { offset: 301, mask: masks.second, bit: 0 },
  convergenceRadians: { offset: 329, mask: masks.second, bit: 4 },
} as const;

/** What the record of the first frame says. */
export interface VeloxRecord {
  readonly calibration: Calibration;
  readonly notes: FrameRecords["notes"];
  /** Size of a pixel of a frame in metres, or of what Velox takes for one. */
  readonly framePixel?: { readonly row: number; readonly column: number };
}

/**
 * Reads the record of the first frame.
 *
 * @param record the bytes of the extended header, as many of them as are at hand
 * @returns `undefined` when it holds no such record
 */
export function readVeloxRecord(kind: string, record: Uint8Array): VeloxRecord | undefined {
  if (!/^FEI[12]$/.test(kind) || record.length < neededBytes) return undefined;
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  if (view.getInt32(0, true) < neededBytes) return undefined;
  const field = (name: keyof typeof fields): number | undefined => {
    const { offset, mask, bit } = fields[name];
    if ((view.getUint32(mask, true) >>> bit & 1) === 0) return undefined;
    const value = view.getFloat64(offset, true);
    return value > 0 && Number.isFinite(value) ? value : undefined;
  };
  const volts = field("highTensionVolts"), cameraLength = field("cameraLengthMetres");
  const convergence = field("convergenceRadians");
  const row = field("pixelRowMetres"), column = field("pixelColumnMetres");
  const application = text(record.subarray(52, 68)), version = text(record.subarray(68, 84));
  return {
    calibration: {
      ...(volts && { beamEnergy: volts / 1000 }),
      ...(convergence && { convergenceAngle: convergence * 1000 }),
      ...(cameraLength && { cameraLength }),
    },
    notes: application ? { application: `${application} ${version}`.trim() } : {},
    ...(row && column && { framePixel: { row, column } }),
  };
}

/** Printable letters up to the first zero. */
function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes).replace(/\0[^]*$/, "").replace(/[^ -~]/g, "").trim();
}
