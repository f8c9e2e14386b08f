/** An open HDF5 file: groups, attributes and small values as plain data, failures as our errors. */

import {
  CorruptFile,
  CrystalliteError,
  type ErrorDetails,
  FileUnavailable,
  UnsupportedFormat,
} from "../../scan/errors.ts";
import { type LazyAttribute, readAttributes } from "./attributes.ts";
import { expectLayout, OddLayout, UnknownLayout } from "./bytes.ts";
import { Hdf5Dataset, type Hdf5Object, isDataset } from "./description.ts";
import { type Link, readLinks } from "./group_links.ts";
import { LinkedFiles, type LinkRules } from "./linked_files.ts";
import { type HeaderMessage, readMessages } from "./object_header.ts";
import { type OpenFile, OpenFiles } from "./open_files.ts";
import { readSmall } from "./small_data.ts";
import { type Hdf5Value, parseValue, valueBytes } from "./value.ts";
import { viewShape } from "./view_shape.ts";

export type { Hdf5Dataset };

/** Bounds of {@link Hdf5File.walk}: files have cycles, and some have a node for each probe position. */
const deepestLevel = 16, mostNodes = 20000, mostInGroup = 1000;
/** Links that lead from one to the next; hostile files have cycles. */
const mostLinks = 16;

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
  readonly #files = new OpenFiles();
  readonly #own: OpenFile;
  /** Why paths lead nowhere, and those of them that lead to files which must not be opened. */
  readonly #broken = new Map<string, CrystalliteError>();
  readonly #refused = new Set<string>();
  readonly #adopted: Hdf5File[] = [];
  /** What a walk of the whole file has found, and whether it has seen all of it. */
  #walked: { readonly found: readonly FoundDataset[]; readonly complete: boolean } | undefined;

  private constructor(path: string, rules: LinkRules, linked: LinkedFiles) {
    this.path = path;
    this.linkRules = rules;
    this.linked = linked;
    try {
      this.#own = this.#files.open(path);
    } catch (cause) {
      this.#files.close();
      throw cause;
    }
  }

  /**
   * Opens a file.
   *
   * @throws {CorruptFile} when it is damaged
   * @throws {FileUnavailable} when it cannot be read, or is still being written
   * @throws {UnsupportedFormat} when it is of a kind of HDF5 file that we do not read
   */
  // deno-lint-ignore require-await
  static async open(path: string, rules: LinkRules = {}): Promise<Hdf5File> {
    return guarded(path, undefined, () => new Hdf5File(path, rules, new LinkedFiles(path, rules)));
  }

  /** Opens a file that `from` leads to, which may lead to what that may lead to; throws as {@link open}. */
  static openLinked(path: string, { linkRules, linked }: Hdf5File): Hdf5File {
    return guarded(path, undefined, () => new Hdf5File(path, linkRules, linked));
  }

  /** The object at a path, all links followed; `undefined` where there is none, see {@link brokenLink}. */
  object(path: string): Hdf5Object | undefined {
    return this.guard(path, () => this.#find(path));
  }

  /** The group at a path, or `undefined` where there is none. */
  group(path: string): Hdf5Object | undefined {
    return this.guard(path, () => {
      const object = this.#find(path);
      return object && this.#links(object) ? object : undefined;
    });
  }

  /** The data set at a path, or `undefined` where there is none; links into other files are followed. */
  dataset(path: string): Hdf5Dataset | undefined {
    return this.guard(path, () => {
      const object = this.#find(path);
      if (!object) return undefined;
      const messages = this.#messages(object);
      return isDataset(messages) ? new Hdf5Dataset(object, messages, this.#viewShape) : undefined;
    });
  }

  /** The file and the path in it that a link at `path` names, whether they exist or not. */
  externalLink(path: string): { file: string; path: string } | undefined {
    return this.guard(path, () => {
      const slash = path.lastIndexOf("/");
      const group = this.#find(path.slice(0, slash));
      const link = group && this.#links(group)?.get(path.slice(slash + 1));
      return link?.kind === "external" ? { file: link.file, path: link.path } : undefined;
    });
  }

  /** Why a link on the way to a path leads nowhere; `undefined` where none does. */
  brokenLink(path: string): CrystalliteError | undefined {
    this.object(path);
    return this.#broken.get(path);
  }

  /** Throws where a link on the way to a path leads to a file that must not be opened. */
  refuseForeign(path: string): void {
    const broken = this.brokenLink(path);
    if (broken && this.#refused.has(path)) throw broken;
  }

  /** Names in a group; none where there is no such group. */
  names(path: string): string[] {
    return this.guard(path, () => {
      const object = this.#find(path), links = object && this.#links(object);
      return links ? [...links.keys()] : [];
    });
  }

  /** An attribute of the group or data set at `path`, or `undefined` where it is missing or of no plain kind. */
  attribute(path: string, name: string): Hdf5Value | undefined {
    return this.guard(path, () => {
      const object = this.#find(path);
      const attribute = object && this.#attributes(object).get(name)?.();
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
    return [...this.#broken.values()];
  }

  /** Closes another file together with this one. */
  adopt(other: Hdf5File): void {
    this.#adopted.push(other);
  }

  close(): void {
    for (const other of this.#adopted) other.close();
    this.#files.close();
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

  #find(path: string): Hdf5Object | undefined {
    const names = namesOf(path);
    let place = rootOf(this.#own), links = 0;
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      const link = this.#links(place)?.get(name);
      if (!link) return undefined;
      if (link.kind === "object") {
        place = { file: place.file, address: link.address, path: `${place.path}/${name}` };
        continue;
      }
      if (++links > mostLinks) {
        this.#broken.set(path, this.#circle(path));
        return undefined;
      }
      if (link.kind === "external") {
        const other = this.#openLinked(path, place.file, link);
        if (!other) return undefined;
        place = rootOf(other);
      } else if (link.path.startsWith("/")) place = rootOf(place.file);
      names.unshift(...namesOf(link.path));
    }
    return place;
  }

  #openLinked(
    path: string,
    from: OpenFile,
    { file: name }: Extract<Link, { kind: "external" }>,
  ): OpenFile | undefined {
    let found: string | undefined;
    try {
      found = this.linked.find(from.bytes.path, name);
    } catch (cause) {
      if (!(cause instanceof CrystalliteError)) throw cause;
      this.#broken.set(path, cause);
      this.#refused.add(path);
      return undefined;
    }
    try {
      if (found !== undefined) return this.#files.open(found);
      this.#broken.set(path, this.#missing(path, name));
    } catch (cause) {
      if (cause instanceof OddLayout) this.#broken.set(path, this.#damaged(path, name));
      else if (cause instanceof CrystalliteError) this.#broken.set(path, cause);
      else throw cause;
    }
  }

  #missing(path: string, name: string): CrystalliteError {
    return new FileUnavailable(`${path} in ${this.path} lies in ${name}, which is missing`, {
      file: this.path,
      dataset: path,
      expected: `"${name}" in the same folder`,
      found: "no such file",
      remedy: `put "${name}" beside the file`,
    });
  }

  #damaged(path: string, name: string): CrystalliteError {
    return new CorruptFile(`${path} in ${this.path} lies in ${name}, which cannot be read as HDF5`, {
      file: this.path,
      dataset: path,
      remedy: `copy "${name}" again`,
    });
  }

  #circle(path: string): CrystalliteError {
    return new CorruptFile(
      `${path} in ${this.path} is a link that leads through more than ${mostLinks} others`,
      {
        file: this.path,
        dataset: path,
        found: "links that lead to each other",
        parameter: "dataset",
        remedy: "name another data set with `dataset`",
      },
    );
  }

  #messages({ file, address }: Hdf5Object): readonly HeaderMessage[] {
    let messages = file.messages.get(address);
    if (!messages) file.messages.set(address, messages = readMessages(file.bytes, address));
    return messages;
  }

  #links(object: Hdf5Object): ReadonlyMap<string, Link> | undefined {
    const { file, address } = object;
    if (!file.links.has(address)) file.links.set(address, readLinks(file.bytes, this.#messages(object)));
    return file.links.get(address);
  }

  #attributes(object: Hdf5Object): ReadonlyMap<string, LazyAttribute> {
    const { file, address } = object;
    let attributes = file.attributes.get(address);
    if (!attributes) {
      file.attributes.set(address, attributes = readAttributes(file.bytes, this.#messages(object)));
    }
    return attributes;
  }
}

function rootOf(file: OpenFile): Hdf5Object {
  return { file, address: file.bytes.superblock.root, path: "" };
}

function namesOf(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  expectLayout(names.length <= 1000, "a path of too many names");
  return names;
}

function guarded<Result>(file: string, dataset: string | undefined, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof OddLayout) throw oddFile(file, dataset, cause);
    throw cause;
  }
}

/** What is odd about a file as an error of ours. */
export function oddFile(file: string, dataset: string | undefined, cause: OddLayout): CrystalliteError {
  const what = dataset === undefined || dataset === "/" ? file : `${dataset} in ${file}`;
  const details: ErrorDetails = { file, dataset, expected: "a sound HDF5 file", found: cause.message };
  if (cause instanceof UnknownLayout) {
    return new UnsupportedFormat(`${what} uses something of HDF5 that we do not read: ${cause.message}`, {
      ...details,
      expected: undefined,
      remedy: "write the file again, for example with h5repack",
    }, { cause });
  }
  return new CorruptFile(`${what} cannot be read as HDF5: ${cause.message}`, {
    ...details,
    remedy: "copy or export the file again",
  }, { cause });
}
