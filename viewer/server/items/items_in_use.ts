/** Open items that something is done with: they are not closed meanwhile, and all of it ends with the server. */

import type { Item } from "./item.ts";
import type { Items } from "./items.ts";

/** An open item by its id, and the run that it is to be of; default: the last one. */
export interface ItemNamed {
  readonly id: string;
  readonly revision?: number;
}

/** Keeps items open for as long as they are needed. */
export class ItemsInUse {
  readonly #items: Items;
  readonly #stopping = new AbortController();

  constructor(items: Items) {
    this.#items = items;
  }

  /** An open item; it stays the one that was used last. */
  get(id: string, revision?: number): Item {
    return this.#items.get(id, revision);
  }

  /** Does something with an item. */
  async using<Result>(
    { id, revision }: ItemNamed,
    task: (item: Item, signal: AbortSignal) => Result | Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const item = this.get(id, revision), { file } = item;
    file.uses++;
    try {
      return await task(item, this.until(signal));
    } finally {
      file.uses--;
    }
  }

  /** Gives pieces that are made from an item. */
  async *whileUsed<Piece>({ file }: Item, pieces: AsyncGenerator<Piece>): AsyncGenerator<Piece> {
    file.uses++;
    try {
      yield* pieces;
    } finally {
      file.uses--;
    }
  }

  /** A signal that says as well when the server ends. */
  until(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#stopping.signal]) : this.#stopping.signal;
  }

  /** Stops all that goes on. */
  stop(): void {
    this.#stopping.abort();
  }
}
