/** Writes a scan or series row by row in any of the formats: rows in, packed chunks in the file. */

import { type Address, at, nowhere } from "../engine/address.ts";
import type { Engine } from "../engine/engine.ts";
import type { KernelCall } from "../engine/kernels.ts";
import { turn } from "../engine/turn.ts";
import { bytesOf, bytesPerElement, type PixelArray } from "../scan/dtype.ts";
import { probeCount } from "../scan/shape.ts";
import { BandPacker, packerBytes, type Packing } from "./band_packer.ts";
import type { ChunkStore } from "./chunk_store.ts";
import type { Compression } from "./compression.ts";
import type { ScanDescription } from "./description.ts";
import type { Target } from "./targets.ts";

/** Bands that are on their way at a time: one that is packed, one that is written. */
const turns = 2;

/** What a writer is told. */
export interface WriterSettings {
  readonly engine: Engine;
  readonly target: Target;
  readonly description: ScanDescription;
  readonly compression: Compression;
}

/** How chunks will be packed. */
function packingOf({ target, description, compression }: Omit<WriterSettings, "engine">): Packing {
  return {
    grid: target.grid(description),
    elementBytes: bytesPerElement(description.dtype),
    compression,
    container: target.container,
  };
}

/** Bytes of the engine's memory that a writer takes for bands of so many rows. */
export function writerBytes(settings: Omit<WriterSettings, "engine">, band: number): number {
  return turns * band * packerBytes(packingOf(settings)) + 512;
}

/** A file that takes rows in order. Its memory is the engine's, to be released by whoever made the writer. */
export class ScanWriter {
  readonly #engine: Engine;
  readonly #store: ChunkStore;
  readonly #packers: readonly BandPacker[];
  readonly #rowBytes: number;
  readonly #band: number;
  #rowsLeft: number;
  #input = nowhere;
  /** Bytes of packed chunks so far. */
  packedBytes = 0;

  private constructor(settings: WriterSettings, store: ChunkStore, band: number) {
    const { engine, description } = settings, packing = packingOf(settings), { grid } = packing;
    this.#engine = engine;
    this.#store = store;
    this.#band = band;
    this.#packers = Array.from({ length: turns }, () => new BandPacker(engine, packing, band));
    this.#rowBytes = description.shape.columns * grid.patternBytes;
    this.#rowsLeft = (description.frames ?? 1) * description.shape.rows;
  }

  /**
   * Creates the file with everything but the patterns.
   *
   * @param band most rows that come at a time
   * @throws {FileUnavailable | OutOfResources} when it cannot be written
   */
  static async create(path: string, settings: WriterSettings, band: number): Promise<ScanWriter> {
    const { target, description, compression } = settings;
    const store = await target.create(path, description, target.grid(description), compression);
    try {
      return new ScanWriter(settings, store, band);
    } catch (cause) {
      store.abandon();
      throw cause;
    }
  }

  /**
   * Calls that pack the next rows.
   *
   * @param place number of the band: bands take turns, so that one can be written while the next is packed
   * @param pointer address of a row, counted from 0
   */
  calls(place: number, count: number, pointer: (row: number) => Address): KernelCall[] {
    if (count > this.#rowsLeft) throw new RangeError(`${count} rows where ${this.#rowsLeft} are missing`);
    this.#rowsLeft -= count;
    return this.#packers[place % turns].calls(count, pointer);
  }

  /**
   * Writes the rows of a band, once its calls were made. Interrupts are heard between chunks: disks may be slow.
   *
   * @throws {Aborted} when the signal fires
   * @throws {FileUnavailable | OutOfResources} when the disk refuses
   */
  async write(place: number, signal?: AbortSignal): Promise<void> {
    for (const chunk of this.#packers[place % turns].chunks()) {
      this.#store.add(chunk);
      this.packedBytes += chunk.length;
      await turn(signal);
    }
  }

  /** Takes memory for {@link writeRows}. */
  acceptRows(): void {
    this.#input = this.#engine.allocate(this.#band * this.#rowBytes);
  }

  /**
   * Packs and writes whole rows that lie elsewhere.
   *
   * @throws {RangeError} when they are no whole rows, or too many; nothing is written then
   */
  async writeRows(patterns: PixelArray, signal?: AbortSignal): Promise<void> {
    const bytes = bytesOf(patterns), rows = bytes.length / this.#rowBytes;
    if (!(Number.isInteger(rows) && rows <= this.#rowsLeft)) {
      throw new RangeError(`${patterns.length} numbers are not whole rows of the ${this.#rowsLeft} missing`);
    }
    for (let first = 0; first < rows; first += this.#band) {
      const count = Math.min(this.#band, rows - first);
      const part = bytes.subarray(first * this.#rowBytes, (first + count) * this.#rowBytes);
      this.#engine.view(Uint8Array, this.#input, part.length).set(part);
      await this.#engine.run(this.calls(0, count, (row) => at(this.#input, row * this.#rowBytes)));
      await this.write(0, signal);
    }
  }

  /**
   * Completes and closes the file.
   *
   * @throws {RangeError} when rows are missing; the file is closed even then
   */
  finish(): void {
    try {
      if (this.#rowsLeft > 0) throw new RangeError(`the last ${this.#rowsLeft} rows are missing`);
      this.#store.finish();
    } finally {
      this.abandon();
    }
  }

  /** Closes the file on the way out after another failure. */
  abandon(): void {
    this.#store.abandon();
  }
}

/** Bytes of all patterns, unpacked. */
export function patternBytes({ shape, dtype, frames = 1 }: ScanDescription): number {
  const pixels = shape.patternRows * shape.patternColumns;
  return frames * probeCount(shape) * pixels * bytesPerElement(dtype);
}
