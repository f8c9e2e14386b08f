/** What was written is on the disk before anything relies on it. */

/** Waits until a file is on the disk. */
export async function flushFile(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.sync();
}
