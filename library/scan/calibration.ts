/** What a file says about lengths, angles and the beam. Everything is optional: unknown stays unknown. */

/** Size of one step or pixel along rows and columns, in `unit` (`nm`, `A`, `um`; `A^-1`, `nm^-1`, `mrad`). */
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

const realSpaceUnits: Readonly<Record<string, string>> = {
  "nm": "nm",
  "a": "A",
  "å": "A",
  "angstrom": "A",
  "ang": "A",
  "um": "um",
  "µm": "um",
  "μm": "um",
  "pm": "pm",
  "m": "m",
  "mm": "mm",
};

/**
 * One spelling for the many that files use: `Å`, `$A^{-1}$`, `1/nm`, `[n_m^-1]` become `A`, `A^-1`, `nm^-1`.
 * Units that are not lengths, reciprocal lengths or angles ("pixels", "", "<undefined>") give `undefined`.
 */
export function normaliseUnit(text: string): string | undefined {
  const plain = text.trim().replace(/[$\[\]{}_\s]/g, "").replace(/\\AA|\\mathrm/gi, "A").replace(/[⁻−]/g, "-")
    .replace(/¹/g, "1").replace(/^1\/(.+)$/, "$1^-1").replace(/\*\*/g, "^").replace(/^(\D+)-1$/, "$1^-1")
    .replace(/\^\^/g, "^");
  if (/^(mrad|rad|deg)$/i.test(plain)) return plain.toLowerCase();
  const match = /^(.+?)(\^-1)?$/.exec(plain);
  const base = match ? realSpaceUnits[match[1].toLowerCase()] : undefined;
  return base === undefined ? undefined : base + (match![2] ?? "");
}
