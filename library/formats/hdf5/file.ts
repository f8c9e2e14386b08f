/** An open HDF5 file: groups, attributes and small values as plain data, failures as our errors. */

import type { CrystalliteError } from "../../scan/errors.ts";
import { Hdf5Dataset, type Hdf5Object, isDataset } from "./description.ts";
import { LinkedFiles, type LinkRules } from "./linked_files.ts";
import { ObjectPaths } from "./object_paths.ts";
import { guarded } from "./odd_file.ts";
import { readSmall } from "./small_data.ts";
import { type Hdf5Value, parseValue, valueBytes } from "./value.ts";
import { viewShape } from "./view_shape.ts";

export type { Hdf5Dataset };

/** Bounds of {@link Hdf5File.walk}: files have cycles, and some have a node for each probe position. */
const deepestLevel = 16, mostNodes = 20000, mostInGroup = 1000;

/** A data set that {@link Hdf5File.walk} has found. */
interface FoundDataset {
  readonly path: string;
  readonly dataset: Hdf5Dataset;
}

/** An HDF5 file opened for reading, together with those that it leads to. */
export class Hdf5File {
  readonly path: string;
  /** The files that it leads to. */
  readonly linked: LinkedFiles;
  readonly linkRules: LinkRules;
  readonly #paths: ObjectPaths;
  readonly #adopted: Hdf5File[] = [];
  /** What a walk of the whole file has found, and whether it has seen all of it. */
  #walked: { readonly found: readonly FoundDataset[]; readonly complete: boolean } | undefined;

  private constructor(path: string, rules: LinkRules, linked: LinkedFiles) {
    this.path = path;
    this.linkRules = rules;
    this.linked = linked;
    this.#paths = new ObjectPaths(path, linked);
  }

  /**
   * Opens a file.
   *
   * @param note told of each file that it leads to, before that is opened
   * @throws {CorruptFile} when it is damaged
   * @throws {FileUnavailable} when it cannot be read, or is still being written
   * @throws {UnsupportedFormat} when it is of a kind of HDF5 file that we do not read
   */
  // deno-lint-ignore require-await
  static async open(
    path: string,
    rules: LinkRules = {},
    note?: (path: string) => void,
  ): Promise<Hdf5File> {
    return guarded(path, undefined, () => new Hdf5File(path, rules, new LinkedFiles(path, rules, note)));
  }

  /** Opens a file that `from` leads to, which may lead to what that may lead to; throws as {@link open}. */
  static openLinked(path: string, { linkRules, linked }: Hdf5File): Hdf5File {
    return guarded(path, undefined, () => new Hdf5File(path, linkRules, linked));
  }

  /** The object at a path, all links followed; `undefined` where there is none, see {@link brokenLink}. */
  object(path: string): Hdf5Object | undefined {
    return this.guard(path, () => this.#paths.find(path));
  }

  /** The group at a path, or `undefined` where there is none. */
  group(path: string): Hdf5Object | undefined {
    return this.guard(path, () => {
      const object = this.#paths.find(path);
      return object && this.#paths.links(object) ? object : undefined;
    });
  }

  /** The data set at a path, or `undefined` where there is none; links into other files are followed. */
  dataset(path: string): Hdf5Dataset | undefined {
    return this.guard(path, () => {
      const object = this.#paths.find(path);
      if (!object) return undefined;
      const messages = this.#paths.messages(object);
      return isDataset(messages) ? new Hdf5Dataset(object, messages, this.#viewShape) : undefined;
    });
  }

  /** The file and the path in it that a link at `path` names, whether they exist or not. */
  externalLink(path: string): { file: string; path: string } | undefined {
    return this.guard(path, () => {
      const slash = path.lastIndexOf("/");
      const group = this.#paths.find(path.slice(0, slash));
      const link = group && this.#paths.links(group)?.get(path.slice(slash + 1));
      return link?.kind === "external" ? { file: link.file, path: link.path } : undefined;
    });
  }

  /** Why a link on the way to a path leads nowhere; `undefined` where none does. */
  brokenLink(path: string): CrystalliteError | undefined {
    this.object(path);
    return this.#paths.broken.get(path);
  }

  /** Throws where a link on the way to a path leads to a file that must not be opened. */
  refuseForeign(path: string): void {
    const broken = this.brokenLink(path);
    if (broken && this.#paths.refused.has(path)) throw broken;
  }

  /** Names in a group; none where there is no such group. */
  names(path: string): string[] {
    return this.guard(path, () => {
      const object = this.#paths.find(path), links = object && this.#paths.links(object);
      return links ? [...links.keys()] : [];
    });
  }

  /** An attribute of the group or data set at `path`, or `undefined` where it is missing or of no plain kind. */
  attribute(path: string, name: string): Hdf5Value | undefined {
    return this.guard(path, () => {
      const object = this.#paths.find(path);
      const attribute = object && this.#paths.attributes(object).get(name)?.();
      return attribute && parseValue(attribute.type, attribute.space, attribute.data, object.file.heap);
    });
  }

  /** The content of a small data set, or `undefined` where it is missing, large or of no plain kind. */
  value(path: string): Hdf5Value | undefined {
    const dataset = this.dataset(path);
    return dataset && this.guard(path, () => {
      const { metadata } = dataset, bytes = valueBytes(metadata, metadata);
      const data = bytes === undefined ? undefined : readSmall(dataset, bytes, this.linked);
      return data && parseValue(metadata, metadata, data, dataset.file.heap);
    });
  }

  /** A number that is an attribute or, without `attribute`, a data set; arrays of one element count as numbers. */
  number(path: string, attribute?: string): number | undefined {
    const value = attribute === undefined ? this.value(path) : this.attribute(path, attribute);
    const first = Array.isArray(value) && value.length === 1 ? value[0] : value;
    return typeof first === "number" && Number.isFinite(first) ? first : undefined;
  }

  /** A text that is an attribute or, without `attribute`, a data set. */
  text(path: string, attribute?: string): string | undefined {
    const value = attribute === undefined ? this.value(path) : this.attribute(path, attribute);
    const first = Array.isArray(value) && value.length === 1 ? value[0] : value;
    return typeof first === "string" ? first : undefined;
  }

  /**
   * Paths of the data sets below `path`, the shallow ones first, of large groups the first thousand.
   *
   * @returns whether all were looked at
   */
  *walk(path = "/"): Generator<FoundDataset, boolean> {
    const top = path.replace(/\/+$/, "");
    if (top !== "") return yield* this.#walk(top);
    if (!this.#walked) {
      const found: FoundDataset[] = [], walk = this.#walk("");
      let step = walk.next();
      for (; !step.done; step = walk.next()) found.push(step.value);
      this.#walked = { found, complete: step.value };
    }
    yield* this.#walked.found;
    return this.#walked.complete;
  }

  /** Links that {@link walk} met and that lead nowhere. */
  get brokenLinks(): readonly CrystalliteError[] {
    return [...this.#paths.broken.values()];
  }

  /** Closes another file together with this one. */
  adopt(other: Hdf5File): void {
    this.#adopted.push(other);
  }

  close(): void {
    for (const other of this.#adopted) other.close();
    this.#paths.close();
  }

  /**
   * Does something with this file and turns what is odd about it into errors of ours.
   *
   * @param path the group or data set it is about, for the sentence
   */
  guard<Result>(path: string, action: () => Result): Result {
    return guarded(this.path, path, action);
  }

  *#walk(top: string): Generator<FoundDataset, boolean> {
    let visited = 0, complete = true, level = [top];
    for (let depth = 0; depth < deepestLevel && level.length > 0; depth++) {
      const deeper: string[] = [];
      for (const group of level) {
        const names = this.names(group || "/");
        complete &&= names.length <= mostInGroup;
        for (const name of names.slice(0, mostInGroup)) {
          if (++visited > mostNodes) return false;
          const child = `${group}/${name}`;
          const dataset = this.dataset(child);
          if (dataset) yield { path: child, dataset };
          else if (this.group(child)) deeper.push(child);
        }
      }
      level = deeper;
    }
    return complete && level.length === 0;
  }

  /** The shape of a view that grows with the number of its files. */
  readonly #viewShape = (view: Hdf5Dataset): readonly number[] =>
    viewShape(view.space.shape!, view.sources, (name, dataset) => {
      const from = view.file.bytes.path, place = name === "." ? from : this.linked.find(from, name);
      if (place === undefined) return false;
      const other = Hdf5File.openLinked(place, this);
      try {
        return other.object(dataset) !== undefined;
      } finally {
        other.close();
      }
    });
}
