/** Asking for the first of several items before anybody takes it. */

/** Items of which the first is on its way. */
export interface AskedAhead<Item> {
  /** They can be taken once. */
  readonly items: AsyncIterable<Item>;
  /** Lets whoever makes them clean up, whether they were taken or not; resolves once that is done. */
  end(): Promise<void>;
}

/**
 * Asks for the first item at once, so that whoever makes the items works while the caller does something else before taking
 * them. A failure to make it is heard by the taker.
 */
export function askAhead<Item>(items: AsyncIterable<Item>): AskedAhead<Item> {
  const iterator = items[Symbol.asyncIterator](), first = iterator.next();
  // Nobody may ever take it.
  first.catch(() => {});
  const end = async () => {
    await iterator.return?.();
  };
  async function* taken(): AsyncGenerator<Item> {
    try {
      for (let next = await first; !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await end();
    }
  }
  return { items: taken(), end };
}
