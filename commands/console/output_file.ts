/** Where a command may write, before any work is done. */

import { dirname, extname } from "node:path";
import { refuseTaken } from "../../library/results/output_files.ts";
import { removeLeftovers } from "../../library/results/partial_folder.ts";
import { checkResultDirectory, type DirectoryOptions } from "../../library/results/pending_result.ts";
import { statIfThere } from "../../library/results/directory.ts";
import { BadParameter, FileUnavailable } from "../../library/scan/errors.ts";

/**
 * Checks where a result directory is to go, before any work is done, and says what an earlier run had left there.
 *
 * @throws as `checkResultDirectory`
 */
export async function checkOutputDirectory(
  say: (text: string) => void,
  directory: string,
  options: DirectoryOptions,
): Promise<void> {
  sayRemoved(say, await checkResultDirectory(directory, options));
}

function sayRemoved(say: (text: string) => void, paths: readonly string[]): void {
  for (const path of paths) say(`removed ${path}, which a run that was ended had left`);
}

/**
 * Checks where a file is to go, before any work is done, and says what an earlier run had left there.
 *
 * @param extensions allowed extensions in lower case, such as `.npy`
 * @param folder which of them are those of folders
 * @returns the extension of `path`, in lower case
 * @throws {BadParameter} when the extension is another
 * @throws {FileUnavailable} when the folder is not there, or the path is a folder or a file that must not be replaced
 */
export async function checkOutputFile<Extension extends string>(
  say: (text: string) => void,
  path: string,
  extensions: readonly Extension[],
  force: boolean,
  folder: (extension: Extension) => boolean = () => false,
): Promise<Extension> {
  const extension = extensions.find((candidate) => candidate === extname(path).toLowerCase());
  if (extension === undefined) {
    const expected = `a name ending in ${extensions.join(" or ")}`;
    throw new BadParameter(`the format of ${path} cannot be told from its name`, {
      file: path,
      expected,
      remedy: `give --out ${expected}`,
    });
  }
  const parent = dirname(path);
  if ((await statIfThere(parent))?.isDirectory !== true) {
    throw new FileUnavailable(`the folder ${parent} does not exist`, {
      file: path,
      remedy: "create it, or write somewhere else",
    });
  }
  await refuseTaken(path, force, folder(extension));
  sayRemoved(say, await removeLeftovers(path));
  return extension;
}

/**
 * Checks that a result does not take the place of what it is made from, even with `--force`.
 *
 * @throws {BadParameter} when both paths are of one file
 */
export async function refuseOwnInput(out: string, input: string): Promise<void> {
  const real = async (path: string) =>
    await statIfThere(path) === null ? undefined : await Deno.realPath(path);
  const taken = await real(out);
  if (taken === undefined || taken !== await real(input)) return;
  throw new BadParameter(`${out} is the scan itself`, {
    file: out,
    expected: "another file than the one that is read",
    remedy: "give --out another name",
  });
}
