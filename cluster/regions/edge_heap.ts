/** A binary heap of edges whose keys change. */

/**
 * The edge with the lowest key comes first, among equal keys the one with the lowest number.
 *
 * Every edge knows its place, so that a changed key moves it and no stale entry is left behind.
 */
export class EdgeHeap {
  /** Number of edges in the heap. */
  size = 0;
  readonly #keys: Float64Array;
  readonly #edges: Int32Array;
  readonly #place: Int32Array;

  /**
   * @param keys float64 (edge): read whenever edges are compared; call `update` after a change. No NaN.
   * @param members 1 for edges that are in the heap at first
   */
  constructor(keys: Float64Array, members: Uint8Array) {
    this.#keys = keys;
    this.#edges = new Int32Array(keys.length);
    this.#place = new Int32Array(keys.length).fill(-1);
    for (let edge = 0; edge < keys.length; edge++) {
      if (members[edge] === 1) this.#put(edge, this.size++);
    }
    for (let place = (this.size >> 1) - 1; place >= 0; place--) this.#sink(this.#edges[place], place);
  }

  /** Takes the first edge out; the heap must not be empty. */
  take(): number {
    const first = this.#edges[0];
    this.remove(first);
    return first;
  }

  /** Moves an edge to where its key belongs; adds it if it is not there. */
  update(edge: number): void {
    let place = this.#place[edge];
    if (place < 0) place = this.size++;
    this.#sink(edge, this.#rise(edge, place));
  }

  /** Takes an edge out, if it is there. */
  remove(edge: number): void {
    const place = this.#place[edge];
    if (place < 0) return;
    this.#place[edge] = -1;
    const last = this.#edges[--this.size];
    if (last !== edge) this.#sink(last, this.#rise(last, place));
  }

  #put(edge: number, place: number): void {
    this.#edges[place] = edge;
    this.#place[edge] = place;
  }

  #before(edge: number, other: number): boolean {
    const key = this.#keys[edge], otherKey = this.#keys[other];
    return key < otherKey || key === otherKey && edge < other;
  }

  #rise(edge: number, place: number): number {
    while (place > 0) {
      const parent = (place - 1) >> 1, other = this.#edges[parent];
      if (!this.#before(edge, other)) break;
      this.#put(other, place);
      place = parent;
    }
    this.#put(edge, place);
    return place;
  }

  #sink(edge: number, place: number): void {
    for (let child = 2 * place + 1; child < this.size; child = 2 * place + 1) {
      const second = child + 1;
      if (second < this.size && this.#before(this.#edges[second], this.#edges[child])) child = second;
      const other = this.#edges[child];
      if (!this.#before(other, edge)) break;
      this.#put(other, place);
      place = child;
    }
    this.#put(edge, place);
  }
}
