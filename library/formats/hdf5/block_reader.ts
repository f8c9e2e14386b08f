/** What reads parts of a data set's numbers, wherever they lie. */

/** Reads blocks of a data set. */
export interface BlockReader {
  /** Elements that were never written, out of all. */
  readonly missing?: { readonly chunks: number; readonly of: number };
  /** Whether numbers come in native byte order, whatever that of the file is. */
  readonly native?: boolean;
  /**
   * Fills `into` with the elements from `offset`, `count` along each axis, in the byte order of the file.
   *
   * @throws {CorruptFile} when they are damaged
   */
  read(offset: readonly number[], count: readonly number[], into: Uint8Array): void | Promise<void>;
  close(): void;
}

/** Fills bytes with copies of an element, or with zeros. */
export function fillWith(into: Uint8Array, element: Uint8Array | undefined): void {
  into.fill(0);
  if (!element) return;
  for (let at = 0; at < into.length; at += element.length) into.set(element, at);
}
