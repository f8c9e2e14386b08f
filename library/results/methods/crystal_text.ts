/** Calibration, orientation and strain in sentences for a methods section. */

import { formatCount, formatNumber } from "../../report/number_format.ts";
import type { StoredResult } from "../read.ts";
import { readCalibration } from "../read_calibration.ts";
import { readOrientations } from "../read_orientations.ts";
import { chosenProbes, readStrain, referenceWords, turnedAxes } from "../read_strain.ts";
import type { Citation } from "./citations.ts";

/** The works that are cited here. */
export interface CrystalWorks {
  readonly method: Citation;
  readonly matching: Citation;
  readonly scattering: Citation;
}

/** The sentences about crystals; the result must have orientations. */
export function describeCrystals(
  result: StoredResult,
  cite: (citation: Citation) => string,
  works: CrystalWorks,
  strained: boolean,
): string[] {
  const { record, orientations } = readOrientations(result), sentences: string[] = [];
  const calibration = readCalibration(result.run, result.directory);
  if (calibration) {
    sentences.push(
      `The patterns were calibrated with the rings of ${calibration.crystal}: ${
        formatNumber(calibration.qPixelSize, 5)
      } 1/Å ` +
        `per detector pixel${
          calibration.ellipse ? ", elliptical distortion corrected" : ""
        }; the direct beam was fitted ` +
        `by a ${calibration.origin.model} over the scan.`,
    );
  }
  const matched = orientations.filter((orientation) => orientation !== undefined).length;
  const names = record.crystals.map(({ name }) => name).join(", ");
  sentences.push(
    `Bragg disks of the averaged patterns were matched with kinematic patterns of ${names} ${
      cite(works.matching)
    } at ` +
      `${formatNumber(record.beamEnergy)} kV, from scattering factors of ${
        cite(works.scattering)
      }, with reflections up to ` +
      `${formatNumber(record.maximumLength)} 1/Å${
        record.debyeWaller ? ", Debye-Waller factors" : ""
      } and an excitation error of ${formatNumber(record.excitationWidth)} 1/Å; ` +
      `${formatCount(matched)} of ${formatCount(orientations.length)} clusters have an orientation.`,
  );
  if (strained) {
    const { record: strain } = readStrain(result), axes = turnedAxes(strain);
    sentences.push(
      `Strain was fitted to the disks of every single pattern${
        chosenProbes(strain)
      } against the orientation of its cluster ${cite(works.method)}, ` +
        `relative to ${referenceWords[strain.reference]}, with ${
          axes === "" ? "x down the detector" : axes
        }.`,
    );
    const { fewCounts = 0, atOnce = fewCounts } = strain;
    if (atOnce > fewCounts) {
      sentences.push(
        `The lattices of ${
          formatCount(atOnce - fewCounts)
        } patterns were fitted to all disks at once that the average of their cluster shows, by weighted least ` +
          "squares with height and background of each disk left open.",
      );
    }
    if (strain.fewCounts) {
      sentences.push(
        `${
          formatCount(strain.fewCounts)
        } patterns have too few counts for their disks to be found one by one; their lattice ` +
          "is the posterior mean over all disks that the average of their cluster shows, under Poisson noise.",
      );
    }
  }
  return sentences;
}
