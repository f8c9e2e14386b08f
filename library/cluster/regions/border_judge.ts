/** Which of the regions around it a probe belongs to, and how surely. */

import type { Sketch } from "../../passes/sketch/sketch.ts";
import { innerProbes } from "./absorb.ts";
import { type Candidate, partBeyondLeast } from "./crystal_part.ts";
import type { Partition } from "./grid.ts";
import { smoothBeam } from "./shade.ts";
import { eachSurroundings, type Surroundings } from "./surroundings.ts";

/** The margin of probes that have no other region to belong to, and the largest of all. */
export const marginCap = 100;
/** A probe is left to the background where its part of the crystal is by so many standard errors below the limit. */
const sureErrors = 1;

/** Compares probes with the regions around them. */
export class BorderJudge {
  readonly #sketch: Sketch;
  readonly #partition: Partition;
  readonly #inner: Uint8Array;
  /** The bright field with less noise; `null` where there is no background, or no bright field. */
  readonly #smoothed: Float32Array | null;

  constructor(sketch: Sketch, partition: Partition) {
    this.#sketch = sketch;
    this.#partition = partition;
    this.#inner = innerProbes(partition.labels, partition.rows, partition.columns);
    this.#smoothed = partition.background < 0
      ? null
      : smoothBeam(sketch, (probe) => partition.labels[probe] >= 0);
  }

  /** Whether a probe has no other region to go to. */
  isInner(probe: number): boolean {
    return this.#inner[probe] === 1 || this.#partition.labels[probe] < 0;
  }

  /** Tells of probes the region that they belong to by their own features. */
  best(asked: (probe: number) => boolean, tell: (probe: number, region: number) => void): void {
    const { labels, background } = this.#partition;
    this.#judge(asked, ({ probe, grains, open }) => {
      const best = nearest(grains);
      if (open !== null && (best === null || !(this.#part(best, grains, open, probe).beyond >= 0))) {
        return tell(probe, background);
      }
      tell(probe, best?.region ?? labels[probe]);
    });
  }

  /** Tells which probes beside the background have less of the nearest crystal than they need, by more than the error of that. */
  surelyOpen(asked: (probe: number) => boolean, tell: (probe: number) => void): void {
    this.#judge(asked, ({ probe, grains, open }) => {
      const best = nearest(grains);
      if (open === null || best === null) return;
      const { beyond, error } = this.#part(best, grains, open, probe);
      if (Number.isFinite(error) && beyond < -sureErrors * error) tell(probe);
    });
  }

  /** Tells of probes how safe their present region is, in standard errors. */
  margins(asked: (probe: number) => boolean, tell: (probe: number, margin: number) => void): void {
    this.#judge(asked, (surroundings) => tell(surroundings.probe, this.#margin(surroundings)));
  }

  #margin({ probe, grains, open }: Surroundings): number {
    const { labels, background } = this.#partition;
    const { length, degreesOfFreedom, noise } = this.#sketch;
    let margin = marginCap;
    const best = nearest(grains);
    if (open !== null && best !== null) {
      const { beyond, error } = this.#part(best, grains, open, probe);
      margin = Number.isFinite(error) ? inErrors(labels[probe] === background ? -beyond : beyond, error) : 0;
    }
    const own = grains.find(({ region }) => region === labels[probe]);
    const other = nearest(grains.filter((candidate) => candidate !== own));
    if (own === undefined || other === null) return margin;
    let apart = 0;
    for (let i = 0; i < length; i++) apart += (own.mean[i] - other.mean[i]) ** 2;
    // The probe's own noise along the line between the means, and that of the means along the lines to the probe.
    const variance = 4 * (apart * noise[probe] + this.#squareTo(own, probe) * own.noise +
      this.#squareTo(other, probe) * other.noise) /
      degreesOfFreedom;
    return Math.min(margin, inErrors(own.score - other.score, Math.sqrt(variance)));
  }

  /** How much more of a region a probe has than it needs to belong there and not to the background. */
  #part(grain: Candidate, grains: readonly Candidate[], open: number, probe: number) {
    return partBeyondLeast(this.#sketch, this.#smoothed, { grain, grains, open, probe });
  }

  /** Squared distance of a probe's features from the mean of a candidate. */
  #squareTo({ mean }: Candidate, probe: number): number {
    const { length, features } = this.#sketch;
    let sum = 0;
    for (let i = 0; i < length; i++) sum += (features[probe * length + i] - mean[i]) ** 2;
    return sum;
  }

  /** Shows probes that are asked about what lies near them. */
  #judge(asked: (probe: number) => boolean, see: (surroundings: Surroundings) => void): void {
    eachSurroundings(this.#sketch, this.#partition, this.#inner, asked, see);
  }
}

/** The candidate with the highest score, the first of equals; `null` where there is none. */
function nearest(candidates: readonly Candidate[]): Candidate | null {
  return candidates.reduce<Candidate | null>(
    (best, candidate) => best === null || candidate.score > best.score ? candidate : best,
    null,
  );
}

/** A difference over its standard error; where there is no error, any difference is beyond all limits. */
function inErrors(difference: number, error: number): number {
  if (error > 0) return difference / error;
  return difference === 0 ? 0 : Math.sign(difference) * marginCap;
}
