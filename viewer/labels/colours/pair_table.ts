/** Weights of unordered pairs of numbers, in a hash table of typed arrays: millions of additions in a drag's time. Pure. */

/** Adds up weights of pairs. */
export class PairTable {
  #first = new Int32Array(1 << 12).fill(-1);
  #second = new Int32Array(1 << 12);
  #weights = new Float32Array(1 << 12);
  #count = 0;
  /** Where the last pair is: along a border the same pair comes again and again. */
  #last = 0;

  /** Number of pairs. */
  get size(): number {
    return this.#count;
  }

  /** Adds to the weight of a pair of numbers from 0. */
  add(one: number, other: number, weight: number): void {
    const first = one < other ? one : other, second = one < other ? other : one;
    const last = this.#last;
    if (this.#first[last] === first && this.#second[last] === second) {
      this.#weights[last] += weight;
      return;
    }
    const place = this.#last = this.#find(first, second);
    this.#weights[place] += weight;
    if (this.#first[place] >= 0) return;
    this.#first[place] = first;
    this.#second[place] = second;
    if (++this.#count * 2 > this.#first.length) this.#grow();
  }

  /** Calls back for each pair, lower number first. */
  forEach(visit: (first: number, second: number, weight: number) => void): void {
    for (let place = 0; place < this.#first.length; place++) {
      if (this.#first[place] >= 0) visit(this.#first[place], this.#second[place], this.#weights[place]);
    }
  }

  /** The place of a pair, or the free one where it belongs. */
  #find(first: number, second: number): number {
    const last = this.#first.length - 1;
    let place = (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 7 & last;
    while (this.#first[place] >= 0 && (this.#first[place] !== first || this.#second[place] !== second)) {
      place = place + 1 & last;
    }
    return place;
  }

  #grow(): void {
    const first = this.#first, second = this.#second, weights = this.#weights;
    this.#first = new Int32Array(2 * first.length).fill(-1);
    this.#second = new Int32Array(2 * first.length);
    this.#weights = new Float32Array(2 * first.length);
    for (let old = 0; old < first.length; old++) {
      if (first[old] < 0) continue;
      const place = this.#find(first[old], second[old]);
      this.#first[place] = first[old];
      this.#second[place] = second[old];
      this.#weights[place] = weights[old];
    }
  }
}
