/** The thread in which the HDF5 library reads one data set: what a damaged file does to it harms nobody else. */

import { resolve } from "node:path";
import { offerThread } from "../../engine/spawn.ts";
import { CorruptFile, CrystalliteError, OutOfResources, type PlainError } from "../../scan/errors.ts";
import { withFailuresThrown } from "./failures.ts";
import { admitFiles, type AdmittedFiles } from "./library_files.ts";
import { type Hdf5, loadHdf5 } from "./library.ts";
import { LinkedFiles, type LinkRules } from "./linked_files.ts";

/** The data set to read. */
export interface LibraryDataset {
  /** Path of the file, and of the one that was opened by name and leads to it. */
  readonly path: string;
  readonly from: string;
  readonly dataset: string;
  readonly rules: LinkRules;
  /** What the file said: the library must have understood the same. */
  readonly shape: readonly number[];
  readonly elementBytes: number;
  /** Two counters that tell whoever waits that there is reason to: files opened, milliseconds that the disk took. */
  readonly progress: Int32Array;
}

/** Asks for a block. */
export interface LibraryRead {
  readonly offset: readonly number[];
  readonly count: readonly number[];
  readonly bytes: number;
}

/** What the thread answers: first that it is ready, then blocks. */
export type LibraryAnswer =
  | { readonly ready: true }
  | { readonly data: ArrayBuffer }
  | { readonly error: PlainError }
  | { readonly failure: string };

// Filters complain before they stop the library; the error says it.
const { console: output } = globalThis;
output.error = () => {};

let library: Hdf5 | undefined;
let described: LibraryDataset;
let admitted: AdmittedFiles;
let file: InstanceType<Hdf5["File"]> | undefined;
let memory = 0, memoryBytes = 0;

offerThread<LibraryDataset | LibraryRead>((message, answer) => {
  work(message).then(
    (done) => answer(done, "data" in done ? [done.data] : []),
    (cause) => {
      if (cause instanceof CrystalliteError) answer({ error: cause.toJSON() } satisfies LibraryAnswer);
      else answer({ failure: reasonOf(cause) } satisfies LibraryAnswer);
    },
  );
});

async function work(message: LibraryDataset | LibraryRead): Promise<LibraryAnswer> {
  if ("dataset" in message) {
    // The library has no working folder, from which a name alone would be looked for.
    described = { ...message, path: resolve(message.path) };
    library = await loadHdf5();
    admitted = admitFiles(
      library,
      described.path,
      new LinkedFiles(message.from, message.rules),
      message.progress,
    );
    return { ready: true };
  }
  const data = read(library!, message);
  admitted.requireNoneRefused();
  return { data };
}

function read({ module, File }: Hdf5, { offset, count, bytes }: LibraryRead): ArrayBuffer {
  const { path, dataset } = described;
  if (!file) {
    file = withFailuresThrown(module, () => new File(path, "r"));
    requireSame(withFailuresThrown(module, () => module.get_dataset_metadata(file!.file_id, dataset)));
  }
  if (bytes > memoryBytes) {
    if (memory) module._free(memory);
    memoryBytes = 0;
    memory = bytes < 2 ** 31 ? module._malloc(bytes) : 0;
    if (memory === 0) throw tooLarge(bytes);
    memoryBytes = bytes;
  }
  // What the library leaves out must not be what was in memory before.
  module.HEAPU8.fill(0, memory, memory + bytes);
  const status = withFailuresThrown(module, () =>
    module.get_dataset_data(
      file!.file_id,
      dataset,
      count.map(BigInt),
      offset.map(BigInt),
      count.map(() => 1n),
      BigInt(memory),
    ));
  if (status < 0) throw new Error("reading failed");
  return module.HEAPU8.slice(memory, memory + bytes).buffer;
}

function requireSame({ shape, size }: { shape: number[] | null; size: number }): void {
  const { path, dataset, shape: expected, elementBytes } = described;
  if (shape?.join() === expected.join() && size === elementBytes) return;
  throw new CorruptFile(`${dataset} in ${path} is not what its header says`, {
    file: path,
    dataset,
    expected: `${expected.join(" x ")} numbers of ${elementBytes} bytes`,
    found: `${shape?.join(" x ") ?? "nothing"}, ${size} bytes`,
    remedy: "copy or export the file again",
  });
}

function tooLarge(bytes: number): OutOfResources {
  const { path, dataset } = described;
  return new OutOfResources(`a block of ${dataset} in ${path} takes ${bytes} bytes`, {
    file: path,
    dataset,
    expected: "a block that fits into memory",
    found: `${bytes} bytes`,
    remedy: "write the data set again with smaller chunks and gzip, for example with h5repack",
  });
}

/** HDF5 reports the whole stack of its calls; what is told is the innermost reason. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const reasons = [...text.matchAll(/^\s*#\d+: .*?\(\): (.+)$/gm)].map((match) => match[1].trim());
  const reason = reasons.at(-1) ?? text.split("\n")[0];
  return reason.startsWith("Aborted(")
    ? "the HDF5 library or one of its filters has stopped"
    : reason.slice(0, 200);
}
