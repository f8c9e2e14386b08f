/** What a simulated series is told beside what each of its scans is. Scan steps are distances of neighbouring probes. */

import { checkSimulation, demandOfSimulation, type SimulationParameters } from "./parameters.ts";

/** All parameters of a simulated series. */
export interface SeriesParameters {
  /** Number of scans. */
  readonly frames: number;
  /** Largest step of the whole specimen from frame to frame, along each axis, in scan steps. */
  readonly drift: number;
  /** Rms speed of each particle along each axis, in scan steps a frame. */
  readonly motion: number;
  /** Rms turn of each grain about each axis, in degrees a frame. */
  readonly spin: number;
  /** Mean growth of the radius of particles, in scan steps a frame. */
  readonly growth: number;
  /** Pairs of particles that move together and become one crystal. */
  readonly merges: number;
  /** Particles that appear during the series. */
  readonly births: number;
  /** Particles that shrink until they are gone. */
  readonly dissolutions: number;
  /** Films: rms speed at which a boundary gains on its neighbours, in scan steps a frame; some grains are consumed. */
  readonly coarsening: number;
  /** Twins that appear during the series, of those that the scan has. */
  readonly nucleations: number;
}

/** Particles that grow on a support that drifts, some of them into each other; films with `layout: film`. */
export const defaultSeries: SeriesParameters = {
  frames: 10,
  drift: 2,
  motion: 0.3,
  spin: 0.3,
  growth: 0.2,
  merges: 2,
  births: 2,
  dissolutions: 1,
  coarsening: 0.6,
  nucleations: 0,
};

/** Ranges of the numbers, ends included, and what they count. */
const ranges: Readonly<Record<keyof SeriesParameters, readonly [low: number, high: number, unit: string]>> = {
  frames: [1, 10000, "whole frames"],
  drift: [0, 64, "scan steps"],
  motion: [0, 64, "scan steps a frame"],
  spin: [0, 90, "degrees a frame"],
  growth: [0, 64, "scan steps a frame"],
  merges: [0, 2048, "whole pairs"],
  births: [0, 4096, "whole particles"],
  dissolutions: [0, 4096, "whole particles"],
  coarsening: [0, 64, "scan steps a frame"],
  nucleations: [0, 4096, "whole twins"],
};

/** What is known of every scan and of the series. */
export interface SimulatedSeriesParameters {
  readonly scan: SimulationParameters;
  readonly series: SeriesParameters;
}

/**
 * Adds the defaults and checks all.
 *
 * @throws {BadParameter} naming the first parameter that is out of range
 */
export function checkSeriesSimulation(
  scan: Partial<SimulationParameters>,
  series: Partial<SeriesParameters>,
): SimulatedSeriesParameters {
  const complete = { ...defaultSeries, ...series };
  for (const [name, [low, high, unit]] of Object.entries(ranges)) {
    const value = complete[name as keyof SeriesParameters], whole = unit.startsWith("whole");
    const holds = value >= low && value <= high && (!whole || Number.isInteger(value));
    const numbers = whole ? "a whole number" : "a number";
    demandOfSimulation(
      holds,
      name,
      `${numbers} from ${low} to ${high} ${unit.replace(/^whole /, "")}`,
      value,
    );
  }
  return { scan: checkSimulation(scan), series: complete };
}
