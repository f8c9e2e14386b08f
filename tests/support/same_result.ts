/** Folders that two runs have written of the same data: alike byte for byte, but for what tells of the run itself. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { filesBelow } from "./folders.ts";

/** Fields of a record that tell when, how fast and by which words something was made. */
const ofTheRun = ["command", "started", "timings", "bytesOut", "files"];

/**
 * Asserts that both have the same files, and these the same bytes, those of folders below too. Records are compared without
 * what tells of the run; pages, which tell it as well, and HDF5, which has time stamps of its own, are only there.
 */
export function assertSameFolder(one: string, other: string): void {
  const files = Array.from(filesBelow(one)).sort();
  assert.deepEqual(files, Array.from(filesBelow(other)).sort());
  assert.ok(files.length > 0);
  for (const name of files) {
    if (/(^|\/)report\.html$|\.h5$/.test(name)) continue;
    const record = /(^|\/)(run|series)\.json$/.test(name);
    const read = (folder: string) =>
      record ? recordOf(join(folder, name)) : Deno.readFileSync(join(folder, name));
    assert.deepEqual(read(one), read(other), name);
  }
}

function recordOf(path: string): unknown {
  const entries = Object.entries(JSON.parse(Deno.readTextFileSync(path)));
  return Object.fromEntries(entries.filter(([field]) => !ofTheRun.includes(field)));
}
