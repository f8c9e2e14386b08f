/** The items that are open: the same for the same request, and no more than a few. */

import { ServingError } from "../failures.ts";
import type { Item } from "./item.ts";
import type { OpenFile } from "./open_file.ts";
import { type Asked, openFile } from "./open_item.ts";
import type { Roots } from "../files/roots.ts";

/** Items that stay open; more close the one that was not used for longest. */
const mostItems = 8;

/** Open items by id. */
export class Items {
  readonly #roots: Roots;
  /** In the order in which they were used, the latest last. */
  readonly #open = new Map<string, { readonly file: OpenFile; readonly key: string }>();
  readonly #opening = new Map<string, Promise<OpenFile>>();
  readonly #closed: (file: OpenFile) => void;

  /** @param closed is told of files that are closed */
  constructor(roots: Roots, closed: (file: OpenFile) => void) {
    this.#roots = roots;
    this.#closed = closed;
  }

  /**
   * Opens something, or gives what is open already.
   *
   * @param path real path of something served
   * @throws as `openFile`
   */
  async open(path: string, asked: Asked): Promise<Item> {
    const { mtime, size } = await Deno.stat(path);
    const key = JSON.stringify([path, asked.input, asked.scan, mtime?.getTime(), size]);
    for (const { file, key: known } of this.#open.values()) if (known === key) return this.get(file.id);
    // Two that ask for the same at once get the same.
    const opening = this.#opening.get(key) ?? this.#openNew(path, asked, key);
    return (await opening).newest;
  }

  #openNew(path: string, asked: Asked, key: string): Promise<OpenFile> {
    const opening = openFile(this.#roots, path, asked).then((file) => {
      this.#open.set(file.id, { file, key });
      this.#shrink();
      return file;
    }).finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    return opening;
  }

  /**
   * An open item.
   *
   * @param revision of the run that it must be of; default: the last one
   * @throws {ServingError} when there is no such item, or not any more
   */
  get(id: string, revision?: number): Item {
    const entry = this.#open.get(id);
    if (!entry) {
      throw new ServingError("NotFound", "that is not open any more", { remedy: "open the file again" });
    }
    this.#open.delete(id);
    this.#open.set(id, entry);
    return entry.file.at(revision);
  }

  /** The number of the last run of a file, if that is open. */
  newest(id: string): number | undefined {
    return this.#open.get(id)?.file.newest.revision;
  }

  #shrink(): void {
    for (const [id, { file }] of this.#open) {
      if (this.#open.size <= mostItems) return;
      if (file.run !== undefined || file.uses > 0) continue;
      this.#open.delete(id);
      file.close();
      this.#closed(file);
    }
  }

  close(): void {
    for (const { file } of this.#open.values()) file.close();
    this.#open.clear();
  }
}
