/** Samples of blurred patterns in plain TypeScript, as bench/plain.ts does the other steps. */

import { type Pixels, reflect } from "./plain.ts";

/** Along one axis: pixels that are sampled, and roots of their weights. */
export interface PlainNodes {
  readonly nodes: readonly number[];
  readonly weights: ArrayLike<number>;
}

/** Blurs at the nodes only: down the columns for the rows that are sampled, then along these. */
export class PlainSamples {
  readonly #lines: Float32Array;
  readonly #line: Float32Array;
  /** Row that each padded row repeats. */
  readonly #rows: Int32Array;
  readonly #columns: Int32Array;

  /** @param stride floats of a column of samples, at least the number of row nodes */
  constructor(
    readonly height: number,
    readonly width: number,
    readonly taps: Float32Array,
    readonly rows: PlainNodes,
    readonly columns: PlainNodes,
    readonly stride: number,
  ) {
    const radius = taps.length - 1;
    this.#lines = new Float32Array(rows.nodes.length * width);
    this.#line = new Float32Array(width + 2 * radius);
    const padded = (side: number) =>
      Int32Array.from({ length: side + 2 * radius }, (_, i) => reflect(i - radius, side));
    this.#rows = padded(height);
    this.#columns = padded(width);
  }

  /** Samples `count` patterns into (column node, row node). */
  run(source: Pixels, destination: Float32Array, count: number): void {
    const { height, width, columns, stride } = this;
    for (let pattern = 0; pattern < count; pattern++) {
      this.#downColumns(source, pattern * height * width);
      this.#alongRows(destination, pattern * columns.nodes.length * stride);
    }
  }

  #downColumns(source: Pixels, start: number): void {
    const { width, taps, rows } = this, radius = taps.length - 1;
    const lines = this.#lines;
    rows.nodes.forEach((row, i) => {
      const into = lines.subarray(i * width, (i + 1) * width);
      const own = start + row * width;
      for (let x = 0; x < width; x++) into[x] = taps[0] * source[own + x];
      for (let k = 1; k <= radius; k++) {
        const weight = taps[k];
        const up = start + this.#rows[radius + row - k] * width;
        const down = start + this.#rows[radius + row + k] * width;
        for (let x = 0; x < width; x++) into[x] += weight * (source[up + x] + source[down + x]);
      }
    });
  }

  #alongRows(destination: Float32Array, start: number): void {
    const { width, taps, rows, columns, stride } = this, radius = taps.length - 1;
    const line = this.#line;
    for (let i = 0; i < rows.nodes.length; i++) {
      for (let x = 0; x < line.length; x++) line[x] = this.#lines[i * width + this.#columns[x]];
      for (let j = 0; j < columns.nodes.length; j++) {
        const middle = columns.nodes[j] + radius;
        let sum = taps[0] * line[middle];
        for (let k = 1; k <= radius; k++) sum += taps[k] * (line[middle - k] + line[middle + k]);
        destination[start + j * stride + i] = sum * Math.sqrt(rows.weights[i] * columns.weights[j]);
      }
    }
  }
}
