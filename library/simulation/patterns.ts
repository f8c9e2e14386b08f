/** The expected diffraction pattern of each probe position: crystals, support and camera together. */

import type { Crystal } from "./crystals.ts";
import {
  type Descan,
  type DiffuseScattering,
  diffuseScattering,
  drawDescan,
  drawHotPixels,
  type HotPixel,
  stoppedPixels,
} from "./detector.ts";
import { DiffractingCrystal, diffractionConditions } from "./diffraction.ts";
import { DiskStamp } from "./disks.ts";
import type { Footprints } from "./footprints.ts";
import type { DetectorGeometry } from "./geometry.ts";
import type { Grain } from "./grains.ts";
import type { SimulationParameters } from "./parameters.ts";
import type { Phase } from "./phases.ts";
import type { Random } from "./random.ts";

/** A disk of a pattern. */
export interface SimulatedDisk {
  /** Middle of the disk in detector pixels. */
  readonly row: number;
  /** See `row`. */
  readonly column: number;
  /** Electrons expected in it. */
  readonly electrons: number;
  /** The crystal that scatters them; -1 for the direct beam. */
  readonly crystal: number;
}

/** Computes expected counts. Crystals under one probe add up incoherently. */
export class PatternModel {
  /** The detector's hot pixels. */
  readonly hotPixels: readonly HotPixel[];
  /** Expected counts of the brightest pixel of a pattern without crystals. */
  readonly brightest: number;
  readonly #parameters: SimulationParameters;
  readonly #geometry: DetectorGeometry;
  readonly #footprints: Footprints;
  readonly #crystals: readonly DiffractingCrystal[];
  readonly #diffuse: DiffuseScattering;
  readonly #stamp: DiskStamp;
  readonly #descan: Descan;
  readonly #stopped: Int32Array;

  /** @param random decides about hot pixels and descan */
  constructor(
    parameters: SimulationParameters,
    geometry: DetectorGeometry,
    grains: readonly Grain[],
    crystals: readonly Crystal[],
    phases: readonly Phase[],
    footprints: Footprints,
    random: Random,
  ) {
    const conditions = diffractionConditions(phases, parameters, geometry);
    this.#parameters = parameters;
    this.#geometry = geometry;
    this.#footprints = footprints;
    this.#crystals = crystals.map((crystal) =>
      new DiffractingCrystal(crystal, grains[crystal.grain], parameters, geometry, conditions)
    );
    this.#diffuse = diffuseScattering(parameters, geometry);
    this.#stamp = new DiskStamp(geometry.diskRadius, parameters.pointSpread, parameters.diskSteps);
    this.#descan = drawDescan(parameters, random);
    this.#stopped = stoppedPixels(parameters, geometry);
    this.hotPixels = drawHotPixels(parameters, random);
    const { dose, halo } = parameters;
    const brightestHalo = this.#diffuse.halo.reduce((most, value) => Math.max(most, value), 0);
    this.brightest = dose * ((1 - halo) * this.#stamp.peak + halo * brightestHalo);
  }

  /** Fills `counts`, (qy, qx) row-major, with the expected counts of a probe, an index (row, column) row-major. */
  expectedCounts(probe: number, counts: Float32Array): void {
    const { patternRows, patternColumns, dose, halo } = this.#parameters;
    counts.fill(0);
    const thermal = this.#eachDisk(probe, (row, column, electrons) => {
      this.#stamp.add(counts, patternRows, patternColumns, row, column, electrons);
    });
    const { halo: ring, thermal: core } = this.#diffuse;
    const inRing = dose * halo, inCore = dose * (1 - halo) * thermal;
    for (let pixel = 0; pixel < counts.length; pixel++) {
      counts[pixel] += inRing * ring[pixel] + inCore * core[pixel];
    }
    for (const { pixel, rate } of this.hotPixels) counts[pixel] += rate * dose;
    for (const pixel of this.#stopped) counts[pixel] = 0;
  }

  /** The disks of a probe, an index (row, column) row-major; see {@link SimulatedScan.disks}. */
  disks(probe: number): SimulatedDisk[] {
    const disks: SimulatedDisk[] = [];
    this.#eachDisk(
      probe,
      (row, column, electrons, crystal) => disks.push({ row, column, electrons, crystal }),
    );
    return disks;
  }

  /** Place of the direct beam of a probe, an index (row, column) row-major, in pixels. */
  origin(probe: number): [row: number, column: number] {
    const { rows, columns } = this.#parameters, { center } = this.#geometry;
    const [row, column] = this.#descan(Math.floor(probe / columns) / rows, probe % columns / columns);
    return [center[0] + row, center[1] + column];
  }

  /** Calls `draw` with every disk of a probe, the direct beam last; returns the part of the beam in diffuse scattering. */
  #eachDisk(
    probe: number,
    draw: (row: number, column: number, electrons: number, crystal: number) => void,
  ): number {
    const { columns, dose, halo, ellipse } = this.#parameters;
    const { qPixelSize } = this.#geometry;
    const { starts, crystals, weights, thicknesses } = this.#footprints;
    const row = Math.floor(probe / columns), column = probe % columns;
    const [centerRow, centerColumn] = this.origin(probe);
    const beam = dose * (1 - halo);
    let direct = 1, thermal = 0;
    for (let entry = starts[probe]; entry < starts[probe + 1]; entry++) {
      const weight = weights[entry], crystal = crystals[entry];
      const beams = this.#crystals[crystal].beamsAt(row, column, thicknesses[entry]);
      direct -= weight * (1 - beams.direct);
      thermal += weight * beams.diffuse;
      for (let i = 0; i < beams.count; i++) {
        draw(
          centerRow + beams.y[i] / qPixelSize * ellipse,
          centerColumn + beams.x[i] / qPixelSize,
          beam * weight * beams.intensities[i],
          crystal,
        );
      }
    }
    draw(centerRow, centerColumn, beam * direct, -1);
    return thermal;
  }
}
