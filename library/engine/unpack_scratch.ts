/** The memory in which chunks are unpacked: how much of it there must be, and what lies where in it. */

import { largestStage, type UnpackStep } from "../scan/tiles.ts";
import { type Address, at, wholeLines } from "./address.ts";

/** Bytes that kernels may write behind what they unpack, and read behind what is packed. */
const slackBytes = 64;
/** Bytes of scratch that the kernels of bits want. */
export const bitScratchBytes = 2 ** 16;
/** Bytes of scratch that the kernel of Zstandard wants. */
export const zstdScratchBytes = 5 * 2 ** 15;

/** Bytes of scratch for chunks of `bytes` that come packed in at most `packedBytes`. */
export function unpackScratchBytes(steps: readonly UnpackStep[], packedBytes: number, bytes: number): number {
  // Chunks that are not there, whose number stands in their place, are made where others are read.
  const read = steps.length > 0 ? packedBytes : Math.max(packedBytes, bytes);
  return wholeLines(read + slackBytes) + areaCount(steps) * areaBytes(bytes) + kernelScratchBytes(steps);
}

/** What lies where in the scratch, behind what is packed. */
export interface UnpackAreas {
  /** Scratch of the kernels. */
  readonly work: Address;
  /** What the steps write to, by turns: `count` areas of `area` bytes, one after the other. */
  readonly areas: Address;
  readonly count: number;
  readonly area: number;
  /** The third of them. */
  readonly free: Address;
}

/** Divides a scratch of {@link unpackScratchBytes}. */
export function unpackAreas(
  steps: readonly UnpackStep[],
  scratch: Address,
  packedBytes: number,
  bytes: number,
): UnpackAreas {
  const area = areaBytes(bytes), work = at(scratch, wholeLines(packedBytes + slackBytes));
  const areas = at(work, kernelScratchBytes(steps));
  return { work, areas, count: areaCount(steps), area, free: at(areas, 2 * area) };
}

function areaCount(steps: readonly UnpackStep[]): number {
  return steps.some(({ kind }) => kind === "blosc") ? 3 : Math.min(2, steps.length);
}

function kernelScratchBytes(steps: readonly UnpackStep[]): number {
  return steps.some(({ kind }) => kind === "zstd" || kind === "blosc") ? zstdScratchBytes : bitScratchBytes;
}

function areaBytes(bytes: number): number {
  return wholeLines(largestStage(bytes) + slackBytes);
}
