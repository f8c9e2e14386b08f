/** What the metadata of a Zarr array says, checked: sizes are possible, and everything is of a kind that we read. */

import type { ArrayMetadata } from "zarrita";
import { numberBytes, numberName, numberOfKind, type StoredNumber } from "../../scan/stored_number.ts";
import { ArrayChecks } from "./array_checks.ts";
import { isRecord, type Json } from "../json_object.ts";
import { plainFill, plainType } from "./plain_numbers.ts";

/** An array of a store. */
export interface ZarrArray {
  /** Path of the store. */
  readonly file: string;
  /** Path inside it, as people write it: `/`, `/a/b`. */
  readonly path: string;
  /** Lengths of the axes, slowest first. */
  readonly lengths: readonly number[];
  /** Lengths of the chunks that are unpacked one by one; in shards, the inner ones. */
  readonly chunks: readonly number[];
  /** Lengths of what lies in one file: chunks or shards. */
  readonly stored: readonly number[];
  /** Names of the files of chunks: the parts after this beginning are indices with this separator. */
  readonly keys: { readonly prefix: string; readonly separator: string };
  /** Value of numbers that are in no chunk, `null` where they have none. */
  readonly fill: number | null;
  /** Whether the index of a shard lies before its chunks. */
  readonly indexFirst: boolean;
  readonly numbers: StoredNumber;
  /** What zarrita gets to see: numbers that it does not know, or not everywhere, as unsigned ones of their size. */
  readonly metadata: ArrayMetadata;
}

/** Bytes of one number as it is stored. */
export function storedBytes({ numbers }: ZarrArray): number {
  return numberBytes(numbers);
}

/** What is done with the numbers of a chunk: the codecs in shards, where it lies in one. */
export function codecsOf({ metadata: { codecs } }: ZarrArray): ArrayMetadata["codecs"] {
  const inner = codecs.find(({ name }) => name === "sharding_indexed")?.configuration.codecs;
  return (inner as ArrayMetadata["codecs"] | undefined) ?? codecs;
}

/** Whether chunks are others than their numbers in some order. */
export function isPacked(array: ZarrArray): boolean {
  return codecsOf(array).some(({ name }) => name !== "bytes" && name !== "transpose");
}

/**
 * Understands `.zarray` of Zarr 2 or `zarr.json` of Zarr 3.
 *
 * @throws {CorruptFile} when it contradicts itself
 * @throws {UnsupportedFormat} when numbers, codecs or chunks are of a kind that we do not read
 * @throws {OutOfResources} when a chunk does not fit into memory
 */
export function parseArray(file: string, path: string, text: Json): ZarrArray {
  const checks = new ArrayChecks(file, path);
  return text.zarr_format === 2 ? parseVersion2(checks, text) : parseVersion3(checks, text);
}

function parseVersion2(checks: ArrayChecks, text: Json): ZarrArray {
  const [, order, kind, bytes] = /^([<>|=])([a-zA-Z])(\d+)$/.exec(String(text.dtype)) ?? [];
  const numbers = kind && numberOfKind(kind, Number(bytes));
  const codecs: Json[] = [];
  if (text.order === "F") codecs.push({ name: "transpose", configuration: { order: "F" } });
  else if (text.order !== "C") throw checks.corrupt("order C or F", text.order);
  codecs.push({ name: "bytes", configuration: { endian: order === ">" ? "big" : "little" } });
  const filters = text.filters ?? [];
  if (!Array.isArray(filters)) throw checks.corrupt("a list of filters", filters);
  for (const filter of [...filters, ...(text.compressor ? [text.compressor] : [])]) {
    if (!isRecord(filter)) throw checks.corrupt("a filter or compressor", filter);
    const { id, ...configuration } = filter;
    codecs.push({ name: id === "shuffle" ? "numcodecs.shuffle" : id, configuration });
  }
  const separator = text.dimension_separator ?? ".";
  return describe(checks, {
    lengths: text.shape,
    stored: text.chunks,
    dataType: numbers ? numberName(numbers) : text.dtype,
    fill: text.fill_value,
    keys: { name: "v2", separator },
    codecs,
  });
}

function parseVersion3(checks: ArrayChecks, text: Json): ZarrArray {
  const grid = text.chunk_grid, encoding = text.chunk_key_encoding;
  if (text.zarr_format !== 3 || !isRecord(grid) || !isRecord(encoding)) {
    throw checks.corrupt("metadata of Zarr 2 or 3 with chunks", text.zarr_format);
  }
  if (grid.name !== "regular" || !isRecord(grid.configuration)) {
    throw checks.unsupported("chunks", grid.name, "write it with chunks of one size");
  }
  if (Array.isArray(text.storage_transformers) && text.storage_transformers.length > 0) {
    throw checks.unsupported("storage transformers", "some", "write it without them");
  }
  const { separator } = isRecord(encoding.configuration) ? encoding.configuration : {};
  if (!Array.isArray(text.codecs)) throw checks.corrupt("a list of codecs", text.codecs);
  return describe(checks, {
    lengths: text.shape,
    stored: grid.configuration.chunk_shape,
    dataType: text.data_type,
    fill: text.fill_value,
    keys: { name: encoding.name, separator: separator ?? (encoding.name === "v2" ? "." : "/") },
    codecs: text.codecs,
  });
}

function describe(checks: ArrayChecks, said: {
  readonly lengths: unknown;
  readonly stored: unknown;
  readonly dataType: unknown;
  readonly fill: unknown;
  readonly keys: { readonly name: unknown; readonly separator: unknown };
  readonly codecs: readonly unknown[];
}): ZarrArray {
  const lengths = checks.lengths(said.lengths, 0), stored = checks.lengths(said.stored, 1);
  if (stored.length !== lengths.length) {
    throw checks.corrupt(`chunks of ${lengths.length} axes`, stored.join(" x "));
  }
  const numbers = checks.numbers(String(said.dataType));
  const { name: keyNames, separator } = said.keys;
  if ((separator !== "." && separator !== "/") || (keyNames !== "v2" && keyNames !== "default")) {
    throw checks.unsupported(
      "names of chunks",
      `${keyNames}, ${separator}`,
      "write it with the usual names",
    );
  }
  const listed = said.codecs.map((codec) => checks.codec(codec));
  const sharding = listed.find(({ name }) => name === "sharding_indexed");
  const codecs = sharding
    ? [checks.sharding(sharding, listed, stored)]
    : checks.codecs(listed, lengths.length);
  const chunks = sharding ? codecs[0].configuration.chunk_shape as number[] : stored;
  const bytes = chunks.reduce((product, length) => product * length, numberBytes(numbers));
  checks.requireRoom(bytes);
  const fill = checks.fill(said.fill, numbers);
  return {
    file: checks.file,
    path: checks.path,
    lengths,
    chunks,
    stored,
    keys: { prefix: keyNames === "v2" ? "" : `c${separator}`, separator },
    fill,
    indexFirst: sharding?.configuration.index_location === "start",
    numbers,
    metadata: {
      zarr_format: 3,
      node_type: "array",
      shape: [...lengths],
      data_type: plainType(numbers) as ArrayMetadata["data_type"],
      chunk_grid: { name: "regular", configuration: { chunk_shape: [...stored] } },
      chunk_key_encoding: { name: keyNames, configuration: { separator } },
      codecs,
      fill_value: plainFill(numbers, fill ?? 0) as ArrayMetadata["fill_value"],
      attributes: {},
    },
  };
}
