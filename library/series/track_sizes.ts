/** How large tracks were: what dwindled before it ended was consumed. */

/** Below this part of its largest size a track had dwindled. */
const dwindled = 0.4;
/** The same of its size two frames before: it dwindles quickly. */
const dwindling = 0.55;
/** Sizes that are remembered. */
const remembered = 3;

/** Follows the probes of tracks from frame to frame. */
export class TrackSizes {
  readonly #largest: number[] = [];
  /** In the last frames in which each was seen. */
  readonly #last: number[][] = [];

  /** Notes a region of the frame that is linked. */
  note(track: number, size: number): void {
    this.#largest[track] = Math.max(this.#largest[track] ?? 0, size);
    const last = this.#last[track] ??= [];
    last.push(size);
    if (last.length > remembered) last.shift();
  }

  /**
   * Whether a track had dwindled, or was about to.
   *
   * @param size probes of its last region, as many as count
   */
  dwindled(track: number, size: number): boolean {
    const earlier = this.#last[track].at(-remembered) ?? 0;
    return size < dwindled * this.#largest[track] || size < dwindling * earlier;
  }
}
