/** An open HDF5 file: groups, attributes and small values as plain data, failures as our errors. */

import { CorruptFile, CrystalliteError, type ErrorDetails } from "../../scan/errors.ts";
import { withFailuresThrown } from "./failures.ts";
import { type Hdf5, loadHdf5 } from "./library.ts";
import { type Hdf5Value, readAttribute, readSmallDataset } from "./value.ts";

/** A group or the root of a file. */
export type Hdf5Group = InstanceType<Hdf5["Group"]>;
/** A data set. */
export type Hdf5Dataset = InstanceType<Hdf5["Dataset"]>;

/** Bounds of {@link Hdf5File.walk}: files have cycles, and some have a node for each probe position. */
const deepestLevel = 16, mostNodes = 20000, mostInGroup = 1000;

/** An HDF5 file opened for reading. */
export class Hdf5File {
  readonly path: string;
  readonly library: Hdf5;
  readonly root: Hdf5Group;
  readonly #file: InstanceType<Hdf5["File"]>;
  readonly #adopted: Hdf5File[] = [];
  #closed = false;

  private constructor(path: string, library: Hdf5, file: InstanceType<Hdf5["File"]>) {
    this.path = path;
    this.library = library;
    this.#file = file;
    this.root = file;
  }

  /**
   * Opens a file.
   *
   * @throws {CorruptFile} when HDF5 cannot open it; whether it exists is for the caller to check
   */
  static async open(path: string): Promise<Hdf5File> {
    const library = await loadHdf5();
    return guarded(library, path, undefined, () => new Hdf5File(path, library, new library.File(path, "r")));
  }

  /** The group at a path, or `undefined` where there is none. */
  group(path: string): Hdf5Group | undefined {
    const node = this.#get(path);
    return node instanceof this.library.Group ? node : undefined;
  }

  /** The data set at a path, or `undefined` where there is none; links into other files are followed. */
  dataset(path: string): Hdf5Dataset | undefined {
    const node = this.#get(path);
    return node instanceof this.library.Dataset ? node : undefined;
  }

  /** The file and the path in it that a link at `path` names, whether they exist or not. */
  externalLink(path: string): { file: string; path: string } | undefined {
    return this.guard(path, () => {
      const slash = path.lastIndexOf("/");
      const group = this.group(path.slice(0, slash) || "/");
      if (!group?.keys().includes(path.slice(slash + 1))) return undefined;
      const { filename, obj_path } = this.root.get_external_link(path);
      return filename ? { file: filename, path: obj_path } : undefined;
    });
  }

  /** Names in a group; none where there is no such group. */
  names(path: string): string[] {
    const group = this.group(path);
    return group ? this.guard(path, () => group.keys()) : [];
  }

  /** An attribute of the group or data set at `path`, or `undefined` where it is missing or of no plain kind. */
  attribute(path: string, name: string): Hdf5Value | undefined {
    const node = this.group(path) ?? this.dataset(path);
    if (!node) return undefined;
    return this.guard(path, () => readAttribute(this.library.module, node.file_id, node.path, name));
  }

  /** The content of a small data set, or `undefined` where it is missing, large or of no plain kind. */
  value(path: string): Hdf5Value | undefined {
    const dataset = this.dataset(path);
    if (!dataset) return undefined;
    return this.guard(path, () => readSmallDataset(this.library.module, dataset.file_id, dataset.path));
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
  *walk(path = "/"): Generator<{ path: string; dataset: Hdf5Dataset }, boolean> {
    let visited = 0, complete = true;
    let level = [path.replace(/\/+$/, "")];
    for (let depth = 0; depth < deepestLevel && level.length > 0; depth++) {
      const deeper: string[] = [];
      for (const group of level) {
        const names = this.names(group || "/");
        complete &&= names.length <= mostInGroup;
        for (const name of names.slice(0, mostInGroup)) {
          if (++visited > mostNodes) return false;
          const child = `${group}/${name}`;
          const node = this.#get(child);
          if (node instanceof this.library.Dataset) yield { path: child, dataset: node };
          else if (node instanceof this.library.Group) deeper.push(child);
        }
      }
      level = deeper;
    }
    return complete && level.length === 0;
  }

  /** Closes another file together with this one. */
  adopt(other: Hdf5File): void {
    this.#adopted.push(other);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const other of this.#adopted) other.close();
    try {
      this.guard("/", () => this.#file.close());
    } catch {
      // A damaged file may fail even here; it was only read, so nothing is lost.
    }
  }

  /**
   * Does something with this file and turns failures of the HDF5 library into {@link CorruptFile}.
   *
   * @param path the group or data set it is about, for the sentence
   */
  guard<Result>(path: string, action: () => Result): Result {
    return guarded(this.library, this.path, path, action);
  }

  #get(path: string) {
    return this.guard(path, () => path === "/" || path === "" ? this.root : this.root.get(path));
  }
}

function guarded<Result>(
  library: Hdf5,
  file: string,
  dataset: string | undefined,
  action: () => Result,
): Result {
  try {
    return withFailuresThrown(library.module, action);
  } catch (cause) {
    if (cause instanceof CrystalliteError) throw cause;
    throw hdf5Failure(file, dataset, cause);
  }
}

/** HDF5 reports the whole stack of its calls; the sentence keeps the innermost reason. */
function hdf5Failure(file: string, dataset: string | undefined, cause: unknown): CorruptFile {
  const text = cause instanceof Error ? cause.message : String(cause);
  const reasons = [...text.matchAll(/^\s*#\d+: .*?\(\): (.+)$/gm)].map((match) => match[1].trim());
  const reason = (reasons.at(-1) ?? text.split("\n")[0]).slice(0, 200);
  const what = dataset === undefined ? file : `${dataset} in ${file}`;
  const details: ErrorDetails = {
    file,
    dataset,
    expected: "a sound HDF5 file",
    found: reason,
    remedy: "copy or export the file again",
  };
  return new CorruptFile(`${what} cannot be read as HDF5: ${reason}`, details, { cause });
}
