/** Reads bands of rows as they are stored, in the scan's own number type, into the memory of an engine. */

import { type Address, at } from "../engine/address.ts";
import type { Engine } from "../engine/engine.ts";
import type { Work } from "../engine/kernels.ts";
import { loadScratchBytes, needsStaging, readsInParallel, tileRowsOf } from "../engine/loaded_scan.ts";
import { RowLoader } from "../engine/row_loader.ts";
import { bytesPerElement, viewPixels } from "../scan/dtype.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount } from "../scan/shape.ts";
import { mayNotFit } from "../scan/stored_number.ts";

/** Bands that are in memory: one that is read, one that is packed, one that is written. */
const bands = 3;

/** Bytes of a scan row as it is stored. */
export function storedRowBytes({ shape, dtype }: Pick<Scan, "shape" | "dtype">): number {
  return shape.columns * pixelCount(shape) * bytesPerElement(dtype);
}

/** Whether threads read the scan; they know the number types that patterns are computed in. */
function readByThreads(scan: Scan): boolean {
  return readsInParallel(scan) && !needsStaging(scan.dtype);
}

/** Bytes that a reader takes: of the engine's memory, and beside it where this thread unpacks large chunks. */
export function readerBytes(scan: Scan, band: number, threads: number): number {
  const beside = readByThreads(scan)
    ? threads * loadScratchBytes(scan, tileRowsOf(scan, band)) + 4 * scan.shape.columns * bands * band
    : scan.readingBytes ?? 0;
  return bands * band * storedRowBytes(scan) + beside + 512;
}

/** Reads one band after the other; close it in the end. */
export class BandReader {
  readonly #engine: Engine;
  readonly #scan: Scan;
  readonly #band: number;
  readonly #loader: RowLoader | null;
  readonly #rows: Address;
  /** Whole numbers of the file that no float holds, and that are infinite therefore, among those that were read. */
  infinite = 0;

  constructor(engine: Engine, scan: Scan, band: number) {
    this.#engine = engine;
    this.#scan = scan;
    this.#band = band;
    const fill = { table: new Int32Array(0), count: 0 };
    this.#loader = readByThreads(scan)
      ? new RowLoader(engine, scan, { fill, top: 0, capacity: bands * band, band, largest: false })
      : null;
    this.#rows = this.#loader
      ? this.#loader.pointer(0)
      : engine.allocate(bands * band * storedRowBytes(scan));
  }

  /** Address of a row that was read, until two more bands were. */
  pointer(row: number): Address {
    return at(this.#rows, (row % (bands * this.#band)) * storedRowBytes(this.#scan));
  }

  /** Calls that read a band, where threads do. */
  calls(first: number, count: number): Work[] {
    return this.#loader?.calls(first, count) ?? [];
  }

  /** Reads a band on this thread, where threads do not. */
  async readHere(first: number, count: number): Promise<void> {
    if (this.#loader) return;
    const bytes = count * storedRowBytes(this.#scan), { dtype } = this.#scan;
    const { buffer, byteOffset } = this.#engine.view(Uint8Array, this.pointer(first), bytes);
    const pixels = viewPixels(dtype, buffer, byteOffset, bytes / bytesPerElement(dtype));
    await this.#scan.readRows(first, count, pixels);
    const { numbers } = this.#scan.source;
    if (numbers === undefined || !mayNotFit(numbers)) return;
    for (const pixel of pixels) if (!Number.isFinite(pixel)) this.infinite++;
  }

  close(): void {
    this.#loader?.close();
  }
}
