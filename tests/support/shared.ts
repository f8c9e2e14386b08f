/** Access to the folder of golden results and real data that lies beside the repository where there is one. */

const folder = new URL("../../../shared/", import.meta.url);

/** Path of a file or folder in the shared folder, or `null` where it is absent. */
export function sharedPath(relative: string): string | null {
  const url = new URL(relative, folder);
  try {
    Deno.statSync(url);
    return decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
}

/** Registers a test that needs the shared folder; where it is absent the test is ignored and says so. */
export function sharedTest(name: string, run: () => void | Promise<void>): void {
  const present = sharedPath("golden") !== null;
  if (!present) console.warn(`skipped, the shared data are not here: ${name}`);
  Deno.test({ name, ignore: !present, fn: run });
}
