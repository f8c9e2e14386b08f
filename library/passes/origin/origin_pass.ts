/** What measurements of the direct beam in every pattern have in common. */

import { type Address, at } from "../../engine/address.ts";
import type { KernelCall } from "../../engine/kernels.ts";
import { workingBytes, workingType } from "../../engine/loaded_scan.ts";
import type { Memory, Ring } from "../../engine/memory.ts";
import type { Arena, Pass, PassScan } from "../../engine/pass.ts";
import { pixelCount, probeCount } from "../../scan/shape.ts";

/** The direct beam as measured pattern by pattern. */
export interface MeasuredOrigins {
  /** float32 (row, column, 2): row and column on the detector in pixels; NaN where nothing was found or nobody looked. */
  readonly places: Float32Array;
  /** float32 (row, column): how clear it was; counts per pixel above the surroundings, or a coefficient of correlation. */
  readonly strength: Float32Array;
  /** Patterns that were looked at. */
  readonly looked: number;
}

/** Bytes that kernels write for a pattern: row, column and strength. */
const placeBytes = 12;

/** Measures the direct beam while patterns pass by. */
export abstract class OriginPass implements Pass<MeasuredOrigins> {
  abstract readonly name: string;
  readonly #places: Float32Array;
  readonly #strength: Float32Array;
  #arena!: Arena;
  #ring!: Ring;

  /** @param every one of so many probes along rows and columns is measured */
  constructor(readonly scan: PassScan, readonly every: number) {
    const probes = probeCount(scan.shape);
    this.#places = new Float32Array(2 * probes).fill(NaN);
    this.#strength = new Float32Array(probes);
  }

  /** Calls that measure `count` patterns, the first of them at `patterns`, into `out`. */
  protected abstract calls(patterns: Address, count: number, out: Address): KernelCall[];

  reserve(memory: Memory, band: number): void {
    this.#ring = memory.ring("places of the beam", 2 * band, placeBytes * this.scan.shape.columns);
  }

  begin(arena: Arena): void {
    this.#arena = arena;
  }

  follow(row: number, from: number, to: number, patterns: Address): KernelCall[] | null {
    if (row % this.every !== 0) return null;
    const { scan: { shape, dtype }, every } = this, ring = this.#ring(row);
    if (every === 1) return this.calls(patterns, to - from, at(ring, placeBytes * from));
    const patternBytes = pixelCount(shape) * workingBytes(workingType(dtype)), calls: KernelCall[] = [];
    for (let column = every * Math.ceil(from / every); column < to; column += every) {
      calls.push(
        ...this.calls(at(patterns, (column - from) * patternBytes), 1, at(ring, placeBytes * column)),
      );
    }
    return calls.length > 0 ? calls : null;
  }

  /** Takes the places of finished rows out of the ring. */
  done(first: number, end: number): void {
    const { columns } = this.scan.shape, { every } = this;
    for (let row = every * Math.ceil(first / every); row < end; row += every) {
      const values = this.#arena.view(Float32Array, this.#ring(row), 3 * columns);
      for (let column = 0; column < columns; column += every) {
        const probe = row * columns + column;
        this.#places[2 * probe] = values[3 * column];
        this.#places[2 * probe + 1] = values[3 * column + 1];
        this.#strength[probe] = values[3 * column + 2];
      }
    }
  }

  finish(): MeasuredOrigins {
    const { rows, columns } = this.scan.shape, along = (side: number) => Math.ceil(side / this.every);
    return { places: this.#places, strength: this.#strength, looked: along(rows) * along(columns) };
  }
}
