/** The electron of the beam. */

/** Rest energy of the electron in keV. */
const restEnergy = 510.99895;
/** h c in keV Å. */
const planckTimesLightSpeed = 12.398419843;

/** Relativistic wavelength in Å of electrons accelerated to `energy` keV. */
export function electronWavelength(energy: number): number {
  return planckTimesLightSpeed / Math.sqrt(energy * (energy + 2 * restEnergy));
}

/** Ratio of the electron's mass in flight to its rest mass. */
export function relativisticMassRatio(energy: number): number {
  return 1 + energy / restEnergy;
}
