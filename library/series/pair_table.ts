/** Numbers for pairs of regions, as many pairs as there are: flat arrays with open addressing, for a series has many. */

/** How much of the table is filled at most. */
const fullest = 0.5;

/** Counts by (region of the one frame, region of the other). */
export class PairTable {
  #slots: Int32Array;
  #one: Int32Array;
  #other: Int32Array;
  #counts: Int32Array;
  #size = 0;

  /** @param expected pairs that there will be, roughly */
  constructor(expected: number) {
    const places = 1 << Math.max(6, Math.ceil(Math.log2(2 * expected + 1)));
    this.#slots = new Int32Array(places).fill(-1);
    this.#one = new Int32Array(places * fullest);
    this.#other = new Int32Array(places * fullest);
    this.#counts = new Int32Array(places * fullest);
  }

  /** Pairs so far. */
  get size(): number {
    return this.#size;
  }

  /** Number of a pair, in the order in which pairs came; a new one has count 0. */
  place(one: number, other: number): number {
    const slots = this.#slots, mask = slots.length - 1;
    let slot = hash(one, other) & mask;
    for (let found; (found = slots[slot]) >= 0; slot = slot + 1 & mask) {
      if (this.#one[found] === one && this.#other[found] === other) return found;
    }
    if (this.#size === this.#one.length) {
      this.#grow();
      return this.place(one, other);
    }
    const added = this.#size++;
    slots[slot] = added;
    this.#one[added] = one;
    this.#other[added] = other;
    return added;
  }

  /** Adds to the count of a pair. */
  add(one: number, other: number, count: number): void {
    this.#counts[this.place(one, other)] += count;
  }

  /** Makes the count of a pair at least this. */
  raise(one: number, other: number, count: number): void {
    const place = this.place(one, other);
    if (this.#counts[place] < count) this.#counts[place] = count;
  }

  /** The pairs: their numbers and counts, in the order in which they came. Valid until the next one comes. */
  get pairs(): { readonly one: Int32Array; readonly other: Int32Array; readonly counts: Int32Array } {
    const part = (all: Int32Array) => all.subarray(0, this.#size);
    return { one: part(this.#one), other: part(this.#other), counts: part(this.#counts) };
  }

  #grow(): void {
    const twice = (of: Int32Array) => {
      const larger = new Int32Array(2 * of.length);
      larger.set(of);
      return larger;
    };
    this.#one = twice(this.#one);
    this.#other = twice(this.#other);
    this.#counts = twice(this.#counts);
    this.#slots = new Int32Array(2 * this.#slots.length).fill(-1);
    const mask = this.#slots.length - 1;
    for (let pair = 0; pair < this.#size; pair++) {
      let slot = hash(this.#one[pair], this.#other[pair]) & mask;
      while (this.#slots[slot] >= 0) slot = slot + 1 & mask;
      this.#slots[slot] = pair;
    }
  }
}

/** Neighbouring numbers far from each other. */
function hash(one: number, other: number): number {
  const mixed = Math.imul(one, 0x9e3779b1) ^ Math.imul(other, 0x85ebca6b);
  return mixed ^ mixed >>> 15;
}
