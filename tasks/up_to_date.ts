/** Whether something that was built is newer than what it was built from. */

/** Milliseconds since 1970 of the last change; 0 where there is nothing. */
async function modified(path: URL): Promise<number> {
  try {
    return (await Deno.stat(path)).mtime?.getTime() ?? 0;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return 0;
    throw cause;
  }
}

/**
 * The last change of files and of everything below folders. Folders count too: they change when a file in them appears
 * or goes.
 */
async function newest(paths: readonly URL[]): Promise<number> {
  let time = 0;
  for (const path of paths) {
    const { mtime, isDirectory } = await Deno.stat(path);
    time = Math.max(time, mtime?.getTime() ?? Infinity);
    if (!isDirectory) continue;
    const inside: URL[] = [];
    for await (const entry of Deno.readDir(path)) {
      inside.push(new URL(`${encodeURIComponent(entry.name)}${entry.isDirectory ? "/" : ""}`, path));
    }
    time = Math.max(time, await newest(inside));
  }
  return time;
}

/** Runs one step of a build where it is needed, and says how long it took. */
export async function step(
  output: URL,
  sources: readonly URL[],
  build: () => Promise<string>,
): Promise<void> {
  // A file can change in the same millisecond in which it was built from, so equal times count as old.
  if (await modified(output) > await newest(sources)) return;
  const started = performance.now();
  const said = await build();
  console.error(`${said} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Writes a file whole or not at all. */
export async function replaceFile(path: URL, contents: Uint8Array): Promise<void> {
  const partial = new URL(`${path.href}.${Deno.pid}`);
  await Deno.mkdir(new URL("./", path), { recursive: true });
  await Deno.writeFile(partial, contents);
  await Deno.rename(partial, path);
}
