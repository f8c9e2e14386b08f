/** Small Zarr stores, made chunk by chunk as the specification says. */

import { dirname } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { registry } from "zarrita";
import { crc32c } from "../../library/engine/crc32c.ts";
import { zip } from "./byte_files.ts";

/** Files of a store by their names. */
export type StoreFiles = Map<string, Uint8Array>;

/** How an array of 16-bit numbers is stored. */
export interface ArrayRecipe {
  readonly version: 2 | 3;
  readonly lengths: readonly number[];
  readonly chunks: readonly number[];
  readonly data: Uint16Array;
  /** `blosc`, `zstd`, `lz4`, `gzip`, `zlib` or none. */
  readonly compressor?: string;
  readonly bigEndian?: boolean;
  readonly fortran?: boolean;
  readonly separator?: "." | "/";
  /** Chunks within each shard along each axis, and where the index of a shard lies. */
  readonly shard?: {
    readonly chunks: readonly number[];
    readonly index: "start" | "end";
    readonly checked: boolean;
  };
  /** Chunks that are not written. */
  readonly skipped?: (index: readonly number[]) => boolean;
  readonly fill?: number | null;
  readonly attributes?: unknown;
}

/** The files of an array in the folder `path` of a store; the root for an empty one. */
export async function arrayFiles(path: string, recipe: ArrayRecipe): Promise<StoreFiles> {
  const { version, lengths, chunks, shard, skipped = () => false, separator = version === 2 ? "." : "/" } =
    recipe;
  const files: StoreFiles = new Map(), prefix = path === "" ? "" : `${path}/`;
  const stored = chunks.map((length, axis) => length * (shard?.chunks[axis] ?? 1));
  for (const index of indices(lengths.map((length, axis) => Math.ceil(length / stored[axis])))) {
    if (skipped(index)) continue;
    const key = version === 2 ? index.join(separator) : ["c", ...index].join(separator);
    files.set(prefix + key, shard ? await shardOf(recipe, index) : await chunkOf(recipe, index));
  }
  for (const [name, json] of Object.entries(metadataOf(recipe, stored, separator))) {
    files.set(prefix + name, text(json));
  }
  return files;
}

/** JSON as the bytes of a file. */
export function text(json: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json));
}

/** Writes a store as a folder; returns its path. */
export async function writeStore(path: string, files: StoreFiles): Promise<string> {
  for (const [name, bytes] of files) {
    await Deno.mkdir(dirname(`${path}/${name}`), { recursive: true });
    await Deno.writeFile(`${path}/${name}`, bytes);
  }
  return path;
}

/** Writes a store as a zip file; returns its path. */
export async function writeZipStore(path: string, files: StoreFiles, deflated = false): Promise<string> {
  await Deno.writeFile(path, zip(Array.from(files, ([name, data]) => ({ name, data, deflated }))));
  return path;
}

function metadataOf(
  recipe: ArrayRecipe,
  stored: readonly number[],
  separator: string,
): Record<string, unknown> {
  const { version, lengths, chunks, compressor, bigEndian, fortran, shard, fill = 0, attributes = {} } =
    recipe;
  if (version === 2) {
    const array = {
      zarr_format: 2,
      shape: lengths,
      chunks: stored,
      dtype: bigEndian ? ">u2" : "<u2",
      compressor: compressor ? { id: compressor, ...settings[compressor] } : null,
      fill_value: fill,
      order: fortran ? "F" : "C",
      filters: null,
      ...(separator !== "." && { dimension_separator: separator }),
    };
    return { ".zarray": array, ".zattrs": attributes };
  }
  const bytes = { name: "bytes", configuration: { endian: bigEndian ? "big" : "little" } };
  const codecs = [
    ...(fortran
      ? [{ name: "transpose", configuration: { order: lengths.map((_, axis) => axis).reverse() } }]
      : []),
    bytes,
    ...(compressor ? [{ name: compressor, configuration: settings[compressor] }] : []),
  ];
  const sharding = shard && [{
    name: "sharding_indexed",
    configuration: {
      chunk_shape: chunks,
      codecs,
      index_codecs: [
        { name: "bytes", configuration: { endian: "little" } },
        ...(shard.checked ? [{ name: "crc32c" }] : []),
      ],
      index_location: shard.index,
    },
  }];
  return {
    "zarr.json": {
      zarr_format: 3,
      node_type: "array",
      shape: lengths,
      data_type: "uint16",
      chunk_grid: { name: "regular", configuration: { chunk_shape: stored } },
      chunk_key_encoding: { name: "default", configuration: { separator } },
      fill_value: fill,
      codecs: sharding ?? codecs,
      attributes,
    },
  };
}

const settings: Readonly<Record<string, Record<string, unknown>>> = {
  blosc: { cname: "zstd", clevel: 3, shuffle: 2, blocksize: 0 },
  zstd: { level: 3 },
  lz4: { acceleration: 1 },
  gzip: { level: 5 },
  zlib: { level: 5 },
};

async function compress(bytes: Uint8Array, compressor: string | undefined): Promise<Uint8Array> {
  if (compressor === undefined) return bytes;
  if (compressor === "gzip") return new Uint8Array(gzipSync(bytes));
  if (compressor === "zlib") return new Uint8Array(deflateSync(bytes));
  const Codec = await registry.get(compressor)!();
  const codec = Codec.fromConfig(settings[compressor], undefined as never) as unknown as {
    encode(bytes: Uint8Array): Promise<Uint8Array>;
  };
  return await codec.encode(bytes);
}

/** A chunk has its whole size at the edges as well. */
async function chunkOf(recipe: ArrayRecipe, index: readonly number[]): Promise<Uint8Array> {
  const { lengths, chunks, data, bigEndian = false, fortran, compressor } = recipe;
  const count = chunks.reduce((product, length) => product * length, 1);
  const view = new DataView(new ArrayBuffer(2 * count));
  const order = fortran ? [...chunks].reverse() : chunks;
  let place = 0;
  for (const position of indices(order)) {
    const within = fortran ? [...position].reverse() : position;
    const at = within.map((step, axis) => index[axis] * chunks[axis] + step);
    const inside = at.every((step, axis) => step < lengths[axis]);
    const flat = at.reduce((sum, step, axis) => sum * lengths[axis] + step, 0);
    view.setUint16(2 * place++, inside ? data[flat] : 0xdead, !bigEndian);
  }
  return await compress(new Uint8Array(view.buffer), compressor);
}

async function shardOf(recipe: ArrayRecipe, shard: readonly number[]): Promise<Uint8Array> {
  const { chunks, index: place, checked } = recipe.shard!;
  const inShard = indices(chunks), indexBytes = 16 * inShard.length + (checked ? 4 : 0);
  const index = new DataView(new ArrayBuffer(indexBytes));
  const parts: Uint8Array[] = [];
  let offset = place === "start" ? indexBytes : 0;
  for (const [number, within] of inShard.entries()) {
    const at = within.map((step, axis) => shard[axis] * chunks[axis] + step);
    const outside = at.some((step, axis) => step * recipe.chunks[axis] >= recipe.lengths[axis]);
    const bytes = outside ? undefined : await chunkOf(recipe, at);
    index.setBigUint64(16 * number, bytes ? BigInt(offset) : 2n ** 64n - 1n, true);
    index.setBigUint64(16 * number + 8, bytes ? BigInt(bytes.length) : 2n ** 64n - 1n, true);
    if (bytes) parts.push(bytes);
    offset += bytes?.length ?? 0;
  }
  const all = new Uint8Array(index.buffer);
  if (checked) index.setUint32(indexBytes - 4, crc32c(all.subarray(0, -4)), true);
  const ordered = place === "start" ? [all, ...parts] : [...parts, all];
  return new Uint8Array(await new Blob(ordered as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

/** All positions of an array in C order. */
function indices(lengths: readonly number[]): number[][] {
  return lengths.reduce<number[][]>(
    (found, length) => found.flatMap((start) => Array.from({ length }, (_, at) => [...start, at])),
    [[]],
  );
}

/** Axes of a scan as HyperSpy has them. */
const axes = [["y", "nm", 2], ["x", "nm", 3], ["ky", "$A^{-1}$", 0.1], ["kx", "1/Å", 0.1]] as const;

/** The files of HyperSpy's `.zspy`. */
export async function zspyFiles(
  recipe: ArrayRecipe,
  navigate = [true, true, false, false],
): Promise<StoreFiles> {
  const group = text({ zarr_format: 2 }), at = "Experiments/__unnamed__";
  const files: StoreFiles = new Map([
    [".zgroup", group],
    [".zattrs", text({ file_format: "ZSpy", file_format_version: "3.3" })],
    ["Experiments/.zgroup", group],
    [`${at}/.zgroup`, group],
    [`${at}/metadata/Acquisition_instrument/TEM/.zgroup`, group],
    [
      `${at}/metadata/Acquisition_instrument/TEM/.zattrs`,
      new TextEncoder().encode(
        '{"beam_energy": 200, "camera_length": 150.0, "convergence_angle": 1.5, "tilt": NaN}',
      ),
    ],
    ...await arrayFiles(`${at}/data`, { ...recipe, version: 2, compressor: "blosc" }),
  ]);
  axes.forEach(([name, units, scale], axis) => {
    files.set(`${at}/axis-${axis}/.zgroup`, group);
    files.set(
      `${at}/axis-${axis}/.zattrs`,
      text({ name, units, scale, offset: 0, navigate: navigate[axis] }),
    );
  });
  return files;
}
