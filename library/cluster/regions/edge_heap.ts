/** A heap of edges whose keys change. */

/** Children of a place: four lie side by side in memory, and the heap is half as deep as with two. */
const children = 4;

/**
 * The edge with the lowest key comes first, among equal keys the one with the lowest number.
 *
 * Every edge knows its place, so that a changed key moves it and no stale entry is left behind. Keys lie beside the edges,
 * in the order of the heap.
 */
export class EdgeHeap {
  /** Number of edges in the heap. */
  size = 0;
  readonly #edges: Int32Array;
  readonly #keys: Float64Array;
  readonly #place: Int32Array;

  /**
   * @param keys float64 (edge), no NaN
   * @param members uint8 (edge): 1 for edges that are in the heap at first
   */
  constructor(keys: Float64Array, members: Uint8Array) {
    this.#edges = new Int32Array(keys.length);
    this.#keys = new Float64Array(keys.length);
    this.#place = new Int32Array(keys.length).fill(-1);
    for (let edge = 0; edge < keys.length; edge++) {
      if (members[edge] === 1) this.#put(edge, keys[edge], this.size++);
    }
    for (let place = Math.floor((this.size - 2) / children); place >= 0; place--) {
      this.#sink(this.#edges[place], this.#keys[place], place);
    }
  }

  /** Takes the first edge out; the heap must not be empty. */
  take(): number {
    const first = this.#edges[0];
    this.remove(first);
    return first;
  }

  /** Moves an edge to where its new key belongs; adds it if it is not there. */
  update(edge: number, key: number): void {
    let place = this.#place[edge];
    if (place < 0) place = this.size++;
    this.#settle(edge, key, place);
  }

  /** Takes an edge out, if it is there. */
  remove(edge: number): void {
    const place = this.#place[edge];
    if (place < 0) return;
    this.#place[edge] = -1;
    const last = --this.size;
    if (place !== last) this.#settle(this.#edges[last], this.#keys[last], place);
  }

  #put(edge: number, key: number, place: number): void {
    this.#edges[place] = edge;
    this.#keys[place] = key;
    this.#place[edge] = place;
  }

  /** Whether an edge comes before the one at a place. */
  #before(edge: number, key: number, place: number): boolean {
    return key < this.#keys[place] || key === this.#keys[place] && edge < this.#edges[place];
  }

  /** Puts an edge at a free place, or above or below, where it belongs. */
  #settle(edge: number, key: number, place: number): void {
    while (place > 0) {
      const parent = Math.floor((place - 1) / children);
      if (!this.#before(edge, key, parent)) break;
      this.#put(this.#edges[parent], this.#keys[parent], place);
      place = parent;
    }
    this.#sink(edge, key, place);
  }

  #sink(edge: number, key: number, place: number): void {
    for (let child = children * place + 1; child < this.size; child = children * place + 1) {
      const end = Math.min(child + children, this.size);
      for (let other = child + 1; other < end; other++) {
        if (this.#before(this.#edges[other], this.#keys[other], child)) child = other;
      }
      if (this.#before(edge, key, child)) break;
      this.#put(this.#edges[child], this.#keys[child], place);
      place = child;
    }
    this.#put(edge, key, place);
  }
}
