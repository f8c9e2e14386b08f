/** What was written is on the disk before anything relies on it. */

/** Waits until a file is on the disk. */
export async function flushFile(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.sync();
}

/** Waits until the names in a folder are on the disk. */
export async function flushDirectory(path: string): Promise<void> {
  // Windows neither can nor needs to flush a directory.
  if (Deno.build.os === "windows") return;
  using directory = await Deno.open(path, { read: true });
  await directory.sync();
}
