/** Sizes of a four-dimensional scan, in the order `D[row, column, qy, qx]`, slowest axis first. */

/** Sizes of a scan: probe positions in real space, detector pixels in reciprocal space. */
export interface ScanShape {
  /** Probe positions along the slow scan axis. */
  readonly rows: number;
  /** Probe positions along the fast scan axis. */
  readonly columns: number;
  /** Detector pixels along qy, the slow axis of a pattern. */
  readonly patternRows: number;
  /** Detector pixels along qx, the fast axis of a pattern. */
  readonly patternColumns: number;
}

/** Number of probe positions of a scan. */
export function probeCount(shape: ScanShape): number {
  return shape.rows * shape.columns;
}

/** Number of detector pixels of one pattern. */
export function pixelCount(shape: Pick<ScanShape, "patternRows" | "patternColumns">): number {
  return shape.patternRows * shape.patternColumns;
}

/** The shape as text, "rows x columns x qy x qx". */
export function formatShape(shape: ScanShape): string {
  return `${shape.rows} x ${shape.columns} x ${shape.patternRows} x ${shape.patternColumns}`;
}
