/** Work on patterns that are in memory for another purpose: they are read once for both. */

import { type Address, at } from "../engine/address.ts";
import type { Engine } from "../engine/engine.ts";
import type { KernelCall } from "../engine/kernels.ts";
import { type RowBlock, rowWork } from "../engine/rows.ts";

/** Something that wants to see every pattern of a pass once. */
export interface PatternTap {
  /** Bytes of scratch that its calls want of each thread. */
  readonly scratchBytes: number;
  /** Bytes of a pattern in memory. */
  readonly patternBytes: number;
  /** What to do with patterns from..to-1 of a row; `patterns` is the address of the first. */
  calls(row: number, from: number, to: number, patterns: Address): KernelCall[];
}

/** Arena bytes of the tap's scratch memory. */
export function tapBytes(tap: PatternTap | null, threads: number): number {
  return tap ? threads * (tap.scratchBytes + 64) : 0;
}

/** Shows the tap the rows of a block, which are in memory as a whole, among the calls of the next batch. */
export function showBlock(engine: Engine, tap: PatternTap, block: RowBlock, columns: number): void {
  const { first, end, pointer } = block;
  engine.alongside(
    rowWork<KernelCall[]>(
      first,
      end - first,
      columns,
      engine.threads,
      (row, from, to) => tap.calls(row, from, to, at(pointer(row), from * tap.patternBytes)),
    ),
  );
}
