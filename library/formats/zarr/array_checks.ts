/** Checks of what the metadata of a Zarr array says, with errors that name the array. */

import type { CodecMetadata } from "zarrita";
import { createPixelArray, type PixelArray } from "../../scan/dtype.ts";
import { CorruptFile, OutOfResources, UnsupportedFormat } from "../../scan/errors.ts";
import {
  complexRemedy,
  dtypeOfNumbers,
  largestWhole,
  mayNotFit,
  numberBytes,
  numberName,
  numberNamed,
  numberNames,
  type StoredNumber,
} from "../../scan/stored_number.ts";
import { convertNumbers } from "../convert_numbers.ts";
import { boundedName, byteCodecNames } from "./codecs.ts";
import { isRecord } from "../json_object.ts";

/** Chunks are unpacked whole. */
const largestChunkBytes = 2 ** 30;
/** Chunks of one shard: their places are kept in memory. */
const mostInShard = 2 ** 22;
const mostAxes = 32;

/** Checks of what one array says, with errors that name it. */
export class ArrayChecks {
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

  /** The number type of a name of Zarr 3. */
  numbers(name: string): StoredNumber {
    const numbers = numberNamed(name);
    if (numbers !== undefined) return numbers;
    const complex = /^(complex|[<>|=]?c)\d+$/.test(name);
    throw this.unsupported("numbers", name, complex ? complexRemedy : `save it as one of ${numberNames}`);
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

  /** What chunks that were never written hold, as a number of the scan. */
  fill(value: unknown, numbers: StoredNumber): number | null {
    if (value === null || value === undefined) return null;
    const float = numbers.startsWith("f"), pixel = createPixelArray(dtypeOfNumbers(numbers), 1);
    const number = typeof value === "boolean" && numbers === "bool"
      ? Number(value)
      : typeof value === "string" && /^(NaN|-?Infinity)$/.test(value)
      ? Number(value)
      : value;
    if (typeof number === "number") {
      if (mayNotFit(numbers) && Math.abs(number) > largestWhole) return number < 0 ? -Infinity : Infinity;
      if (float || pixel.fill(number)[0] === number) return number;
    }
    if (float && typeof value === "string" && this.#readBits(value, numbers, pixel)) return pixel[0];
    throw this.corrupt(`a fill value of type ${numberName(numbers)}`, value);
  }

  /** Bits of a float in hexadecimal digits, the highest first. */
  #readBits(text: string, numbers: StoredNumber, into: PixelArray): boolean {
    const digits = /^0x([0-9a-f]+)$/i.exec(text)?.[1], count = numberBytes(numbers);
    if (digits?.length !== 2 * count) return false;
    const bytes = Uint8Array.from(
      { length: count },
      (_, byte) => parseInt(digits.slice(2 * byte, 2 * byte + 2), 16),
    );
    convertNumbers(numbers, bytes.reverse(), into);
    return true;
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

  requireRoom(bytes: number): void {
    if (bytes <= largestChunkBytes) return;
    throw new OutOfResources(
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
