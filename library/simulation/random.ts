/** Random numbers that a seed reproduces bit for bit on every machine. */

import { cosine, logarithm, sine } from "../scan/portable_math.ts";

/** Finaliser of MurmurHash3: mixes 32 bits so that each input bit changes each output bit. */
function mix(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}

/**
 * The generator xoshiro128** (Blackman and Vigna, ACM Trans. Math. Softw. 47, 36, 2021; doi:10.1145/3460772).
 *
 * Streams are told apart by keys, not by the order of drawing: `new Random(seed, purpose, index)` is the same stream
 * whatever was drawn before, and streams of different last keys never share a starting state.
 */
export class Random {
  readonly #state = new Int32Array(4);

  /**
   * @param seed whole number from 0 to 2^53 - 1
   * @param keys what the stream is for: whole numbers from 0 to 2^32 - 1
   */
  constructor(seed: number, ...keys: number[]) {
    const words = [seed, Math.floor(seed / 4294967296), ...keys];
    for (let i = 0; i < 4; i++) {
      let word = mix(i + 1);
      // Each step is a bijection of `word` and of the key, so distinct last keys give distinct states.
      for (const key of words) word = mix((Math.imul(word, 5) + 0x9e3779b9) ^ mix(key | 0));
      this.#state[i] = word;
    }
    // The state of zeros, which the generator can't leave.
    if ((this.#state[0] | this.#state[1] | this.#state[2] | this.#state[3]) === 0) this.#state[0] = 1;
  }

  /** 32 random bits as a signed integer. */
  bits(): number {
    const state = this.#state;
    const second = state[1];
    let result = Math.imul(second, 5);
    result = Math.imul((result << 7) | (result >>> 25), 9);
    const third = state[2] ^ state[0], fourth = state[3] ^ second;
    state[1] = second ^ third;
    state[0] ^= fourth;
    state[2] = third ^ (second << 9);
    state[3] = (fourth << 11) | (fourth >>> 21);
    return result;
  }

  /** Uniform number in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.bits() >>> 5, low = this.bits() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Uniform number in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Uniform whole number from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Normally distributed number of mean 0 and variance 1 (Box and Muller's method). */
  normal(): number {
    const radius = Math.sqrt(-2 * logarithm(1 - this.uniform()));
    return radius * cosine(2 * Math.PI * this.uniform());
  }

  /** A direction in the plane, uniformly distributed: (sine, cosine) of an angle. */
  direction(): [sine: number, cosine: number] {
    const angle = 2 * Math.PI * this.uniform();
    return [sine(angle), cosine(angle)];
  }

  /** Shuffles `items` in place (Fisher and Yates) and returns them. */
  shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [items[last], items[other]] = [items[other], items[last]];
    }
    return items;
  }
}
