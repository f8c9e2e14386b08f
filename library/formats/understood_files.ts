/** Thousands of files that say the same in their headers: the first is understood, the others are only compared with it. */

import { type ByteSource, type FileSource, throughWindow } from "../scan/byte_source.ts";

/** Bytes that were read to understand a file. */
interface ReadPiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Pieces that lie so close that they are read at once. */
interface Span {
  readonly offset: number;
  /** What was read there last. */
  readonly bytes: Uint8Array;
  readonly pieces: readonly ReadPiece[];
}

/** Bytes between pieces that are read together: another reading costs as much. */
const closeBytes = 1024;

/** Understands files of one kind, one after the other. */
export class UnderstoodFiles<Result> {
  readonly #understand: (file: ByteSource) => Result;
  #last: { readonly result: Result; readonly size: number; readonly spans: readonly Span[] } | undefined;

  /** @param understand reads what it needs of a file, and nothing else decides on its result */
  constructor(understand: (file: ByteSource) => Result) {
    this.#understand = understand;
  }

  /**
   * The result for a file. For one of the same size as the last, with the same bytes wherever those were looked at, it is
   * the same.
   *
   * @throws what understanding throws
   */
  of(file: FileSource): Result {
    if (this.#last && this.#last.size === file.size && this.#last.spans.every((span) => isSame(file, span))) {
      return this.#last.result;
    }
    const pieces: ReadPiece[] = [];
    const result = this.#understand(remembering(throughWindow(file), pieces));
    this.#last = { result, size: file.size, spans: spansOf(pieces) };
    return result;
  }
}

function isSame(file: FileSource, { offset, bytes, pieces }: Span): boolean {
  file.readAt(offset, bytes);
  for (const piece of pieces) {
    const start = piece.offset - offset;
    for (let index = 0; index < piece.bytes.length; index++) {
      if (bytes[start + index] !== piece.bytes[index]) return false;
    }
  }
  return true;
}

/** The same file, of which all that is read is kept. */
function remembering(file: ByteSource, pieces: ReadPiece[]): ByteSource {
  return {
    path: file.path,
    size: file.size,
    readAt(offset, into) {
      file.readAt(offset, into);
      pieces.push({ offset, bytes: into.slice() });
    },
    close() {},
  };
}

function spansOf(pieces: readonly ReadPiece[]): Span[] {
  const sorted = pieces.toSorted((a, b) => a.offset - b.offset), spans: Span[] = [];
  for (let first = 0; first < sorted.length;) {
    const { offset } = sorted[first];
    let end = offset, next = first;
    while (next < sorted.length && sorted[next].offset <= end + closeBytes) {
      end = Math.max(end, sorted[next].offset + sorted[next].bytes.length);
      next++;
    }
    spans.push({ offset, bytes: new Uint8Array(end - offset), pieces: sorted.slice(first, next) });
    first = next;
  }
  return spans;
}
