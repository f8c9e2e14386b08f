/** What there is at a path, as far as it can be looked at. */

/** Whether there is a file at a path. */
export function isFile(path: string): boolean {
  return fileSize(path) !== undefined;
}

/** Size of the file at a path in bytes; `undefined` where there is none. */
export function fileSize(path: string): number | undefined {
  try {
    const { isFile, size } = Deno.statSync(path);
    return isFile ? size : undefined;
  } catch {
    return undefined;
  }
}
