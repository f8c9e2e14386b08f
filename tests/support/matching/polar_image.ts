/** The peaks of a pattern by shell and angle, blurred by the distance within which they may belong to a spot. */

import { arctangent, exponential, power } from "../../../library/scan/portable_math.ts";
import type { DiffractionPeaks } from "../../../library/crystal/peaks.ts";
import type { OrientationPlan } from "../../../library/crystal/matching/plan.ts";

/** Gaussians are cut off at so many kernels along the shells. */
const reach = 4;

/**
 * E[shell, angle] = sum over peaks within `kernel` of the shell of I^power exp(-distance^2 / (2 kernel^2)), where the
 * distance is that across the shell and along it.
 *
 * @returns float32 [shell, inPlaneSteps]
 */
export function polarImage({ shells, options }: OrientationPlan, peaks: DiffractionPeaks): Float32Array {
  const { inPlaneSteps, kernel, intensityPower } = options;
  const sums = new Float64Array(shells.length * inPlaneSteps);
  const step = 2 * Math.PI / inPlaneSteps;
  for (let peak = 0; peak < peaks.qRow.length; peak++) {
    const row = peaks.qRow[peak], column = peaks.qColumn[peak];
    const length = Math.sqrt(row * row + column * column);
    const angle = arctangent(column, row);
    const intensity = peaks.intensity[peak];
    if (!(intensity > 0)) continue;
    const height = power(intensity, intensityPower);
    for (let shell = 0; shell < shells.length; shell++) {
      const across = length - shells[shell];
      if (Math.abs(across) >= kernel) continue;
      const arc = shells[shell] * step;
      const half = Math.min(Math.floor(inPlaneSteps / 2), Math.ceil(reach * kernel / arc));
      const nearest = Math.round(angle / step);
      // On a whole turn the two ends are the same angle, which counts once.
      const last = 2 * half >= inPlaneSteps ? half - 1 : half;
      for (let offset = -half; offset <= last; offset++) {
        const along = arc * (nearest + offset - angle / step);
        const bin = ((nearest + offset) % inPlaneSteps + inPlaneSteps) % inPlaneSteps;
        sums[shell * inPlaneSteps + bin] += height *
          exponential(-(across * across + along * along) / (2 * kernel * kernel));
      }
    }
  }
  return Float32Array.from(sums);
}
