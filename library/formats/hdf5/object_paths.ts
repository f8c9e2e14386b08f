/** Paths in an HDF5 file, followed through all links to what they name, in other files too. */

import { CorruptFile, CrystalliteError, FileUnavailable } from "../../scan/errors.ts";
import { type LazyAttribute, readAttributes } from "./attributes.ts";
import { expectLayout, OddLayout } from "./bytes.ts";
import type { Hdf5Object } from "./description.ts";
import { type Link, readLinks } from "./group_links.ts";
import type { LinkedFiles } from "./linked_files.ts";
import { type HeaderMessage, readMessages } from "./object_header.ts";
import { type OpenFile, OpenFiles } from "./open_files.ts";

/** Links that lead from one to the next; hostile files have cycles. */
const mostLinks = 16;

/** The objects of a file and of those that it leads to, each read once. */
export class ObjectPaths {
  readonly path: string;
  /** The files that it leads to. */
  readonly linked: LinkedFiles;
  /** Why paths lead nowhere. */
  readonly broken = new Map<string, CrystalliteError>();
  /** Those of them that lead to files which must not be opened. */
  readonly refused = new Set<string>();
  readonly #files: OpenFiles;
  readonly #own: OpenFile;

  constructor(path: string, linked: LinkedFiles) {
    this.path = path;
    this.linked = linked;
    this.#files = new OpenFiles(linked.partial);
    try {
      this.#own = this.#files.open(path);
    } catch (cause) {
      this.#files.close();
      throw cause;
    }
  }

  close(): void {
    this.#files.close();
  }

  /** The object at a path; `undefined` where there is none, see {@link broken}. */
  find(path: string): Hdf5Object | undefined {
    const names = namesOf(path);
    let place = rootOf(this.#own), links = 0;
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      const link = this.links(place)?.get(name);
      if (!link) return undefined;
      if (link.kind === "object") {
        place = { file: place.file, address: link.address, path: `${place.path}/${name}` };
        continue;
      }
      if (++links > mostLinks) {
        this.broken.set(path, this.#circle(path));
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
      this.broken.set(path, cause);
      this.refused.add(path);
      return undefined;
    }
    try {
      if (found !== undefined) return this.#files.open(found);
      this.broken.set(path, this.#missing(path, name));
    } catch (cause) {
      if (cause instanceof OddLayout) this.broken.set(path, this.#damaged(path, name));
      else if (cause instanceof CrystalliteError) this.broken.set(path, cause);
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

  /** The messages of an object's header. */
  messages({ file, address }: Hdf5Object): readonly HeaderMessage[] {
    let messages = file.messages.get(address);
    if (!messages) file.messages.set(address, messages = readMessages(file.bytes, address));
    return messages;
  }

  /** What a group holds; `undefined` for what is none. */
  links(object: Hdf5Object): ReadonlyMap<string, Link> | undefined {
    const { file, address } = object;
    if (!file.links.has(address)) file.links.set(address, readLinks(file.bytes, this.messages(object)));
    return file.links.get(address);
  }

  /** The attributes of an object. */
  attributes(object: Hdf5Object): ReadonlyMap<string, LazyAttribute> {
    const { file, address } = object;
    let attributes = file.attributes.get(address);
    if (!attributes) {
      file.attributes.set(address, attributes = readAttributes(file.bytes, this.messages(object)));
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
