/** What the metadata of a Zarr array says, checked: sizes are possible, and everything is of a kind that we read. */

import type { ArrayMetadata, CodecMetadata } from "zarrita";
import { bytesPerElement, createPixelArray, type DType } from "../../scan/dtype.ts";
import { CorruptFile, OutOfResources, UnsupportedFormat } from "../../scan/errors.ts";
import { boundedName, byteCodecNames } from "./codecs.ts";
import { isRecord, type Json } from "./json.ts";

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
  readonly dtype: DType;
  /** What zarrita gets to see. */
  readonly metadata: ArrayMetadata;
}

/** Chunks are unpacked whole. */
const largestChunkBytes = 2 ** 30;
/** Chunks of one shard: their places are kept in memory. */
const mostInShard = 2 ** 22;
const mostAxes = 32;

/** Number types of Zarr 3 that we read, and ours for them. */
const dtypes: Readonly<Record<string, DType>> = {
  uint8: "u8",
  uint16: "u16",
  uint32: "u32",
  int8: "i16",
  int16: "i16",
  int32: "i32",
  float32: "f32",
  float64: "f64",
};

/** Zarr 3's names for numpy's number types. */
const kinds: Readonly<Record<string, string>> = { u: "uint", i: "int", f: "float" };

/** Bytes of one number as it is stored. */
export function storedBytes({ metadata }: ZarrArray): number {
  return Number(/\d+$/.exec(metadata.data_type)![0]) / 8;
}

/**
 * Understands `.zarray` of Zarr 2 or `zarr.json` of Zarr 3.
 *
 * @throws {CorruptFile} when it contradicts itself
 * @throws {UnsupportedFormat} when numbers, codecs or chunks are of a kind that we do not read
 * @throws {OutOfResources} when a chunk does not fit into memory
 */
export function parseArray(file: string, path: string, text: Json): ZarrArray {
  const reading = new Reading(file, path);
  return text.zarr_format === 2 ? parseVersion2(reading, text) : parseVersion3(reading, text);
}

function parseVersion2(reading: Reading, text: Json): ZarrArray {
  const [, order, kind, bytes] = /^([<>|=])([uif])(\d+)$/.exec(String(text.dtype)) ?? [];
  if (kind === undefined) throw reading.unsupported("numbers", text.dtype, "save it as an array of numbers");
  const codecs: Json[] = [];
  if (text.order === "F") codecs.push({ name: "transpose", configuration: { order: "F" } });
  else if (text.order !== "C") throw reading.corrupt("order C or F", text.order);
  codecs.push({ name: "bytes", configuration: { endian: order === ">" ? "big" : "little" } });
  const filters = text.filters ?? [];
  if (!Array.isArray(filters)) throw reading.corrupt("a list of filters", filters);
  for (const filter of [...filters, ...(text.compressor ? [text.compressor] : [])]) {
    if (!isRecord(filter)) throw reading.corrupt("a filter or compressor", filter);
    const { id, ...configuration } = filter;
    codecs.push({ name: id === "shuffle" ? "numcodecs.shuffle" : id, configuration });
  }
  const separator = text.dimension_separator ?? ".";
  return describe(reading, {
    lengths: text.shape,
    stored: text.chunks,
    dataType: `${kinds[kind]}${Number(bytes) * 8}`,
    fill: text.fill_value,
    keys: { name: "v2", separator },
    codecs,
  });
}

function parseVersion3(reading: Reading, text: Json): ZarrArray {
  const grid = text.chunk_grid, encoding = text.chunk_key_encoding;
  if (text.zarr_format !== 3 || !isRecord(grid) || !isRecord(encoding)) {
    throw reading.corrupt("metadata of Zarr 2 or 3 with chunks", text.zarr_format);
  }
  if (grid.name !== "regular" || !isRecord(grid.configuration)) {
    throw reading.unsupported("chunks", grid.name, "write it with chunks of one size");
  }
  if (Array.isArray(text.storage_transformers) && text.storage_transformers.length > 0) {
    throw reading.unsupported("storage transformers", "some", "write it without them");
  }
  const { separator } = isRecord(encoding.configuration) ? encoding.configuration : {};
  if (!Array.isArray(text.codecs)) throw reading.corrupt("a list of codecs", text.codecs);
  return describe(reading, {
    lengths: text.shape,
    stored: grid.configuration.chunk_shape,
    dataType: text.data_type,
    fill: text.fill_value,
    keys: { name: encoding.name, separator: separator ?? (encoding.name === "v2" ? "." : "/") },
    codecs: text.codecs,
  });
}

function describe(reading: Reading, said: {
  readonly lengths: unknown;
  readonly stored: unknown;
  readonly dataType: unknown;
  readonly fill: unknown;
  readonly keys: { readonly name: unknown; readonly separator: unknown };
  readonly codecs: readonly unknown[];
}): ZarrArray {
  const lengths = reading.lengths(said.lengths, 0), stored = reading.lengths(said.stored, 1);
  if (stored.length !== lengths.length) {
    throw reading.corrupt(`chunks of ${lengths.length} axes`, stored.join(" x "));
  }
  const dataType = String(said.dataType), dtype = reading.dtype(dataType);
  const { name: keyNames, separator } = said.keys;
  if ((separator !== "." && separator !== "/") || (keyNames !== "v2" && keyNames !== "default")) {
    throw reading.unsupported(
      "names of chunks",
      `${keyNames}, ${separator}`,
      "write it with the usual names",
    );
  }
  const listed = said.codecs.map((codec) => reading.codec(codec));
  const sharding = listed.find(({ name }) => name === "sharding_indexed");
  const codecs = sharding
    ? [reading.sharding(sharding, listed, stored)]
    : reading.codecs(listed, lengths.length);
  const chunks = sharding ? codecs[0].configuration.chunk_shape as number[] : stored;
  const bytes = chunks.reduce((product, length) => product * length, Number(/\d+$/.exec(dataType)![0]) / 8);
  if (bytes > largestChunkBytes) throw reading.tooLarge(bytes);
  const fill = reading.fill(said.fill, dtype);
  return {
    file: reading.file,
    path: reading.path,
    lengths,
    chunks,
    stored,
    keys: { prefix: keyNames === "v2" ? "" : `c${separator}`, separator },
    fill,
    indexFirst: sharding?.configuration.index_location === "start",
    dtype,
    metadata: {
      zarr_format: 3,
      node_type: "array",
      shape: [...lengths],
      data_type: dataType as ArrayMetadata["data_type"],
      chunk_grid: { name: "regular", configuration: { chunk_shape: [...stored] } },
      chunk_key_encoding: { name: keyNames, configuration: { separator } },
      codecs,
      fill_value: fill ?? 0,
      attributes: {},
    },
  };
}

/** Checks of what one array says, with errors that name it. */
class Reading {
  readonly file: string;
  readonly path: string;

  constructor(file: string, path: string) {
    this.file = file;
    this.path = path;
  }

  lengths(value: unknown, least: number): number[] {
    const sound = Array.isArray(value) && value.length <= mostAxes &&
      value.every((length) => Number.isSafeInteger(length) && length >= least) &&
      Number.isSafeInteger(value.reduce((product, length) => product * length, 8));
    if (!sound) throw this.corrupt("possible lengths of axes and chunks", value);
    return value;
  }

  dtype(name: string): DType {
    if (Object.hasOwn(dtypes, name)) return dtypes[name];
    const remedies: Record<string, string> = {
      bool: "save it as uint8",
      float16: "save it as float32",
      int64: "save it as int32 if the values fit",
      uint64: "save it as uint32 if the counts fit",
    };
    throw this.unsupported(
      "numbers",
      name,
      remedies[name] ?? "save it as one of uint8, uint16, uint32, int16, int32, float32, float64",
    );
  }

  codec(value: unknown): CodecMetadata {
    const codec = typeof value === "string" ? { name: value } : value;
    if (!isRecord(codec) || typeof codec.name !== "string") throw this.corrupt("a codec", value);
    const { name, configuration = {} } = codec;
    if (!isRecord(configuration)) throw this.corrupt(`settings of ${name}`, configuration);
    return { name: name.replace(/^numcodecs\.(?!shuffle$)/, ""), configuration };
  }

  /** The codecs of a chunk: those of ours for bytes, zarrita's for the order of axes and bytes. */
  codecs(listed: readonly CodecMetadata[], axes: number): CodecMetadata[] {
    return listed.map((codec) => {
      if (byteCodecNames.includes(codec.name)) return { ...codec, name: boundedName(codec.name) };
      if (codec.name === "numcodecs.shuffle") return codec;
      if (codec.name === "bytes") {
        const { endian = "little" } = codec.configuration;
        if (endian === "little" || endian === "big") return { name: "bytes", configuration: { endian } };
      }
      if (codec.name === "transpose") {
        const { order } = codec.configuration;
        const sound = order === "C" || order === "F" ||
          (Array.isArray(order) && order.length === axes &&
            order.every((axis, _, all) =>
              Number.isInteger(axis) && axis >= 0 && axis < axes &&
              new Set(all).size === axes
            ));
        if (sound) return { name: "transpose", configuration: { order } };
        throw this.corrupt("an order of all axes", order);
      }
      const known = [...byteCodecNames, "bytes", "transpose", "shuffle", "sharding_indexed"];
      throw this.unsupported("codecs", codec.name, `write it with one of ${known.join(", ")}`);
    });
  }

  sharding(
    sharding: CodecMetadata,
    listed: readonly CodecMetadata[],
    stored: readonly number[],
  ): CodecMetadata {
    const { codecs, index_codecs: indexCodecs, index_location: place = "end" } = sharding.configuration;
    const chunks = this.lengths(sharding.configuration.chunk_shape, 1);
    if (listed.length > 1) {
      throw this.unsupported("codecs", "some around its shards", "write it with codecs within the shards");
    }
    const inShard = stored.reduce((product, length, axis) => product * (length / chunks[axis]), 1);
    if (chunks.length !== stored.length || !stored.every((length, axis) => length % chunks[axis] === 0)) {
      throw this.corrupt(`shards of whole chunks, ${stored.join(" x ")}`, chunks.join(" x "));
    }
    if (inShard > mostInShard) throw this.corrupt(`at most ${mostInShard} chunks in a shard`, inShard);
    if (!Array.isArray(codecs) || !Array.isArray(indexCodecs) || (place !== "end" && place !== "start")) {
      throw this.corrupt("shards with codecs, and an index at their start or end", place);
    }
    const index = this.codecs(indexCodecs.map((codec) => this.codec(codec)), stored.length + 1);
    if (!index.every(({ name }) => name === "bytes" || name === boundedName("crc32c"))) {
      throw this.unsupported("codecs", "a packed index of shards", "write its index with bytes and crc32c");
    }
    const inner = this.codecs(codecs.map((codec) => this.codec(codec)), stored.length);
    return {
      name: "sharding_indexed",
      configuration: { chunk_shape: chunks, codecs: inner, index_codecs: index, index_location: place },
    };
  }

  fill(value: unknown, dtype: DType): number | null {
    if (value === null || value === undefined) return null;
    const number = typeof value === "string" && /^(NaN|-?Infinity)$/.test(value) ? Number(value) : value;
    const exact = dtype === "f32" || dtype === "f64";
    if (typeof number === "number") {
      const stored = createPixelArray(dtype, 1).fill(number)[0];
      if (exact || stored === number) return number;
    }
    throw this.corrupt(`a fill value of ${bytesPerElement(dtype) * 8} bits`, value);
  }

  corrupt(expected: string, found: unknown): CorruptFile {
    return new CorruptFile(`${this.path} in ${this.file} is damaged or no Zarr array`, {
      ...this.#place(),
      expected,
      found: short(found),
      remedy: "copy or save the store again",
    });
  }

  unsupported(what: string, found: unknown, remedy: string): UnsupportedFormat {
    return new UnsupportedFormat(`${this.path} in ${this.file} has ${what} that we do not read`, {
      ...this.#place(),
      expected: `other ${what}`,
      found: short(found),
      remedy,
    });
  }

  tooLarge(bytes: number): OutOfResources {
    return new OutOfResources(
      `${this.path} in ${this.file} has chunks of ${bytes} bytes, too large to unpack`,
      {
        ...this.#place(),
        expected: `chunks of at most ${largestChunkBytes} bytes`,
        found: `${bytes} bytes`,
        remedy: "write the array again with smaller chunks",
      },
    );
  }

  #place(): { file: string; dataset: string } {
    return { file: this.file, dataset: this.path };
  }
}

function short(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(value) ?? "nothing").slice(0, 100);
}
