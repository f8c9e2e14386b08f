/** Which crystals a page can choose for a result. */

import { dirname, join } from "node:path";
import { builtInCrystals, builtInLattices } from "../../../library/crystal/built_in.ts";
import type { CrystalChoice } from "../../protocol/analyses.ts";
import type { Roots } from "../files/roots.ts";
import type { Item } from "../items/item.ts";

/** CIF files that are offered at most; others are named by their path. */
const mostFiles = 100;

/** The crystals that the program knows, and the CIF files beside the result and its scan. */
export async function crystalChoice(roots: Roots, item: Item): Promise<CrystalChoice> {
  const { path } = item.content, scan = item.readableScan?.source.path;
  const folders = new Set([path, dirname(path), ...scan === undefined ? [] : [dirname(scan)]]);
  const cifs: string[] = [];
  for (const folder of folders) {
    try {
      for await (const { name, isFile } of Deno.readDir(await roots.folder(folder))) {
        if (isFile && /\.cif$/i.test(name) && cifs.length < mostFiles) cifs.push(join(folder, name));
      }
    } catch {
      // A file, or not served: nothing is offered from there.
    }
  }
  return {
    builtIn: builtInCrystals.map((name, place) => [name, builtInLattices[place]] as const),
    cifs: cifs.sort(),
  };
}
