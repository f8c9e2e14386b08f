/** Stands in for library/formats/inflate_stream.ts, by what browsers unpack with. */

/** What was to be unpacked is no deflate stream. */
export class DamagedStream extends Error {}

/** Unpacks a deflate stream without header; what is wrong with it is a {@link DamagedStream}. */
export async function* inflateStream(packed: Iterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let failure: unknown;
  const pieces = packed[Symbol.iterator]();
  const source = new ReadableStream<BufferSource>({
    pull(controller) {
      try {
        const { done, value } = pieces.next();
        if (done) controller.close();
        else controller.enqueue(value as Uint8Array<ArrayBuffer>);
      } catch (cause) {
        failure = cause;
        controller.error(cause);
      }
    },
  }, { highWaterMark: 0 });
  const reader = source.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw failure ?? new DamagedStream("a damaged deflate stream", { cause });
  } finally {
    reader.cancel().catch(() => {});
  }
}
