/** HyperSpy's `.hspy`. */

import { type Group, writeHdf5File } from "../results/emd.ts";
import { bytesPerElement } from "../scan/dtype.ts";
import type { ChunkGrid } from "./chunk_grid.ts";
import type { ChunkStore } from "./chunk_store.ts";
import type { Compression } from "./compression.ts";
import type { ScanDescription } from "./description.ts";
import { Hdf5Chunks } from "./hdf5_chunks.ts";
import { createBooleanAttribute, settleBooleans } from "./hdf5_booleans.ts";
import { createEmptyDataset } from "./hdf5_dataset.ts";
import { type AttributeValue, hyperspyTree } from "./hyperspy_tree.ts";

/**
 * Creates the file with everything but the patterns.
 *
 * @throws {FileUnavailable | OutOfResources} when it cannot be written
 */
export async function createHspyFile(
  path: string,
  description: ScanDescription,
  grid: ChunkGrid,
  compression: Compression,
): Promise<ChunkStore> {
  await writeHdf5File(path, (file) => {
    const { experiment, groups } = hyperspyTree(description, "HyperSpy");
    const made = new Map<string, Group>([["", file]]);
    for (const [place, attributes] of groups) {
      const split = place.lastIndexOf("/");
      const group = place === ""
        ? file
        : made.get(place.slice(0, Math.max(0, split)))!.create_group(place.slice(split + 1));
      made.set(place, group);
      for (const [name, value] of Object.entries(attributes)) writeAttribute(group, name, value);
    }
    const { badPixels, shape: { patternRows, patternColumns } } = description;
    if (badPixels) {
      made.get(`${experiment}/original_metadata`)!.create_dataset({
        name: "bad_pixels",
        data: Uint8Array.from(badPixels),
        shape: [patternRows, patternColumns],
      });
    }
    createEmptyDataset(made.get(experiment)!, grid, description.dtype, compression);
  });
  const bytes = Deno.readFileSync(path);
  settleBooleans(path, bytes);
  Deno.writeFileSync(path, bytes);
  return new Hdf5Chunks(path, grid, bytesPerElement(description.dtype));
}

function writeAttribute(group: Group, name: string, value: AttributeValue): void {
  if (typeof value === "string") group.create_attribute(name, value);
  else if (typeof value === "boolean") createBooleanAttribute(group, name, value);
  else group.create_attribute(name, value, [], Number.isInteger(value) && name === "size" ? "<i" : "<d");
}
