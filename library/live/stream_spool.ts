/** Frames of a stream in a `.npy` file, from which they are read as any other scan: one piece at a time is in memory. */

import { encodeHeaderOf } from "../formats/npy_writer.ts";
import { BadParameter, CorruptFile, fromSystemError, throwIfAborted } from "../scan/errors.ts";
import { bytesOf } from "../scan/dtype.ts";
import { numberBytes, type StoredNumber } from "../scan/stored_number.ts";
import {
  firstFrame,
  frameBytesOf,
  longestHeader,
  parseStreamHeader,
  type StreamHeader,
} from "./stream_header.ts";

/** Bytes that come, and where an answer may go. */
export interface FrameStream {
  /** Name for messages. */
  readonly name: string;
  /** Fills some of `into`; `null` at the end. */
  read(into: Uint8Array): Promise<number | null>;
  /** Sends a line back; absent where nobody listens. */
  readonly answer?: (line: string) => Promise<void>;
}

/** What came of a stream. */
export interface SpooledStream {
  readonly header: StreamHeader;
  /** Frames that are whole, of all. */
  readonly frames: number;
  readonly complete: boolean;
}

/** Bytes that are read at a time. */
const pieceBytes = 2 ** 20;

/**
 * Writes the frames of a stream to a file, which may hold the first of them already. Whoever sends is slowed down to the
 * speed of the disk.
 *
 * @param begun called with the first line, once the file is there
 * @throws {CorruptFile} when the stream is none of frames, or brings more of them than it announced
 * @throws {BadParameter} when the file holds frames of another stream
 * @throws {OutOfResources} when the disk is full
 * @throws {Aborted} when the signal fires
 */
export async function spoolStream(
  stream: FrameStream,
  path: string,
  begun: (header: StreamHeader) => void,
  signal?: AbortSignal,
): Promise<SpooledStream> {
  const piece = new Uint8Array(pieceBytes);
  const { line, rest } = await firstLine(stream, piece, signal);
  const header = parseStreamHeader(line, stream.name), frameBytes = frameBytesOf(header);
  const { shape: { rows, columns } } = header, all = rows * columns;
  using file = await openSpool(path, header);
  const start = npyHeaderOf(header).length, present = Math.floor((file.statSync().size - start) / frameBytes);
  const first = firstFrame(header, present, stream.answer !== undefined, path);
  await stream.answer?.(JSON.stringify({ frames: first }));
  let end = start + first * frameBytes;
  const last = start + all * frameBytes;
  try {
    // Half a frame of a stream that broke, and what is sent again.
    await file.truncate(end);
    await file.seek(end, Deno.SeekMode.Start);
    begun(header);
    for (
      let bytes: Uint8Array | null = rest;
      bytes !== null;
      bytes = await nextPiece(stream, piece, signal)
    ) {
      if (end + bytes.length > last) throw tooMuch(stream, all);
      for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
      end += bytes.length;
      if (end === last && stream.answer) break;
    }
  } catch (cause) {
    throw fromSystemError(cause, path, "write");
  }
  const frames = Math.floor((end - start) / frameBytes);
  return { header, frames, complete: frames === all };
}

/** The file, with its header if it is new. */
async function openSpool(path: string, header: StreamHeader): Promise<Deno.FsFile> {
  const expected = npyHeaderOf(header);
  let file: Deno.FsFile | undefined;
  try {
    file = await Deno.open(path, { read: true, write: true, create: true });
    const found = new Uint8Array(expected.length), read = await file.read(found);
    if (read === null) {
      await file.write(expected);
      return file;
    }
    if (read === expected.length && found.every((byte, index) => byte === expected[index])) return file;
    // A run that was ended before the header was whole.
    if (read < expected.length && file.statSync().size === read) {
      await file.truncate(0);
      await file.seek(0, Deno.SeekMode.Start);
      await file.write(expected);
      return file;
    }
  } catch (cause) {
    file?.close();
    throw fromSystemError(cause, path, "write");
  }
  file.close();
  throw new BadParameter(`${path} holds another scan than the stream brings`, {
    file: path,
    expected: "frames of the same shape and type",
    found: "others",
    remedy: "name another folder",
  });
}

function npyHeaderOf(
  { shape: { rows, columns }, patternRows, patternColumns, ...kind }: StreamHeader,
): Uint8Array {
  return encodeHeaderOf(descriptorOf(kind), [rows, columns, patternRows, patternColumns]);
}

/** The numbers as numpy describes them. */
function descriptorOf(
  { numbers, bigEndian }: { readonly numbers: StoredNumber; readonly bigEndian: boolean },
): string {
  const bytes = numberBytes(numbers), kind = numbers === "bool" ? "b" : numbers[0];
  return `${bytes === 1 ? "|" : bigEndian ? ">" : "<"}${kind}${bytes}`;
}

/** The first line, and what came with it. */
async function firstLine(
  stream: FrameStream,
  piece: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<{ readonly line: string; readonly rest: Uint8Array }> {
  let filled = 0;
  for (;;) {
    throwIfAborted(signal);
    const read = await stream.read(piece.subarray(filled, longestHeader));
    const end = piece.subarray(0, filled + (read ?? 0)).indexOf(10, filled);
    filled += read ?? 0;
    if (end >= 0) {
      return { line: new TextDecoder().decode(piece.subarray(0, end)), rest: piece.slice(end + 1, filled) };
    }
    if (read === null || filled >= longestHeader) {
      throw new CorruptFile(`${stream.name} ends within its first line`, {
        file: stream.name,
        expected: `a line of JSON of at most ${longestHeader} bytes`,
        found: `${filled} bytes`,
        remedy: "send a first line as docs/using/live.md describes it, then the frames",
      });
    }
  }
}

async function nextPiece(
  stream: FrameStream,
  piece: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | null> {
  throwIfAborted(signal);
  const read = await stream.read(piece);
  return read === null ? null : bytesOf(piece.subarray(0, read));
}

function tooMuch({ name }: FrameStream, frames: number): CorruptFile {
  return new CorruptFile(`${name} brings more than the ${frames} frames that it announced`, {
    file: name,
    expected: `${frames} frames`,
    found: "more bytes",
    remedy: "announce rows and columns of the scan as they are, flyback included",
  });
}
