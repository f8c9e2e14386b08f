/** Numbers of any type of raw files, put into bytes one by one. */

import type { StoredNumber } from "../../library/scan/frames.ts";

/** Writes one number at byte `offset`. */
export function setNumber(
  view: DataView,
  numbers: StoredNumber,
  offset: number,
  value: number,
  bigEndian: boolean,
): void {
  const set = {
    u8: () => view.setUint8(offset, value),
    i8: () => view.setInt8(offset, value),
    u16: () => view.setUint16(offset, value, !bigEndian),
    i16: () => view.setInt16(offset, value, !bigEndian),
    u32: () => view.setUint32(offset, value, !bigEndian),
    i32: () => view.setInt32(offset, value, !bigEndian),
    f32: () => view.setFloat32(offset, value, !bigEndian),
    f64: () => view.setFloat64(offset, value, !bigEndian),
  };
  set[numbers]();
}
