/** Where packed chunks go: what every written format is at its end. */

/** A file or folder that takes the chunks of an array in raster order. */
export interface ChunkStore {
  /** Takes the next chunk; its bytes are not needed any longer afterwards. */
  add(chunk: Uint8Array): void;
  /** Completes and closes it, once all chunks were added. */
  finish(): void;
  /** Closes it on the way out after another failure, complete or not; after {@link finish} nothing happens. */
  abandon(): void;
}
