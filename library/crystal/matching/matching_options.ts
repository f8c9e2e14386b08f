/** How orientations are looked for: options of a plan. */

import { BadParameter } from "../../scan/errors.ts";

/** How orientations are looked for. */
export interface MatchingOptions {
  /** Energy of the beam in keV. */
  readonly beamEnergy: number;
  /** Longest reciprocal lattice vector in Å^-1 that patterns show; default 1.5. */
  readonly maximumLength?: number;
  /** Angle between zone axes in degrees; default 2. */
  readonly zoneStep?: number;
  /** Angles about the beam on a full turn, a multiple of 4; default 192 (every 1.875 degrees). */
  readonly inPlaneSteps?: number;
  /** Distance in Å^-1 within which a peak may belong to a spot; default 0.08. */
  readonly kernel?: number;
  /** Standard deviation in Å^-1 of the excitation error at which spots fade; default 0.02. */
  readonly excitationWidth?: number;
  /** Power to which intensities of spots and of peaks are taken; default 0.25: presence counts more than brightness. */
  readonly intensityPower?: number;
  /** Power of |g| by which spots count more; default 1. */
  readonly radialPower?: number;
  /** Whether atoms vibrate as the crystal's Debye-Waller parameters say; default: they are at rest. */
  readonly debyeWaller?: boolean;
}

const defaults = {
  maximumLength: 1.5,
  zoneStep: 2,
  inPlaneSteps: 192,
  kernel: 0.08,
  excitationWidth: 0.02,
  intensityPower: 0.25,
  radialPower: 1,
  debyeWaller: false,
};

/**
 * Options with what is left out.
 *
 * @throws {BadParameter} when one is out of range
 */
export function completeOptions(options: MatchingOptions): Required<MatchingOptions> {
  const complete = { ...defaults, ...options };
  checkOptions(complete);
  return complete;
}

function checkOptions(options: Required<MatchingOptions>): void {
  const ranges: [Exclude<keyof MatchingOptions, "debyeWaller">, number, number, string][] = [
    ["beamEnergy", 1, 5000, "an energy in keV from 1 to 5000"],
    ["maximumLength", 0.05, 20, "a length in Å^-1 from 0.05 to 20"],
    ["zoneStep", 0.2, 30, "an angle in degrees from 0.2 to 30"],
    ["inPlaneSteps", 16, 3600, "a multiple of 4 from 16 to 3600"],
    ["kernel", 1e-3, 1, "a distance in Å^-1 from 0.001 to 1"],
    ["excitationWidth", 1e-4, 1, "a width in Å^-1 from 0.0001 to 1"],
    ["intensityPower", 0, 2, "a power from 0 to 2"],
    ["radialPower", 0, 4, "a power from 0 to 4"],
  ];
  for (const [parameter, least, most, expected] of ranges) {
    const value = options[parameter];
    if (value >= least && value <= most && (parameter !== "inPlaneSteps" || value % 4 === 0)) continue;
    throw new BadParameter(`${value} is no ${parameter}`, {
      ...{ expected, found: String(value), parameter },
      remedy: `give ${expected}`,
    });
  }
}
