/** A scan or a result that is open, with what its last runs found. */

import type { ClusterNote } from "../../../library/cluster/notes.ts";
import type { NotesAnswer } from "../../protocol/notes.ts";
import { ServingError } from "../failures.ts";
import { type FileOfItem, type Found, Item, type ItemContent } from "./item.ts";
import { InTurn } from "../../../library/scan/in_turn.ts";

/** Clusterings of older runs that are kept for pages that still show them, and their bytes at most. */
const mostOlder = 3, mostOlderBytes = 128 * 2 ** 20;

/** One open file. Every run adds an item; the oldest are forgotten. */
export class OpenFile implements FileOfItem {
  readonly id = crypto.randomUUID().slice(0, 8);
  /** Id of the run that goes on. */
  run?: string;
  /** Answers that are being worked on. */
  uses = 0;
  /** Oldest first. */
  #items: readonly Item[];
  #corrections: { readonly item: Item; readonly text: string } | undefined;
  #content: ItemContent;
  #notes: readonly ClusterNote[];
  readonly #noteTurns = new InTurn();

  constructor(content: ItemContent) {
    this.#content = content;
    this.#notes = content.found?.origin.stored?.run.clusterNotes ?? [];
    this.#items = [new Item(this, 0, content.found)];
  }

  get content(): ItemContent {
    return this.#content;
  }

  /** What the last run left. */
  get newest(): Item {
    return this.#items[this.#items.length - 1];
  }

  /**
   * What an earlier run left.
   *
   * @param revision default: that of the last run
   * @throws {ServingError} when that is not kept any more
   */
  at(revision = this.newest.revision): Item {
    const item = this.#items.find((one) => one.revision === revision);
    if (item) return item;
    throw new ServingError(
      "Stale",
      "this was clustered again since, and these clusters are not kept any more",
      {
        expected: `run ${this.newest.revision}`,
        found: `run ${revision}`,
        remedy: "show the clusters of the last run",
      },
    );
  }

  /** Takes what a run found. */
  add(found: Found): Item {
    const item = new Item(this, this.newest.revision + 1, found);
    const older = this.#items.slice(-mostOlder);
    while (older.length > 0 && older.reduce((sum, one) => sum + bytesOf(one), 0) > mostOlderBytes) {
      older.shift();
    }
    this.#items = [...older, item];
    return item;
  }

  /** Turns into what a recording has become: its result. */
  become(content: ItemContent): Item {
    this.#content = content;
    return content.found ? this.add(content.found) : this.newest;
  }

  /** Keeps corrections by hand as a page has written them, for whoever opens the same item next. */
  keepCorrections(item: Item, text: string): void {
    if (item === this.newest) this.#corrections = { item, text };
  }

  /** What {@link keepCorrections} was given last for an item. */
  correctionsOf(item: Item): string | undefined {
    return this.#corrections?.item === item ? this.#corrections.text : undefined;
  }

  /** Notes on clusters: those of the result, and what was written since. */
  get notes(): readonly ClusterNote[] {
    return this.#notes;
  }

  /** Changes them, one change after the other; what fails changes nothing. */
  changeNotes(
    change: (before: readonly ClusterNote[]) => Promise<readonly ClusterNote[]>,
    onDisk: boolean,
  ): Promise<NotesAnswer> {
    return this.#noteTurns.run(async () => {
      this.#notes = await change(this.#notes);
      return { notes: this.#notes, onDisk };
    });
  }

  close(): void {
    const { scan } = this.content;
    if ("readRows" in scan) scan.close();
  }
}

function bytesOf({ found }: Item): number {
  return found?.clustering.similarity.byteLength ?? 0;
}
