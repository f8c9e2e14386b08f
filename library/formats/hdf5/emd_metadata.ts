/** What py4DSTEM files, and ours, say of the microscope, in bundles of metadata whose names changed from version to version. */

import type { Calibration } from "../../scan/calibration.ts";
import type { ScanSource } from "../../scan/scan.ts";
import { positive } from "../axis_steps.ts";
import type { Hdf5File } from "./file.ts";

/** Bundles that are looked at, in a file of any number of them. */
const mostBundles = 100;

/** How many of the unit that is kept one of a written unit is. */
type Factors = Readonly<Record<string, number>>;

const energies: Factors = { V: 1e-3, eV: 1e-3, kV: 1, keV: 1 };
const lengths: Factors = { m: 1, cm: 1e-2, mm: 1e-3 };
const times: Factors = { s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, μs: 1e-6 };

/** What was found. */
export interface MicroscopeFacts {
  readonly calibration: Calibration;
  readonly notes: NonNullable<ScanSource["notes"]>;
}

/**
 * Looks through the bundles beside a data cube; the first that says a quantity is believed. What has no unit, and a
 * rotation whose sense we do not know, are notes.
 *
 * @param top the first group on the way to the data cube
 */
export function microscopeFacts(file: Hdf5File, top: string): MicroscopeFacts {
  const bundles = [`${top}/metadatabundle`, `${top}/metadata`].flatMap((place) =>
    file.names(place).slice(0, mostBundles).map((name) => `${place}/${name}`)
  ).filter((place) => file.group(place));
  const find = <Value>(read: (bundle: string) => Value | undefined): Value | undefined => {
    for (const bundle of bundles) {
      const value = read(bundle);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const number = (bundle: string, name: string) =>
    file.number(`${bundle}/${name}`) ?? file.number(bundle, name);
  const plain = (name: string) => find((bundle) => positive(number(bundle, name)));
  const measured = (name: string, units: Factors) =>
    find((bundle) => {
      const value = positive(number(bundle, name)), key = `${name}_units`;
      const unit = file.text(`${bundle}/${key}`) ?? file.text(bundle, key);
      const factor = units[unit?.trim() ?? ""];
      return value && factor ? value * factor : undefined;
    });
  const volts = plain("accelerating_voltage");
  const beamEnergy = plain("beam_energy_keV") ?? measured("accelerating_voltage", energies) ??
    measured("beam_energy", energies) ?? (volts && (volts < leastVolts ? volts : volts / 1000));
  const convergenceAngle = plain("convergence_angle_mrad") ?? plain("convergence_semiangle_mrad");
  const stored = plain("camera_length"),
    known = plain("camera_length_m") ?? measured("camera_length", lengths);
  const scanRotation = file.number(`${top}/metadatabundle/scan_calibration/scan_rotation_degrees`);
  const dwellTime = measured("dwell_time", times), probe = plain("probe_semiangle");
  const rotation = find((bundle) => number(bundle, "QR_rotation_degrees"));
  const flip = find((bundle) => number(bundle, "QR_flip"));
  return {
    calibration: {
      ...(beamEnergy && { beamEnergy }),
      ...(convergenceAngle && { convergenceAngle }),
      ...(known && { cameraLength: known }),
      ...(scanRotation !== undefined && { scanRotation }),
    },
    notes: {
      ...(stored && !known && { cameraLengthAsStored: stored }),
      ...(dwellTime && { dwellTimeSeconds: dwellTime }),
      ...(probe && { probeSemiangleAsStored: probe }),
      ...(rotation !== undefined && { qrRotationDegrees: rotation }),
      ...(flip !== undefined && { qrFlip: flip !== 0 }),
    },
  };
}

/** Numbers below are kV: no microscope works with so few volts. */
const leastVolts = 5000;
