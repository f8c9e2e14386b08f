/** Pieces of outlines joined to long lines, which canvases draw many times faster. Pure. */

/** Lines that follow one another: line k goes through points `starts[k]` to `starts[k + 1] - 1`. */
export interface OutlineLines {
  /** float32 (point, 2): row and column in probe positions (the centre of probe (0, 0) is (0, 0)). */
  readonly points: Float32Array<ArrayBuffer>;
  readonly starts: Uint32Array<ArrayBuffer>;
}

/**
 * Joins segments whose ends lie on sides of probes. Each segment is in one line, from end to end of which it can be gone
 * without lifting the pen.
 *
 * @param segments float32 (segment, 4): row and column of both ends, in probe positions
 */
export function joinSegments(segments: Float32Array, rows: number, columns: number): OutlineLines {
  const count = segments.length / 4, pen = new Pen(segments, rows, columns);
  const points = new Float32Array(4 * count), starts: number[] = [0];
  let size = 0;
  for (let segment = 0; segment < count; segment++) {
    // Back from the one end as far as it goes, then forth again from there.
    const back = pen.follow(2 * segment);
    if (back.length === 0) continue;
    const forth = pen.follow(2 * segment + 1, true);
    for (let at = back.length - 1; at >= 0; at--) size = put(points, size, segments, back[at]);
    for (const end of forth) size = put(points, size, segments, end);
    starts.push(size / 2);
  }
  return { points: points.slice(0, size), starts: Uint32Array.from(starts) };
}

function put(points: Float32Array, size: number, segments: Float32Array, end: number): number {
  points[size] = segments[2 * end];
  points[size + 1] = segments[2 * end + 1];
  return size + 2;
}

/** Goes along segments that have not been drawn. End 2 k and 2 k + 1 are those of segment k. */
class Pen {
  readonly #nodes: Int32Array;
  readonly #drawn: Uint8Array;
  /** The ends at each node: the first, and after each end the next. */
  readonly #first: Int32Array;
  readonly #next: Int32Array;

  constructor(segments: Float32Array, rows: number, columns: number) {
    const ends = segments.length / 2, width = 2 * columns + 2;
    this.#nodes = new Int32Array(ends);
    this.#drawn = new Uint8Array(ends / 2);
    this.#first = new Int32Array((2 * rows + 2) * width).fill(-1);
    this.#next = new Int32Array(ends);
    for (let end = 0; end < ends; end++) {
      // Positions are multiples of 1/2 from -1/2 on.
      const node = (2 * segments[2 * end] + 1) * width + 2 * segments[2 * end + 1] + 1;
      this.#nodes[end] = node;
      this.#next[end] = this.#first[node];
      this.#first[node] = end;
    }
  }

  /**
   * The ends of a line from one end of a segment on, that end first.
   *
   * @param drawn whether the segment itself is drawn already, by another line through it
   */
  follow(end: number, drawn = false): number[] {
    if (!drawn) {
      if (this.#drawn[end >> 1]) return [];
      this.#drawn[end >> 1] = 1;
    }
    const line = [end];
    while (true) {
      let other = this.#first[this.#nodes[line[line.length - 1]]];
      while (other >= 0 && this.#drawn[other >> 1]) other = this.#next[other];
      if (other < 0) return line;
      this.#drawn[other >> 1] = 1;
      line.push(other ^ 1);
    }
  }
}
