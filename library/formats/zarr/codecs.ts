/** Decompression of Zarr chunks that never gives more bytes than a chunk has, whatever the compressed bytes claim. */

import { crc32c } from "../../engine/crc32c.ts";
import { largestStage } from "../../scan/tiles.ts";
import { unpackBlosc } from "./blosc.ts";

/** Zarrita's codecs, which load what they need when they are first asked for. */
export type Registry = Map<string, () => unknown>;

/** What zarrita says of the chunk to a codec. */
interface ChunkFacts {
  readonly dataType: string;
  readonly shape: readonly number[];
}

type Decode = (bytes: Uint8Array, most: number, registry: Registry) => Promise<Uint8Array> | Uint8Array;

/** Codecs that turn bytes into bytes, by the names that files use. */
const byteCodecs: Readonly<Record<string, Decode>> = {
  blosc: (bytes, most, registry) =>
    unpackBlosc(bytes, most, (name, piece, size) => {
      // Pieces of LZ4 lack the size that goes before them elsewhere.
      const sized = name === "lz4" ? withSize(piece, size) : piece;
      return byteCodecs[name](sized, size, registry);
    }),
  zstd(bytes, most, registry) {
    requireSize(zstdSize(bytes), most);
    return decodeBy(registry, "zstd", bytes);
  },
  lz4(bytes, most, registry) {
    if (bytes.length < 4) throw new Error("an LZ4 chunk of less than 4 bytes");
    requireSize(viewOf(bytes).getUint32(0, true), most);
    return decodeBy(registry, "lz4", bytes);
  },
  gzip: (bytes, most) => inflateAtMost(bytes, "gzip", most),
  zlib: (bytes, most) => inflateAtMost(bytes, "deflate", most),
  crc32c(bytes) {
    const end = bytes.length - 4;
    if (end < 0 || viewOf(bytes).getUint32(end, true) !== crc32c(bytes.subarray(0, end))) {
      throw new Error("a wrong CRC-32C");
    }
    return bytes.subarray(0, end);
  },
};

/** Names of these codecs in files. */
export const byteCodecNames: readonly string[] = Object.keys(byteCodecs);

/** The name under which zarrita finds a codec of ours: its own ones do not look at sizes or checksums. */
export function boundedName(name: string): string {
  return `crystallite.${name}`;
}

/** Makes zarrita know these codecs; its own ones stay as they are. */
export function registerCodecs(registry: Registry): void {
  for (const [name, decode] of Object.entries(byteCodecs)) {
    registry.set(boundedName(name), () => ({
      fromConfig: (_: unknown, facts: ChunkFacts) => {
        const most = largestStage(chunkBytes(facts));
        return {
          kind: "bytes_to_bytes",
          encode() {
            throw new Error("chunks are not written here");
          },
          decode: (bytes: Uint8Array) => decode(bytes, most, registry),
          computeEncodedSize: name === "crc32c" ? (size: number) => size + 4 : undefined,
        };
      },
    }));
  }
}

function chunkBytes({ dataType, shape }: ChunkFacts): number {
  return shape.reduce((product, length) => product * length, Number(/\d+$/.exec(dataType)) / 8);
}

function withSize(piece: Uint8Array, size: number): Uint8Array {
  const sized = new Uint8Array(4 + piece.length);
  viewOf(sized).setUint32(0, size, true);
  sized.set(piece, 4);
  return sized;
}

function requireSize(size: number, most: number): void {
  if (size > most) throw new Error(`${size} bytes where a chunk has at most ${most}`);
}

/** Unpacks by zarrita's codec, whose settings are for packing only. */
async function decodeBy(registry: Registry, name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const Codec = await registry.get(name)!() as new () => { decode(bytes: Uint8Array): Promise<Uint8Array> };
  return await new Codec().decode(bytes);
}

/** Bytes that a Zstandard frame unpacks to, or where it does not say, the most that its blocks can make. */
function zstdSize(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== 0xfd2fb528) throw new Error("no Zstandard frame");
  const descriptor = bytes[4], single = (descriptor & 0x20) !== 0, code = descriptor >> 6;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3], sizeBytes = code === 0 ? Number(single) : 1 << code;
  const at = 5 + (single ? 0 : 1) + dictionaryBytes;
  if (sizeBytes === 1) return view.getUint8(at);
  if (sizeBytes === 2) return view.getUint16(at, true) + 256;
  if (sizeBytes === 4) return view.getUint32(at, true);
  if (sizeBytes === 8) return Number(view.getBigUint64(at, true));
  let size = 0;
  for (let block = at, last = false; !last;) {
    const header = view.getUint16(block, true) | view.getUint8(block + 2) << 16;
    const kind = header >> 1 & 3, length = header >> 3;
    last = (header & 1) === 1;
    size += kind === 2 ? 0 : length;
    // A compressed block makes at most 128 KiB; all but the last one of a frame make about as much.
    if (kind === 2 && !last) size += 2 ** 17;
    block += 3 + (kind === 1 ? 1 : length);
  }
  return size;
}

async function inflateAtMost(
  bytes: Uint8Array,
  format: "gzip" | "deflate",
  most: number,
): Promise<Uint8Array> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of packed.pipeThrough(new DecompressionStream(format))) {
    requireSize(size += piece.length, most);
    pieces.push(piece);
  }
  if (pieces.length === 1) return pieces[0];
  const all = new Uint8Array(size);
  let filled = 0;
  for (const piece of pieces) {
    all.set(piece, filled);
    filled += piece.length;
  }
  return all;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
