/** A disk that is full for files of some names: what writes them gets the system's answer. */

/**
 * Does something while the disk is full.
 *
 * @param isFull whether there is no room for a file
 */
export async function withFullDisk<Result>(
  isFull: (path: string) => boolean,
  work: () => Promise<Result>,
): Promise<Result> {
  const { writeFile, writeTextFile } = Deno;
  const refuse = (path: string | URL) => {
    if (!isFull(String(path))) return;
    throw Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
  };
  Deno.writeFile = (path, ...others) => (refuse(path), writeFile(path, ...others));
  Deno.writeTextFile = (path, ...others) => (refuse(path), writeTextFile(path, ...others));
  try {
    return await work();
  } finally {
    Object.assign(Deno, { writeFile, writeTextFile });
  }
}
