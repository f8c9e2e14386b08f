/** Packs the chunks of a band of rows that lie in the memory of an engine, on its threads where there is a kernel for it. */

import { type Address, at, wholeLines } from "../engine/address.ts";
import type { Engine } from "../engine/engine.ts";
import type { KernelCall } from "../engine/kernels.ts";
import type { ChunkGrid } from "./chunk_grid.ts";
import {
  blockBytes,
  type Compression,
  type Container,
  packedBound,
  packHere,
  packingKernel,
  packingScratchBytes,
} from "./compression.ts";

/** What a packer is made for. */
export interface Packing {
  readonly grid: ChunkGrid;
  readonly elementBytes: number;
  readonly compression: Compression;
  readonly container: Container;
}

/** Bytes of the engine's memory that a packer takes for each row of a band. */
export function packerBytes(packing: Packing): number {
  return packing.grid.perRow * slotBytes(packing) + tailBytes(packing.grid);
}

/** Size, scratch and packed bytes of a chunk. */
function slotBytes({ grid, compression, container }: Packing): number {
  return packingKernel(compression, container) ? slotHead + wholeLines(packedBound(grid.chunkBytes)) : 0;
}

/** The last chunk of a row, where its patterns do not fill it. */
function tailBytes({ lengths, patterns, chunkBytes }: ChunkGrid): number {
  return lengths.at(-3)! % patterns === 0 ? 0 : wholeLines(chunkBytes);
}

const slotHead = 64 + wholeLines(packingScratchBytes);

/** Packs one band at a time: first the calls, then, when they are made, the chunks. */
export class BandPacker {
  readonly #engine: Engine;
  readonly #packing: Packing;
  readonly #slots: Address;
  readonly #tails: Address;
  readonly #slotBytes: number;
  #sources: Address[] = [];

  /** @param rows of the largest band */
  constructor(engine: Engine, packing: Packing, rows: number) {
    this.#engine = engine;
    this.#packing = packing;
    this.#slotBytes = slotBytes(packing);
    this.#slots = engine.allocate(rows * packing.grid.perRow * this.#slotBytes);
    const tails = rows * tailBytes(packing.grid);
    this.#tails = engine.allocate(tails);
    // What lies behind the patterns of a chunk stays zero.
    engine.view(Uint8Array, this.#tails, tails).fill(0);
  }

  /**
   * Calls that pack `count` rows; their patterns must be there, and stay until {@link chunks} has given the last.
   *
   * @param pointer address of a row of the band, counted from 0
   */
  calls(count: number, pointer: (row: number) => Address): KernelCall[] {
    const { grid, elementBytes, compression, container } = this.#packing;
    this.#sources = [];
    for (let row = 0; row < count; row++) {
      for (let chunk = 0; chunk < grid.perRow; chunk++) {
        this.#sources.push(this.#chunkSource(row, chunk, pointer(row)));
      }
    }
    const kernel = packingKernel(compression, container);
    if (!kernel) return [];
    return this.#sources.map((source, index): KernelCall => {
      const slot = this.#slot(index);
      const destination = at(slot, slotHead);
      return [kernel, source, grid.chunkBytes, elementBytes, blockBytes, destination, slot, at(slot, 64)];
    });
  }

  /** The packed chunks of the band in raster order; each is valid until the next calls. */
  *chunks(): Generator<Uint8Array> {
    const { grid, compression, container } = this.#packing;
    const packed = packingKernel(compression, container) !== undefined;
    for (const [index, source] of this.#sources.entries()) {
      if (packed) {
        const slot = this.#slot(index), [bytes] = this.#engine.view(Int32Array, slot, 1);
        yield this.#engine.view(Uint8Array, at(slot, slotHead), bytes);
      } else yield packHere(compression, container, this.#engine.view(Uint8Array, source, grid.chunkBytes));
    }
  }

  #slot(index: number): Address {
    return at(this.#slots, index * this.#slotBytes);
  }

  /** Where the unpacked bytes of a chunk lie: in the row, or in a copy with zeros behind. */
  #chunkSource(row: number, chunk: number, patterns: Address): Address {
    const { grid } = this.#packing, columns = grid.lengths.at(-3)!;
    const first = chunk * grid.patterns, count = Math.min(grid.patterns, columns - first);
    const source = at(patterns, first * grid.patternBytes);
    if (count === grid.patterns) return source;
    const copy = at(this.#tails, row * tailBytes(grid)), bytes = count * grid.patternBytes;
    this.#engine.view(Uint8Array, copy, bytes).set(this.#engine.view(Uint8Array, source, bytes));
    return copy;
  }
}
