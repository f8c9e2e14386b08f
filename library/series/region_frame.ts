/** What tracking knows of one frame of a series: which probe is in which region, and what the regions' patterns are like. */

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

  /** @throws {RangeError} when maps, features and number of regions do not fit each other */
  constructor({ rows, columns, labels, count, features, noise }: RegionFrameInput) {
    if (labels.length !== rows * columns) {
      throw new RangeError(`${labels.length} labels are no map of ${rows} x ${columns} probes`);
    }
    this.rows = rows;
    this.columns = columns;
    this.count = count;
    this.labels = new Int32Array(labels);
    this.features = features ?? new Float64Array(0);
    this.noise = noise ?? new Float64Array(count);
    this.length = count > 0 ? this.features.length / count : 0;
    if (!Number.isInteger(this.length) || this.noise.length !== count) {
      throw new RangeError(`features and noise are not those of ${count} regions`);
    }
    this.sizes = new Int32Array(count);
    // Plain loops: a long series spends most of its time here.
    for (let probe = 0; probe < this.labels.length; probe++) {
      const label = this.labels[probe];
      if (label >= count) throw new RangeError(`label ${label} is beyond ${count} regions`);
      if (label >= 0) this.sizes[label]++;
      else this.labels[probe] = -1;
    }
    this.starts = new Int32Array(count + 1);
    for (let region = 0; region < count; region++) {
      this.starts[region + 1] = this.starts[region] + this.sizes[region];
    }
    this.probes = new Int32Array(this.starts[count]);
    const next = this.starts.slice();
    for (let probe = 0; probe < this.labels.length; probe++) {
      const label = this.labels[probe];
      if (label >= 0) this.probes[next[label]++] = probe;
    }
  }

  /** The probes of a region, ascending. */
  probesOf(region: number): Int32Array {
    return this.probes.subarray(this.starts[region], this.starts[region + 1]);
  }

  /** Mean place of a region's probes. */
  centroid(region: number): { readonly row: number; readonly column: number } {
    let row = 0, column = 0;
    const probes = this.probesOf(region);
    for (const probe of probes) {
      row += Math.floor(probe / this.columns);
      column += probe % this.columns;
    }
    return { row: row / probes.length, column: column / probes.length };
  }

  /**
   * Whether a region reaches the rim of the frame, or the strip beside it that a shift brought in (the specimen's, from the
   * frame before) or, with the opposite sign, takes out.
   */
  reachesRim(region: number, shift: Shift = { row: 0, column: 0 }): boolean {
    const { rows, columns } = this;
    const top = Math.max(1, 1 + shift.row), bottom = rows - Math.max(1, 1 - shift.row);
    const left = Math.max(1, 1 + shift.column), right = columns - Math.max(1, 1 - shift.column);
    return this.probesOf(region).some((probe) => {
      const row = Math.floor(probe / columns), column = probe % columns;
      return row < top || row >= bottom || column < left || column >= right;
    });
  }
}

/** A shift of the specimen in whole scan steps. */
export interface Shift {
  readonly row: number;
  readonly column: number;
}
