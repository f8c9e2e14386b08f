/** Which files the HDF5 library may open: it asks here before it opens any. */

import { CrystalliteError } from "../../scan/errors.ts";
import type { Hdf5 } from "./library.ts";
import type { LinkedFiles } from "./linked_files.ts";

/** The part of emscripten's file system through which all goes. */
interface FileSystem {
  cwd(): string;
  open(path: string, flags?: number | string, mode?: number): unknown;
  read(...rest: unknown[]): number;
  readonly ErrnoError: new (code: number) => Error;
}

/** Where there is nothing: names without a folder must not lead into the working folder. */
const nowhere = "/nowhere-crystallite";
const noSuchFile = 44;
const writing = 3;
/** Reads that take longer wait for the disk, and are no sign of damage. Milliseconds. */
const patientRead = 2;

/** What became of the library's wishes. */
export interface AdmittedFiles {
  /** Throws where the library wanted a file that it must not open, and went on without it. */
  requireNoneRefused(): void;
}

/**
 * Has the library open nothing but one file and what that may lead to.
 *
 * @param progress counts the files that are opened, and the milliseconds that were spent waiting for a disk
 */
export function admitFiles(
  { module, pluginFolder }: Hdf5,
  path: string,
  linked: LinkedFiles,
  progress: Int32Array,
): AdmittedFiles {
  const files = module.FS as unknown as FileSystem;
  const { open, read } = files, seen = new Set<string>();
  let refused: CrystalliteError | undefined;
  files.cwd = () => nowhere;
  files.open = (wanted, flags, mode) => {
    if (isInside(pluginFolder, wanted)) return open.call(files, wanted, flags, mode);
    let real: string | undefined;
    try {
      real = wanted === path ? path : isInside(nowhere, wanted) ? undefined : linked.admit(wanted);
    } catch (cause) {
      if (cause instanceof CrystalliteError) refused ??= cause;
      else throw cause;
    }
    const reads = flags === undefined || flags === "r" ||
      (typeof flags === "number" && (flags & writing) === 0);
    if (real === undefined || !reads) throw new files.ErrnoError(noSuchFile);
    if (!seen.has(real)) {
      seen.add(real);
      Atomics.add(progress, 0, 1);
    }
    return open.call(files, real, flags, mode);
  };
  files.read = (...rest) => {
    const start = performance.now(), done = read.apply(files, rest), took = performance.now() - start;
    if (took > patientRead) Atomics.add(progress, 1, Math.ceil(took));
    return done;
  };
  return {
    requireNoneRefused() {
      if (refused) throw refused;
    },
  };
}

function isInside(folder: string, path: string): boolean {
  return path === folder || (path.startsWith(`${folder}/`) && !path.includes("/../"));
}
