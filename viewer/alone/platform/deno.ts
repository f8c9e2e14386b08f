/**
 * What the library and the viewer's server know as `Deno`, on the files of the page. Only what a picked scan needs is
 * there: nothing is written but what is put aside, and there are no links, no folders to make and no rights to ask for.
 */

import { errors } from "./errors.ts";
import { contentAt, fileAt, keptPath, namesIn, pickedFolder, putAside, removeFile } from "./files.ts";
import { describe, OpenFile } from "./open_file.ts";

type Path = string | URL;

const statSync = (path: Path) => describe(contentAt(path));

function realPathSync(path: Path): string {
  contentAt(path);
  return keptPath(path);
}

const readDirSync = (path: Path) =>
  namesIn(path).map(({ name, isFile }) => ({ name, isFile, isDirectory: !isFile, isSymlink: false }));

const readFileSync = (path: Path) => {
  const file = fileAt(path);
  return file.read(0, file.size);
};

const readTextFileSync = (path: Path) => new TextDecoder().decode(readFileSync(path));

const openSync = (path: Path) => new OpenFile(fileAt(path));

/** The same for who waits: a page reads its files at once. */
function later<Given extends unknown[], Result>(
  now: (...given: Given) => Result,
): (...given: Given) => Promise<Result> {
  // deno-lint-ignore require-await
  return async (...given) => now(...given);
}

/** See above. */
export const deno = {
  errors,
  build: { os: "linux", standalone: false },
  SeekMode: { Start: 0 },
  cwd: () => pickedFolder,
  statSync,
  stat: later(statSync),
  lstatSync: statSync,
  lstat: later(statSync),
  realPathSync,
  realPath: later(realPathSync),
  readLinkSync(path: Path): never {
    throw new errors.NotFound(`no link: ${keptPath(path)}`);
  },
  readDirSync,
  async *readDir(path: Path) {
    yield* readDirSync(path);
  },
  readFileSync,
  readFile: later(readFileSync),
  readTextFileSync,
  readTextFile: later(readTextFileSync),
  openSync,
  open: later(openSync),
  makeTempFileSync: putAside,
  removeSync: removeFile,
};
