/** Centre of mass of every pattern: how far the beam was turned aside. */

import type { Address } from "../engine/address.ts";
import type { Memory, Ring } from "../engine/memory.ts";
import type { RunOptions } from "../engine/options.ts";
import type { Arena, Batches, Pass, PassScan, RowBlock } from "../engine/pass.ts";
import { rowCalls } from "../engine/row_calls.ts";
import { workingType } from "../engine/loaded_scan.ts";
import { runPasses } from "../engine/run_passes.ts";
import { withEngine } from "../engine/with_engine.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount, probeCount } from "../scan/shape.ts";
import { placeDetector, type VirtualDetector } from "./virtual_image.ts";

/** Where the centre of mass of each pattern lies from the centre, float32 (row, column), in detector pixels. */
export interface CenterOfMass {
  /** Down the detector. NaN where no counts are on the detector, or their sum is not above zero. */
  readonly row: Float32Array<ArrayBuffer>;
  /** To the right. */
  readonly column: Float32Array<ArrayBuffer>;
}

/**
 * The centre of mass of the counts of every pattern on part of the detector, from the centre. Its field shows electric and
 * magnetic fields and the rims of crystals; `integratedField` integrates it.
 *
 * @throws {BadParameter} when the detector has no pixel
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { centerOfMass, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 8, columns: 8, grains: 2, seed: 1 });
 * const { row, column } = await centerOfMass(scan, {
 *   detector: { kind: "disk", radius: 8 },
 *   center: { kind: "auto" },
 *   badPixels: { kind: "auto" },
 * });
 * console.assert(row.length === 64 && column.every((shift) => Math.abs(shift) < 8));
 * ```
 */
export async function centerOfMass(
  scan: Scan,
  detector: VirtualDetector,
  options: RunOptions = {},
): Promise<CenterOfMass> {
  return await withEngine(options, async (engine) => {
    const { preparation, pixels } = await placeDetector(scan, detector, { ...options, engine });
    const pass = new CenterOfMassPass(scan, pixels, preparation.center);
    return (await runPasses(engine, scan, preparation, [pass], options))[0];
  });
}

/** Three virtual detectors in one reading: the counts themselves, and weighted by where they are. */
export class CenterOfMassPass implements Pass<CenterOfMass> {
  readonly name = "centre of mass";
  readonly #found: CenterOfMass;
  #weights: Address[] = [];
  #sums: Ring[] = [];
  #arena!: Arena;

  /**
   * @param detector 1 where pixels count; `null` means all
   * @param center in detector pixels
   */
  constructor(
    readonly scan: PassScan,
    readonly detector: Uint8Array | null,
    readonly center: { readonly row: number; readonly column: number },
  ) {
    const length = probeCount(scan.shape);
    this.#found = { row: new Float32Array(length), column: new Float32Array(length) };
  }

  reserve(memory: Memory, band: number): void {
    const { detector, center, scan: { shape } } = this, pixels = pixelCount(shape);
    const tables: readonly (readonly [string, (pixel: number) => number])[] = [
      ["detector", () => 1],
      ["rows of the detector", (pixel) => Math.floor(pixel / shape.patternColumns) - center.row],
      ["columns of the detector", (pixel) => pixel % shape.patternColumns - center.column],
    ];
    this.#weights = tables.map(([name, weight]) =>
      memory.table(
        name,
        4 * pixels,
        () => Float32Array.from({ length: pixels }, (_, pixel) => (detector?.[pixel] ?? 1) * weight(pixel)),
      )
    );
    this.#sums = tables.map(([name]) => memory.ring(`sums of ${name}`, band, 8 * shape.columns));
  }

  begin(arena: Arena): void {
    this.#arena = arena;
  }

  *block({ first, end, pointer }: RowBlock): Batches {
    const { shape, dtype } = this.scan, { columns } = shape, pixels = pixelCount(shape);
    yield this.#sums.flatMap((sums, table) =>
      rowCalls(first, end - first, columns, this.#arena.threads, (row, from, to) => [
        `virtual${workingType(dtype)}`,
        pointer(row),
        from,
        to,
        pixels,
        this.#weights[table],
        sums(row),
      ])
    );
    for (let row = first; row < end; row++) {
      const [counts, down, right] = this.#sums.map((sums) =>
        this.#arena.view(Float64Array, sums(row), columns)
      );
      for (let column = 0; column < columns; column++) {
        const probe = row * columns + column, count = counts[column];
        this.#found.row[probe] = count > 0 ? down[column] / count : NaN;
        this.#found.column[probe] = count > 0 ? right[column] / count : NaN;
      }
    }
  }

  finish(): CenterOfMass {
    return this.#found;
  }
}
