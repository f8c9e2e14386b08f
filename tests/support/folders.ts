/** Temporary folders for tests. */

import { join } from "node:path";

/** Runs a test with a folder of its own, which is removed afterwards. */
export async function withFolder(test: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "crystallite-test-" }));
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A served folder with a neighbour that is not. */
export function withNeighbour(test: (served: string, secret: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const served = join(folder, "served"), secret = join(folder, "served-not");
    await Deno.mkdir(served);
    await Deno.mkdir(secret);
    await test(served, secret);
  });
}

/** Names in a folder, hidden ones too, sorted. */
export async function fileNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names.sort();
}

/** Paths below a folder, with `/` on every system. */
export function* filesBelow(folder: string, prefix = ""): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(folder, prefix))) {
    if (isDirectory) yield* filesBelow(folder, `${prefix}${name}/`);
    else yield `${prefix}${name}`;
  }
}

/** Names of the temporary files that are left after `use`, which gets a folder of its own for them in `folder`. */
export async function leftInTemporaryFolder(
  folder: string,
  use: (temporary: string) => Promise<void>,
): Promise<string[]> {
  const temporary = `${folder}/temporary`, names = ["TMPDIR", "TMP", "TEMP"];
  Deno.mkdirSync(temporary);
  const before = names.map((name) => [name, Deno.env.get(name)] as const);
  for (const name of names) Deno.env.set(name, temporary);
  try {
    await use(temporary);
  } finally {
    for (const [name, value] of before) {
      value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
    }
  }
  return await fileNames(temporary);
}

/** The files of a complete result directory, sorted. */
export const resultFiles: readonly string[] = [
  "averages.npy",
  "clusters.csv",
  "clusters.h5",
  "forest_probes.npy",
  "forest_similarity.npy",
  "labels.npy",
  "map.png",
  "mask.npy",
  "mean_similarity.npy",
  "report.html",
  "run.json",
  "similarity.npy",
];
