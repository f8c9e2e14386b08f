/** The items that are open: the same for the same request, and no more than a few. */

import { ServingError } from "../failures.ts";
import type { Item } from "./item.ts";
import { openItem } from "./open_item.ts";
import type { Roots } from "../files/roots.ts";

/** Items that stay open; more close the one that was not used for longest. */
const mostItems = 8;

/** Open items by id. */
export class Items {
  readonly #roots: Roots;
  /** In the order in which they were used, the latest last. */
  readonly #open = new Map<string, { readonly item: Item; readonly key: string }>();
  readonly #opening = new Map<string, Promise<Item>>();
  readonly #closed: (item: Item) => void;

  /** @param closed is told of items that are closed */
  constructor(roots: Roots, closed: (item: Item) => void) {
    this.#roots = roots;
    this.#closed = closed;
  }

  /**
   * Opens something, or gives what is open already.
   *
   * @param path real path of something served
   * @throws as `openItem`
   */
  async open(path: string, input: readonly string[]): Promise<Item> {
    const { mtime, size } = await Deno.stat(path);
    const key = JSON.stringify([path, input, mtime?.getTime(), size]);
    for (const { item, key: known } of this.#open.values()) if (known === key) return this.get(item.id);
    // Two that ask for the same at once get the same.
    const opening = this.#opening.get(key) ?? this.#openNew(path, input, key);
    return await opening;
  }

  #openNew(path: string, input: readonly string[], key: string): Promise<Item> {
    const opening = openItem(this.#roots, path, input).then((item) => {
      this.#open.set(item.id, { item, key });
      this.#shrink();
      return item;
    }).finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    return opening;
  }

  /** @throws {ServingError} when there is no such item, or not any more */
  get(id: string): Item {
    const entry = this.#open.get(id);
    if (!entry) {
      throw new ServingError("NotFound", "that is not open any more", { remedy: "open the file again" });
    }
    this.#open.delete(id);
    this.#open.set(id, entry);
    return entry.item;
  }

  #shrink(): void {
    for (const [id, { item }] of this.#open) {
      if (this.#open.size <= mostItems) return;
      if (item.run !== undefined || item.uses > 0) continue;
      this.#open.delete(id);
      item.close();
      this.#closed(item);
    }
  }

  close(): void {
    for (const { item } of this.#open.values()) item.close();
    this.#open.clear();
  }
}
