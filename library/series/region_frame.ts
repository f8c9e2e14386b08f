/** What tracking knows of one frame of a series: which probe is in which region, and what the regions' patterns are like. */

/** How much of a border is seen in a frame, and was in the one before; NaN where no neighbours tell. */
export interface BorderSeen {
  readonly before: number;
  readonly now: number;
}

/** A frame, as it is given. */
export interface RegionFrameInput {
  /** Scan rows. */
  readonly rows: number;
  /** Scan columns. */
  readonly columns: number;
  /** Region of each probe, 0 to `count` - 1; negative = none. (row, column) row-major. */
  readonly labels: ArrayLike<number>;
  /** Number of regions. */
  readonly count: number;
  /**
   * float64 (region, feature): linear features of the regions' mean patterns, of one meaning in all frames. Without any,
   * regions are linked by where they lie alone.
   */
  readonly features?: Float64Array;
  /** float64 (region): expected squared length of the noise in a region's features. */
  readonly noise?: Float64Array;
  /** Counts beside the direct beam, (row, column), where they are known. */
  readonly darkField?: Float32Array;
  /** Cosine of a part of a region, that was a region of the frame before, with the rest of it; where that is known. */
  readonly unionCosine?: (region: number, before: number) => number | undefined;
  /** How much of the border of two regions, which were one of the frame before, is seen, and was there; where that is known. */
  readonly borderSeen?: (
    frame: RegionFrame,
    regions: readonly [number, number],
    before: number,
  ) => BorderSeen;
}

/** Least part of a region's noise that its signal is taken for. */
const leastSignal = 0.05;

/** Inner product of the features of two regions, which begin at these places. The order of the sums is always the same. */
function featureProduct(
  one: Float64Array,
  first: number,
  other: Float64Array,
  second: number,
  length: number,
): number {
  // Four sums at a time do not wait for each other.
  const whole = length & ~3;
  let a = 0, b = 0, c = 0, d = 0, i = 0;
  for (; i < whole; i += 4) {
    a += one[first + i] * other[second + i];
    b += one[first + i + 1] * other[second + i + 1];
    c += one[first + i + 2] * other[second + i + 2];
    d += one[first + i + 3] * other[second + i + 3];
  }
  for (; i < length; i++) a += one[first + i] * other[second + i];
  return a + b + (c + d);
}

/** Cosine of the mean patterns of two regions, of one frame or of two with as many features, freed of noise. */
export function cosineBetween(one: RegionFrame, first: number, other: RegionFrame, second: number): number {
  const { length } = one;
  const product = featureProduct(one.features, first * length, other.features, second * length, length);
  return Math.max(-1, Math.min(1, product / Math.sqrt(one.signals[first] * other.signals[second])));
}

/** A frame whose probes are grouped by region. Row and column are in scan steps of the frame itself. */
export class RegionFrame {
  readonly rows: number;
  readonly columns: number;
  readonly labels: Int32Array;
  readonly count: number;
  readonly features: Float64Array;
  readonly noise: Float64Array;
  /** Numbers per region in `features`. */
  readonly length: number;
  /** Probes of each region. */
  readonly sizes: Int32Array;
  /** Probes in the order of regions; region r has those from `starts[r]` to `starts[r + 1]`. */
  readonly probes: Int32Array;
  /** See `probes`. */
  readonly starts: Int32Array;
  /** First and last column of each region. */
  readonly left: Int32Array;
  /** See `left`. */
  readonly right: Int32Array;
  /** Sums of the rows, and of the columns, of each region's probes: whole numbers, and exact. */
  readonly #rowSums: Float64Array;
  readonly #columnSums: Float64Array;
  readonly darkField: Float32Array | undefined;
  readonly unionCosine: (region: number, before: number) => number | undefined;
  readonly #borderSeen: RegionFrameInput["borderSeen"];
  #signals: Float64Array | undefined;

  /** @throws {RangeError} when maps, features and number of regions do not fit each other */
  constructor(
    { rows, columns, labels, count, features, noise, darkField, unionCosine, borderSeen }: RegionFrameInput,
  ) {
    if (labels.length !== rows * columns) {
      throw new RangeError(`${labels.length} labels are no map of ${rows} x ${columns} probes`);
    }
    this.rows = rows;
    this.columns = columns;
    this.count = count;
    this.labels = new Int32Array(labels);
    this.darkField = darkField;
    this.unionCosine = unionCosine ?? (() => undefined);
    this.#borderSeen = borderSeen;
    this.features = features ?? new Float64Array(0);
    this.noise = noise ?? new Float64Array(count);
    this.length = count > 0 ? this.features.length / count : 0;
    if (!Number.isInteger(this.length) || this.noise.length !== count) {
      throw new RangeError(`features and noise are not those of ${count} regions`);
    }
    this.sizes = new Int32Array(count);
    // Plain loops over runs of one region: a long series spends most of its time here.
    for (let probe = 0; probe < this.labels.length;) {
      const label = this.labels[probe], start = probe++;
      while (probe < this.labels.length && this.labels[probe] === label) probe++;
      if (label >= count) throw new RangeError(`label ${label} is beyond ${count} regions`);
      if (label >= 0) this.sizes[label] += probe - start;
      else if (label < -1) this.labels.fill(-1, start, probe);
    }
    this.starts = new Int32Array(count + 1);
    for (let region = 0; region < count; region++) {
      this.starts[region + 1] = this.starts[region] + this.sizes[region];
    }
    this.probes = new Int32Array(this.starts[count]);
    this.left = new Int32Array(count).fill(columns);
    this.right = new Int32Array(count).fill(-1);
    const next = this.starts.slice(), { probes, left, right } = this, grouped = this.labels;
    const rowSums = this.#rowSums = new Float64Array(count);
    const columnSums = this.#columnSums = new Float64Array(count);
    for (let row = 0; row < rows; row++) {
      const line = row * columns;
      for (let column = 0; column < columns;) {
        const label = grouped[line + column], first = column++;
        while (column < columns && grouped[line + column] === label) column++;
        if (label < 0) continue;
        const run = column - first;
        let place = next[label];
        for (let probe = line + first; probe < line + column; probe++) probes[place++] = probe;
        next[label] = place;
        rowSums[label] += row * run;
        columnSums[label] += (first + column - 1) * run / 2;
        if (first < left[label]) left[label] = first;
        if (column - 1 > right[label]) right[label] = column - 1;
      }
    }
  }

  /** Squared length of each region's features without noise; of that at least a twentieth. Worked out once. */
  get signals(): Float64Array {
    if (this.#signals) return this.#signals;
    const { features, noise, length, count } = this, signals = this.#signals = new Float64Array(count);
    for (let region = 0; region < count; region++) {
      const from = region * length, square = featureProduct(features, from, features, from, length);
      signals[region] = Math.max(square - noise[region], leastSignal * noise[region]) + 1e-30;
    }
    return signals;
  }

  /** How much of the border of two regions is seen, and was in a region of the frame before; NaN where that is not known. */
  borderSeen(regions: readonly [number, number], before: number): BorderSeen {
    return this.#borderSeen?.(this, regions, before) ?? { before: NaN, now: NaN };
  }

  /** Cosine of the mean patterns of two regions, freed of noise; NaN where there are no features. */
  cosine(one: number, other: number): number {
    return this.length === 0 ? NaN : cosineBetween(this, one, this, other);
  }

  /** The probes of a region, ascending. */
  probesOf(region: number): Int32Array {
    return this.probes.subarray(this.starts[region], this.starts[region + 1]);
  }

  /** Mean place of a region's probes. */
  centroid(region: number): { readonly row: number; readonly column: number } {
    const size = this.sizes[region];
    return { row: this.#rowSums[region] / size, column: this.#columnSums[region] / size };
  }

  /**
   * Whether a region reaches the rim of the frame, or the strip beside it that a shift brought in (the specimen's, from the
   * frame before) or, with the opposite sign, takes out.
   */
  reachesRim(region: number, shift: Shift = { row: 0, column: 0 }): boolean {
    const { rows, columns, probes, starts } = this, from = starts[region], to = starts[region + 1];
    if (from === to) return false;
    // Probes are ascending: the first and the last say which rows a region has.
    const first = Math.floor(probes[from] / columns), last = Math.floor(probes[to - 1] / columns);
    return first < Math.max(1, 1 + shift.row) || last >= rows - Math.max(1, 1 - shift.row) ||
      this.left[region] < Math.max(1, 1 + shift.column) ||
      this.right[region] >= columns - Math.max(1, 1 - shift.column);
  }
}

/** A shift of the specimen in whole scan steps. */
export interface Shift {
  readonly row: number;
  readonly column: number;
}
