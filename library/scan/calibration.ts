/** What a file says about lengths, angles and the beam. Everything is optional: unknown stays unknown. */

/** Size of one step or pixel along rows and columns, in `unit`, a name of `units.ts` (`nm`, `A`, `um`; `A^-1`, `nm^-1`, `mrad`). */
export interface PixelSize {
  /** Along rows, positive. */
  readonly row: number;
  /** Along columns, positive. */
  readonly column: number;
  /** The unit of both. */
  readonly unit: string;
}

/** Calibration of a scan. */
export interface Calibration {
  /** Distance of neighbouring probe positions. */
  readonly pixelSize?: PixelSize;
  /** Size of a detector pixel in reciprocal space. */
  readonly qPixelSize?: PixelSize;
  /** Energy of the beam in keV. */
  readonly beamEnergy?: number;
  /** Semi-angle of convergence in mrad. */
  readonly convergenceAngle?: number;
  /** Camera length in m. */
  readonly cameraLength?: number;
  /** Angle in degrees from the rows of the detector to those of the scan, counter-clockwise. */
  readonly scanRotation?: number;
}
