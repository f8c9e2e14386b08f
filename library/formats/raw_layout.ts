/** What the user says about a file of raw numbers, which nothing in the file does. */

import { demand } from "../scan/demand.ts";
import { numberName, numberNames, type StoredNumber, storedNumbers } from "../scan/stored_number.ts";
import type { ScanSource } from "../scan/scan.ts";

/** Which byte of a number comes first. */
export type ByteOrder = "little" | "big";

/** All words of {@link ByteOrder}. */
export const byteOrders: readonly ByteOrder[] = ["little", "big"];

/** How numbers lie in a file of no format that we know: `dtype` and `shape` must be given, the others may be. */
export interface RawLayout {
  /** Type of the numbers. */
  readonly dtype?: StoredNumber;
  /**
   * Lengths of the axes, slowest first: rows and columns of the detector, with the number of frames before them, or rows
   * and columns of the scan, or those and the number of scans. Without these there are as many frames as the file holds.
   */
  readonly shape?: readonly number[];
  /** Bytes before the first frame and its header; default 0. */
  readonly offset?: number;
  /** Bytes before the numbers of each frame; default 0. */
  readonly frameHeader?: number;
  /** Bytes after the numbers of each frame; default 0. */
  readonly frameFooter?: number;
  /** Default `little`. */
  readonly byteOrder?: ByteOrder;
}

const names = [
  "dtype",
  "shape",
  "offset",
  "frameHeader",
  "frameFooter",
  "byteOrder",
] as const satisfies (keyof RawLayout)[];

/** The first parameter of a layout that the user gives, if any, but for those that are left out. */
export function rawParameter(
  layout: RawLayout,
  but: readonly (keyof RawLayout)[] = [],
): keyof RawLayout | undefined {
  return names.find((name) => layout[name] !== undefined && !but.includes(name));
}

/** A layout as results record it: words of the command line. */
export function recordedLayout({ dtype, shape, ...others }: RawLayout): NonNullable<ScanSource["selection"]> {
  const { offset, frameHeader, frameFooter, byteOrder } = others;
  return {
    ...(dtype && { dtype: numberName(dtype) }),
    ...(shape && { shape: shape.join("x") }),
    ...(offset && { offset }),
    ...(frameHeader && { frameHeader }),
    ...(frameFooter && { frameFooter }),
    ...(byteOrder === "big" && { byteOrder }),
  };
}

/** @throws {BadParameter} when a value makes no sense, whatever the file */
export function checkLayout({ dtype, shape, byteOrder, ...bytes }: RawLayout): void {
  const { offset = 0, frameHeader = 0, frameFooter = 0 } = bytes;
  if (dtype !== undefined) demand(storedNumbers.includes(dtype), "dtype", `one of ${numberNames}`, dtype);
  if (byteOrder !== undefined) {
    demand(byteOrders.includes(byteOrder), "byteOrder", byteOrders.join(" or "), byteOrder);
  }
  if (shape !== undefined) {
    const sound = shape.length >= 2 && shape.length <= 5 &&
      shape.every((length) => Number.isSafeInteger(length) && length >= 1);
    demand(sound, "shape", "two to five lengths of at least 1", shape.join("x"));
  }
  demand(isCount(offset), "offset", aCount, offset);
  demand(isCount(frameHeader), "frameHeader", aCount, frameHeader);
  demand(isCount(frameFooter), "frameFooter", aCount, frameFooter);
}

const aCount = "a whole number of at least 0";

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
