/** What becomes of the grains of a simulated series: where each is, how large and how turned, frame by frame. */

import { squared } from "../scan/portable_math.ts";
import type { Crystal } from "./crystals.ts";
import type { Grain } from "./grains.ts";
import type { Random } from "./random.ts";
import { compose, norm, rotationAbout, type Vector } from "./rotation.ts";
import type { SimulatedSeriesParameters } from "./series_parameters.ts";

/** Distance of two particles that became one, in sums of their radii. */
const mergedDistance = 0.75;
/** Radius of a particle that appears, in parts of the one that it would have. */
const newRadius = 0.45;
const degree = Math.PI / 180;

/** What will happen to a grain. */
interface Fate {
  /** Scan steps a frame. */
  readonly velocity: readonly [row: number, column: number];
  readonly growth: number;
  /** Boundary speed in films. */
  readonly advance: number;
  /** Turn a frame: axis and angle in radians together. */
  readonly spin: Vector;
  /** First frame in which it is there. */
  born: number;
  /** Frame in which it is gone; Infinity = never. */
  gone: number;
  /** Grain that it comes into, and the first frame in which it is one with it; -1 = none. */
  host: number;
  merged: number;
  /** First frame with its twin. */
  twinned: number;
}

/** Grains and crystals of one frame. Numbers are the same in all frames. */
export interface Scene {
  readonly grains: readonly Grain[];
  readonly crystals: readonly Crystal[];
  /** For each crystal the one that it is part of: itself, or what it merged into. */
  readonly partOf: Int32Array;
}

/** The course of a series. */
export class Evolution {
  /** Where the specimen is in each frame, less where it was in the first, (row, column) in scan steps. */
  readonly drift: readonly (readonly [row: number, column: number])[];
  /** For each crystal the one that it is a twin of that appears during the series, or -1; and the frame. */
  readonly splitOf: Int32Array;
  readonly #grains: readonly Grain[];
  readonly #crystals: readonly Crystal[];
  readonly #fates: readonly Fate[];
  readonly #frames: number;

  /**
   * @param grains of the first frame, in the coordinates of its window
   * @param drift of `drawDrift`
   */
  constructor(
    grains: readonly Grain[],
    crystals: readonly Crystal[],
    drift: Evolution["drift"],
    { scan, series }: SimulatedSeriesParameters,
    random: Random,
  ) {
    this.drift = drift;
    this.#grains = grains;
    this.#crystals = crystals;
    this.#frames = series.frames;
    const film = scan.layout === "film";
    this.#fates = grains.map((): Fate => ({
      velocity: [random.normal() * (film ? 0 : series.motion), random.normal() * (film ? 0 : series.motion)],
      growth: film ? 0 : series.growth * random.between(0.5, 1.5),
      advance: film ? series.coarsening * random.normal() : 0,
      spin: [0, 1, 2].map(() => series.spin * degree * random.normal()) as unknown as Vector,
      ...{ born: 0, gone: Infinity, host: -1, merged: Infinity, twinned: 0 },
    }));
    const twins = new Map(crystals.flatMap(({ twinOf }, twin) => twinOf < 0 ? [] : [[twinOf, twin]]));
    this.splitOf = new Int32Array(crystals.length).fill(-1);
    const late = (from: number) =>
      Math.min(series.frames - 1, from + random.below(Math.max(1, series.frames - from - 2)));
    if (series.frames > 2) {
      for (const parent of random.shuffle([...twins.keys()]).slice(0, series.nucleations)) {
        this.#fates[parent].twinned = late(2);
        this.splitOf[twins.get(parent)!] = parent;
      }
    }
    if (film || series.frames < 3) return;
    const used = this.#pair(series.merges, new Set(twins.keys()));
    const free = random.shuffle([...grains.keys()].filter((grain) => !used.has(grain) && !twins.has(grain)));
    for (const grain of free.slice(0, series.births)) this.#fates[grain].born = late(1);
    for (const grain of free.slice(series.births, series.births + series.dissolutions)) {
      this.#fates[grain].gone = late(2);
    }
  }

  /** Lets the closest particles without twins come together, the smaller into the larger one. */
  #pair(merges: number, twinned: ReadonlySet<number>): Set<number> {
    const grains = this.#grains, fates = this.#fates, used = new Set<number>();
    const gaps: { gap: number; one: number; other: number }[] = [];
    for (let one = 0; one < grains.length; one++) {
      for (let other = 0; other < one; other++) {
        if (twinned.has(one) || twinned.has(other)) continue;
        const a = grains[one], b = grains[other];
        const apart = Math.sqrt(squared(a.row - b.row) + squared(a.column - b.column));
        gaps.push({ gap: apart - a.radius - b.radius, one, other });
      }
    }
    gaps.sort((a, b) => a.gap - b.gap || a.one - b.one || a.other - b.other);
    for (const { one, other } of gaps) {
      if (used.size === 2 * merges) break;
      if (used.has(one) || used.has(other)) continue;
      used.add(one).add(other);
      const [host, guest] = grains[one].radius >= grains[other].radius ? [one, other] : [other, one];
      fates[guest].host = host;
      fates[guest].merged = Math.max(1, Math.min(this.#frames - 1, Math.round(0.7 * (this.#frames - 1))));
    }
    return used;
  }

  /** The scene of a frame. */
  at(frame: number): Scene {
    const fates = this.#fates, [down, right] = this.drift[frame];
    const radii = this.#grains.map(({ radius }, grain) => radius * this.#size(grain, frame));
    const places = this.#grains.map(({ row, column }, grain) => {
      const { velocity } = fates[grain];
      return { row: row + velocity[0] * frame, column: column + velocity[1] * frame };
    });
    fates.forEach(({ host, merged }, grain) => {
      if (host < 0) return;
      const from = places[host], y = places[grain].row - from.row, x = places[grain].column - from.column;
      const apart = Math.sqrt(y * y + x * x) || 1e-9, way = Math.min(1, frame / merged);
      const wanted = (1 - way) * apart + way * mergedDistance * (radii[grain] + radii[host]);
      const part = Math.min(apart, wanted) / apart;
      places[grain] = { row: from.row + y * part, column: from.column + x * part };
    });
    const grains = this.#grains.map((grain, index): Grain => {
      const { row, column } = places[index], scale = radii[index] / grain.radius;
      return {
        ...{ row: row + down, column: column + right, radius: radii[index] },
        headStart: grain.headStart + fates[index].advance * frame,
        ...grain.outline && { outline: { ...grain.outline, apothem: grain.outline.apothem * scale } },
      };
    });
    const partOf = Int32Array.from(this.#crystals.keys());
    fates.forEach(({ host, merged }, grain) => {
      if (frame >= merged) partOf[grain] = host;
    });
    return {
      grains,
      crystals: this.#crystals.map((crystal, index) => this.#turned(crystal, index, partOf, frame)),
      partOf,
    };
  }

  /** Radius of a particle, in parts of that of the first frame; 0 where it is not there. */
  #size(grain: number, frame: number): number {
    const { born, gone, growth } = this.#fates[grain], { radius } = this.#grains[grain];
    if (frame < born || frame >= gone) return 0;
    if (gone < Infinity) return (gone - frame) / gone;
    return (born > 0 ? newRadius : 1) + growth * (frame - born) / radius;
  }

  /** A crystal as it is turned by then; one that merged has the lattice of its host. */
  #turned(crystal: Crystal, index: number, partOf: Int32Array, frame: number): Crystal {
    const host = partOf[index], { grain } = this.#crystals[host], { spin } = this.#fates[grain];
    const angle = norm(spin) * frame;
    const { orientation } = this.#crystals[host];
    const turned = angle > 0 ? compose(rotationAbout(spin, angle), orientation) : orientation;
    const hidden = crystal.boundary && frame < this.#fates[crystal.grain].twinned;
    return {
      ...crystal,
      orientation: turned,
      // A twin that has not appeared is on the other side of a boundary beyond everything.
      ...hidden && { boundary: { ...crystal.boundary!, offset: Infinity } },
    };
  }
}

/** Where the specimen is in each frame: steps at random, none before the first frame. */
export function drawDrift(
  frames: number,
  most: number,
  random: Random,
): (readonly [row: number, column: number])[] {
  let row = 0, column = 0;
  return Array.from({ length: frames }, (_, frame) => {
    if (frame > 0) {
      row += random.between(-most, most);
      column += random.between(-most, most);
    }
    return [row, column] as const;
  });
}
