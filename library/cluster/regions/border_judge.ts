/** Which of the regions around it a probe belongs to, and how surely. */

import { innerProduct, type Sketch } from "../../passes/sketch/sketch.ts";
import { innerProbes } from "./absorb.ts";
import { type Candidate, partBeyondLeast } from "./crystal_part.ts";
import { neighboursOf, type Partition } from "./grid.ts";
import { smoothBeam } from "./shade.ts";

/** Local means reach this many rows and columns. */
const localReach = 3;
/** Local means are made of inner probes only where there are this many. */
const leastInner = 3;
/** The margin of probes that have no other region to belong to, and the largest of all. */
export const marginCap = 100;
/** A probe is left to the background where its part of the crystal is by so many standard errors below the limit. */
const sureErrors = 1;

/** Compares probes with the regions around them. */
export class BorderJudge {
  readonly #sketch: Sketch;
  readonly #partition: Partition;
  readonly #inner: Uint8Array;
  readonly #neighbours = new Int32Array(8);
  /** The bright field with less noise; `null` where there is no background, or no bright field. */
  readonly #smoothed: Float32Array | null;
  readonly #pool: Candidate[];
  readonly #nearby = new Int32Array((2 * localReach + 1) ** 2);

  constructor(sketch: Sketch, partition: Partition) {
    this.#sketch = sketch;
    this.#partition = partition;
    this.#inner = innerProbes(partition.labels, partition.rows, partition.columns);
    this.#smoothed = partition.background < 0
      ? null
      : smoothBeam(sketch, (probe) => partition.labels[probe] >= 0);
    this.#pool = Array.from({ length: 9 }, () => ({
      region: -1,
      mean: new Float32Array(sketch.length),
      noise: 0,
      square: 0,
      beam: 0,
      product: 0,
      score: 0,
    }));
  }

  /** Whether a probe has no other region to go to. */
  isInner(probe: number): boolean {
    return this.#inner[probe] === 1 || this.#partition.labels[probe] < 0;
  }

  /** The region that a probe belongs to by its own features. */
  best(probe: number): number {
    const { labels, background } = this.#partition;
    const { grains, open } = this.#candidates(probe);
    const best = nearest(grains);
    if (open !== null && (best === null || !(this.#part(best, grains, open, probe).beyond >= 0))) {
      return background;
    }
    return best?.region ?? labels[probe];
  }

  /** Whether a probe beside the background has less of the nearest crystal than it needs, by more than the error of that. */
  isSurelyOpen(probe: number): boolean {
    const { grains, open } = this.#candidates(probe), best = nearest(grains);
    if (open === null || best === null) return false;
    const { beyond, error } = this.#part(best, grains, open, probe);
    return Number.isFinite(error) && beyond < -sureErrors * error;
  }

  /** How safe the present region of a probe is, in standard errors. */
  margin(probe: number): number {
    const { labels, background } = this.#partition;
    const { length, degreesOfFreedom, noise } = this.#sketch;
    const { grains, open } = this.#candidates(probe);
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

  /**
   * The regions next to a probe and its own, by number, each with its mean nearby, and the electrons of the
   * direct beam in a pattern of the background nearby; `null` where there is none.
   */
  #candidates(probe: number): { grains: Candidate[]; open: number | null } {
    const { rows, columns, labels, background } = this.#partition;
    const regions = [labels[probe]];
    const found = neighboursOf(probe, rows, columns, this.#neighbours);
    for (let i = 0; i < found; i++) {
      const region = labels[this.#neighbours[i]];
      if (region >= 0 && !regions.includes(region)) regions.push(region);
    }
    regions.sort((a, b) => a - b);
    const grains: Candidate[] = [];
    let open: number | null = null;
    for (const region of regions) {
      const count = this.#collect(probe, region);
      if (count === 0) continue;
      if (region === background) open = this.#beamNearby(count);
      else grains.push(this.#candidate(this.#pool[grains.length], probe, region, count));
    }
    return { grains, open };
  }

  /** Mean electrons of the direct beam of the first `count` probes of `#nearby`; 0 where they were not recorded. */
  #beamNearby(count: number): number {
    const { beam } = this.#sketch;
    if (!beam) return 0;
    let sum = 0;
    for (let n = 0; n < count; n++) sum += beam[this.#nearby[n]];
    return sum / count;
  }

  /** Writes the probes of a region near a probe, without itself, into `#nearby`: inner ones where there are enough. */
  #collect(probe: number, region: number): number {
    const { rows, columns, labels } = this.#partition;
    const row = Math.floor(probe / columns), column = probe - row * columns;
    const top = Math.max(0, row - localReach), bottom = Math.min(rows - 1, row + localReach);
    const left = Math.max(0, column - localReach), right = Math.min(columns - 1, column + localReach);
    let count = 0, inner = 0;
    for (let y = top; y <= bottom; y++) {
      for (let other = y * columns + left; other <= y * columns + right; other++) {
        if (labels[other] !== region || other === probe) continue;
        this.#nearby[count++] = other;
        inner += this.#inner[other];
      }
    }
    if (inner < leastInner) return count;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      if (this.#inner[this.#nearby[i]] === 1) this.#nearby[kept++] = this.#nearby[i];
    }
    return kept;
  }

  /** Fills in a candidate from the first `count` probes of `#nearby`. */
  #candidate(candidate: Candidate, probe: number, region: number, count: number): Candidate {
    const { length, features, noise } = this.#sketch;
    const { mean } = candidate;
    mean.fill(0);
    candidate.region = region;
    candidate.noise = 0;
    for (let n = 0; n < count; n++) {
      const other = this.#nearby[n];
      candidate.noise += noise[other];
      for (let i = 0; i < length; i++) mean[i] += features[other * length + i];
    }
    for (let i = 0; i < length; i++) mean[i] /= count;
    candidate.noise /= count * count;
    candidate.beam = this.#beamNearby(count);
    candidate.square = innerProduct(mean, 0, mean, 0, length) - candidate.noise;
    candidate.product = innerProduct(mean, 0, features, probe * length, length);
    candidate.score = 2 * candidate.product - candidate.square;
    return candidate;
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
