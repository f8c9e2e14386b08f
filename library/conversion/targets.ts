/** The formats that scans are written in, by how their files end. */

import { extname } from "node:path";
import { BadParameter } from "../scan/errors.ts";
import { type ChunkGrid, chunkGrid, rowGrid } from "./chunk_grid.ts";
import type { ChunkStore } from "./chunk_store.ts";
import { canPack, type Compression, compressions, type Container } from "./compression.ts";
import type { ScanDescription } from "./description.ts";
import { createEmdFile } from "./emd_file.ts";
import { createHspyFile } from "./hspy_file.ts";
import { createNpyStore } from "./npy_store.ts";
import { createZarrStore, createZspyStore } from "./zarr_store.ts";

/** A format to write. */
export interface Target {
  /** Its name, as people say it. */
  readonly name: string;
  /** Whether it is a folder. */
  readonly folder: boolean;
  /** Ways to pack chunks that it has, its default first. */
  readonly compressions: readonly Compression[];
  readonly container: Container;
  /** Whether calibration and bad pixels have no place in it. */
  readonly keepsNumbersOnly?: boolean;
  grid(description: ScanDescription): ChunkGrid;
  /** Creates the file or folder with everything but the patterns. */
  create(
    path: string,
    description: ScanDescription,
    grid: ChunkGrid,
    compression: Compression,
  ): Promise<ChunkStore> | ChunkStore;
}

const targets = {
  ".h5": {
    name: "EMD 1.0 (py4DSTEM)",
    folder: false,
    compressions,
    container: "hdf5",
    grid: chunkGrid,
    create: createEmdFile,
  },
  ".hspy": {
    name: "HyperSpy hspy",
    folder: false,
    compressions,
    container: "hdf5",
    grid: chunkGrid,
    create: createHspyFile,
  },
  ".zspy": {
    name: "HyperSpy zspy",
    folder: true,
    compressions,
    container: "zarr",
    grid: chunkGrid,
    create: createZspyStore,
  },
  ".zarr": {
    name: "Zarr 3",
    folder: true,
    compressions,
    container: "zarr",
    grid: chunkGrid,
    create: createZarrStore,
  },
  ".npy": {
    name: "npy",
    folder: false,
    keepsNumbersOnly: true,
    compressions: ["none"],
    container: "hdf5",
    grid: rowGrid,
    create: createNpyStore,
  },
} as const satisfies Record<string, Target>;

/** How files of the formats end that scans are written in. */
export const targetExtensions = Object.keys(targets) as (keyof typeof targets)[];

/**
 * The format of a path, by how it ends.
 *
 * @throws {BadParameter} when it ends otherwise
 */
export function targetOf(path: string): Target {
  const extension = targetExtensions.find((extension) => extension === extname(path).toLowerCase());
  if (extension) return targets[extension];
  const expected = `a name ending in ${targetExtensions.join(", ").replace(/, ([^,]*)$/, " or $1")}`;
  throw new BadParameter(`the format of ${path} cannot be told from its name`, {
    file: path,
    expected,
    parameter: "out",
    remedy: `give \`out\` ${expected}`,
  });
}

/**
 * The way to pack chunks that was asked for, or the format's own.
 *
 * @throws {BadParameter} when the format, or the runtime, has no such way
 */
export function compressionFor(target: Target, asked: Compression | undefined): Compression {
  if (asked === undefined) return target.compressions[0];
  if (!canPack(asked)) {
    throw new BadParameter(`this runtime cannot pack with ${asked}`, {
      expected: target.compressions.filter(canPack).join(" or "),
      found: asked,
      parameter: "compression",
      remedy: "leave out `compression`, or use a newer Deno",
    });
  }
  if (target.compressions.includes(asked)) return asked;
  throw new BadParameter(`${target.name} files are not packed with ${asked}`, {
    expected: target.compressions.join(" or "),
    found: asked,
    parameter: "compression",
    remedy: "leave out `compression`, or choose another format",
  });
}
