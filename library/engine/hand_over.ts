/** From a producer that calls back to a generator. */

/**
 * Turns a producer that delivers items one by one into a generator. The producer goes on while items wait to be taken,
 * up to `most` of them; then its `deliver` waits. When the taker leaves early, `deliver` throws, and the generator ends
 * once the producer has ended.
 *
 * @param produce resolves when all is delivered; what it throws, the generator throws after the items before
 */
export async function* handOver<Item>(
  produce: (deliver: (item: Item) => Promise<void>) => Promise<void>,
  most = 0,
): AsyncGenerator<Item> {
  const waiting: Item[] = [];
  let finished = false, left = false, failure: { cause: unknown } | undefined;
  let delivered = () => {}, taken = () => {};
  const demandTaker = () => {
    if (left) throw new Error("nobody takes these items any more");
  };
  const production = produce(async (item) => {
    demandTaker();
    waiting.push(item);
    delivered();
    while (waiting.length > most && !left) await new Promise<void>((resolve) => taken = resolve);
    demandTaker();
  }).catch((cause) => {
    failure = { cause };
  }).finally(() => {
    finished = true;
    delivered();
  });
  try {
    while (true) {
      if (waiting.length === 0 && !finished) await new Promise<void>((resolve) => delivered = resolve);
      if (waiting.length === 0) break;
      // The item counts as waiting until the taker asks for the next one.
      yield waiting[0];
      waiting.shift();
      taken();
    }
    if (failure) throw failure.cause;
  } finally {
    left = true;
    taken();
    await production;
  }
}
