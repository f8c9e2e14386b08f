/** A scan or a result that is open, as one run left it: what is known of it, and what was computed. */

import { basename } from "node:path";
import { chooseThreshold } from "../../../library/cluster/automatic_threshold.ts";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import type { MergeForest } from "../../../library/cluster/forest.ts";
import {
  type BadPixelSource,
  type Preparation,
  prepareDetector,
} from "../../../library/passes/detector/preparation.ts";
import { cleaningOf } from "../../../library/passes/detector/bad_pixels_and_beam.ts";
import type { ClusteringFacts, OpenedItem } from "../../protocol/items.ts";
import type { Engine } from "../../../library/engine/engine.ts";
import { FileUnavailable } from "../../../library/scan/errors.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import type { StoredResult } from "../../../library/results/read.ts";
import type { ScanFacts } from "../../../library/report/content.ts";
import { inNames } from "../../../library/report/plain_names.ts";
import { scanBytes } from "../../../library/results/run_record.ts";
import type { ClusterNote } from "../../../library/cluster/notes.ts";
import type { NotesAnswer } from "../../protocol/notes.ts";
import type { LiveRecord } from "../../../library/live/live_folder.ts";
import { forestOfMask } from "./forest_of_mask.ts";
import { crystalFacts } from "../crystals/crystal_facts.ts";
import type { ScanOpening } from "../runs/run_thread.ts";
import { fingerprintOf } from "./fingerprint.ts";

/** Where the clustering of an item came from. */
export interface Origin {
  /** Words of the method; see `ClusteringFacts.words`. */
  readonly words: readonly string[];
  /** Mask that was drawn for the run: 1 where a probe might be clustered. */
  readonly drawn?: Uint8Array<ArrayBuffer>;
  /** The result on disk, where the clustering was read from one. */
  readonly stored?: StoredResult;
  /** When the run began, where it was one of the server's. */
  readonly started?: Date;
}

/** A clustering with its origin. */
export interface Found {
  readonly clustering: Clustering;
  readonly origin: Origin;
  /** What {@link Item.forest} and the automatic threshold are, where they are known already. */
  readonly derived?: { readonly forest?: MergeForest; readonly automaticThreshold?: number };
}

/** What an item is made of. */
export interface ItemContent {
  /** Real path of the scan or the result. */
  readonly path: string;
  readonly input: readonly string[];
  /** What it was opened with, so that the same can be opened again. */
  readonly asked: Pick<OpenedItem, "asked">["asked"];
  readonly facts: ScanFacts;
  /** The open scan, or why there is none. */
  readonly scan: Scan | { readonly why: string };
  /** How the scan is opened again, where there is one. */
  readonly opening?: ScanOpening;
  readonly badPixels: BadPixelSource;
  readonly found?: Found;
  /** What goes on where it is of a recording, whose rows come by a run. */
  readonly recording?: LiveRecord["state"];
}

/** The open file that an item is of, see open_file.ts. */
export interface FileOfItem {
  readonly id: string;
  readonly content: ItemContent;
  run?: string;
  uses: number;
  add(found: Found): Item;
  become(content: ItemContent): Item;
  keepCorrections(item: Item, text: string): void;
  correctionsOf(item: Item): string | undefined;
  readonly notes: readonly ClusterNote[];
  changeNotes(
    change: (before: readonly ClusterNote[]) => Promise<readonly ClusterNote[]>,
    onDisk: boolean,
  ): Promise<NotesAnswer>;
}

/** In place of a {@link Item.prepare | preparation}: bad pixels are taken as they were recorded. */
export const asRecorded: Pick<Preparation, "fill" | "badPixels"> = {
  fill: { table: new Int32Array(0), count: 0 },
  badPixels: { source: "none", filled: [], masked: [] },
};

/** One open file with the clustering of one run, which never changes: another run makes another item. */
export class Item {
  #forest: MergeForest | undefined;
  #automaticThreshold: number | undefined;
  #fingerprint: string | undefined;
  #preparation: Pick<Preparation, "fill" | "badPixels"> | undefined;

  /** @param revision how many runs have ended before, in this opening of the file */
  constructor(readonly file: FileOfItem, readonly revision: number, readonly found: Found | undefined) {
    this.#forest = found?.derived?.forest;
    this.#automaticThreshold = found?.derived?.automaticThreshold;
  }

  get id(): string {
    return this.file.id;
  }

  get content(): ItemContent {
    return this.file.content;
  }

  get shape() {
    return this.content.facts.shape;
  }

  /**
   * The clustering.
   *
   * @throws {FileUnavailable} when there is none
   */
  demandFound(): Found {
    if (this.found) return this.found;
    throw new FileUnavailable(`${this.content.path} is not clustered yet`, {
      file: this.content.path,
      remedy: "run the clustering first",
    });
  }

  /** The open scan; `null` where it cannot be read. */
  get readableScan(): Scan | null {
    const { scan } = this.content;
    return "readRows" in scan ? scan : null;
  }

  /**
   * How the scan is opened by a thread of its own.
   *
   * @throws {FileUnavailable} as {@link demandScan}
   */
  demandOpening(): ScanOpening {
    const { source } = this.demandScan();
    return this.content.opening ?? { path: source.path, options: {} };
  }

  /**
   * The open scan.
   *
   * @throws {FileUnavailable} when it cannot be read
   */
  demandScan(): Scan {
    const { scan, path } = this.content;
    if ("readRows" in scan) return scan;
    throw new FileUnavailable(`the patterns of ${path} cannot be read: ${scan.why}`, {
      file: path,
      remedy: "put the scan back where it was, in a folder that is served",
    });
  }

  /** The merge forest that thresholds are tried on; see {@link forestOfMask}. */
  get forest(): MergeForest | undefined {
    return this.#forest ??= this.found && forestOfMask(this.found.clustering);
  }

  /** Bad pixels, once they were worked out. */
  get knownBadPixels(): Clustering["badPixels"] | undefined {
    return this.found?.clustering.badPixels ?? this.#preparation?.badPixels;
  }

  /** Bad pixels as the clustering has them, or as the file was opened with, worked out once. */
  async prepare(engine: Engine, signal?: AbortSignal): Promise<Pick<Preparation, "fill" | "badPixels">> {
    const badPixels = this.found?.clustering.badPixels;
    if (badPixels) {
      return { badPixels, fill: cleaningOf(badPixels, this.shape) };
    }
    const wanted = { badPixels: this.content.badPixels, center: { kind: "index" } } as const;
    return this.#preparation ??= await prepareDetector(this.demandScan(), wanted, false, { engine, signal });
  }

  /** What the page gets to know. */
  describe(): OpenedItem {
    const { path, input, asked, facts, scan } = this.content;
    const { shape, dtype, calibration, warnings } = facts;
    return {
      ...{ id: this.id, revision: this.revision, path, name: basename(path) },
      ...{ shape, dtype, calibration, warnings: warnings.map(inNames) },
      bytes: scanBytes(facts),
      scan: "readRows" in scan
        ? { readable: true, path: scan.source.path }
        : { readable: false, why: scan.why },
      ...{ input, asked },
      clustering: this.found && this.#describeClustering(this.found),
      run: this.file.run,
      corrections: this.file.correctionsOf(this),
      notes: this.file.notes,
    };
  }

  #describeClustering({ clustering, origin }: Found): ClusteringFacts {
    const { parameters, settled, regions, center, edits, warnings, timings, mask } = clustering;
    const { forest } = this;
    // Where the run had a threshold, that one is shown first.
    if (forest && settled.threshold === null) {
      this.#automaticThreshold ??= chooseThreshold(forest, mask).threshold;
    }
    return {
      method: parameters.method,
      words: origin.words,
      threshold: settled.threshold,
      minimumSize: parameters.minimumSize,
      average: parameters.average,
      automaticThreshold: this.#automaticThreshold,
      regions: regions && {
        stability: regions.stability,
        borderlinePairs: regions.borderlinePairs,
        bendingPairs: regions.bendingPairs,
      },
      center,
      edits: edits?.log,
      crystals: crystalFacts(origin.stored),
      warnings: warnings.map(inNames),
      seconds: Object.values(timings).reduce((sum, seconds) => sum + seconds, 0),
      fingerprint: this.#fingerprint ??= fingerprintOf(clustering),
      onDisk: origin.stored !== undefined,
    };
  }
}
