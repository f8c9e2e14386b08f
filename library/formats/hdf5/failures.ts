/** What HDF5 reports when something fails, collected instead of printed or thrown. */

import type { Hdf5Module } from "./library.ts";

/** A stream of emscripten's file system, as far as we replace one. */
interface Stream {
  readonly flags: number;
  readonly seekable: boolean;
  readonly node: { readonly mode: number };
  readonly stream_ops: {
    write(stream: Stream, buffer: Uint8Array, offset: number, length: number): number;
  };
}

const standardError = 2;
const writeOnly = 1;
const characterDevice = 0o020000;

let collecting = false;

/**
 * Calls the HDF5 library and throws what it reports as one error, after the library has put its own affairs in
 * order. Its throwing error handler cannot do that: it leaves the data set open, so that the file stays open and
 * HDF5 goes on to use what it knows of it, and it needs a temporary file for each report.
 *
 * @throws {Error} with HDF5's report as its message, or whatever `action` throws
 */
export function withFailuresThrown<Result>(module: Hdf5Module, action: () => Result): Result {
  if (collecting) return action();
  const report: number[] = [];
  const streams = (module.FS as unknown as { streams: unknown[] }).streams;
  const original = streams[standardError];
  const collector: Stream = {
    flags: writeOnly,
    seekable: false,
    node: { mode: characterDevice },
    stream_ops: {
      write(_stream, buffer, offset, length) {
        for (const byte of buffer.subarray(offset, offset + length)) report.push(byte & 0xff);
        return length;
      },
    },
  };
  streams[standardError] = collector;
  module.deactivate_throwing_error_handler();
  collecting = true;
  let result: Result;
  try {
    result = action();
  } catch (cause) {
    throw report.length > 0 ? new Error(textOf(report), { cause }) : cause;
  } finally {
    collecting = false;
    module.activate_throwing_error_handler();
    streams[standardError] = original;
  }
  if (report.length > 0) throw new Error(textOf(report));
  return result;
}

function textOf(bytes: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
