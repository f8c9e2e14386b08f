// What the command takes of a sandbox, all of it WASI preview 1: words, files, an exit code. No clock, no randomness, no
// environment, no network.

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "args_sizes_get")
export declare function args_sizes_get(count: usize, bytes: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "args_get")
export declare function args_get(words: usize, text: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_prestat_get")
export declare function fd_prestat_get(file: i32, facts: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_prestat_dir_name")
export declare function fd_prestat_dir_name(file: i32, name: usize, length: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_filestat_get")
export declare function fd_filestat_get(file: i32, facts: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_read")
declare function fd_read(file: i32, vectors: usize, count: i32, read: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_write")
declare function fd_write(file: i32, vectors: usize, count: i32, written: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_seek")
declare function fd_seek(file: i32, offset: i64, whence: i32, position: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_close")
export declare function fd_close(file: i32): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_open")
export declare function path_open(
  folder: i32, lookup: i32, path: usize, length: usize, how: i32, rights: u64, inherited: u64, flags: i32, file: usize,
): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_create_directory")
export declare function path_create_directory(folder: i32, path: usize, length: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_rename")
export declare function path_rename(
  folder: i32, path: usize, length: usize, newFolder: i32, newPath: usize, newLength: usize,
): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_unlink_file")
export declare function path_unlink_file(folder: i32, path: usize, length: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_remove_directory")
export declare function path_remove_directory(folder: i32, path: usize, length: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "poll_oneoff")
declare function poll_oneoff(wanted: usize, happened: usize, count: i32, number: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "proc_exit")
export declare function proc_exit(code: i32): void;

export const STDIN = 0, STDOUT = 1, STDERR = 2;
/** Codes of errors that are told apart. */
export const EXISTS = 20, NOT_A_FOLDER = 54, NOT_FOUND = 44, NOT_CAPABLE = 76, NO_SPACE = 51, NOT_PERMITTED = 63;

/** Address and length of what is moved, then the number of bytes that were. */
const vector = memory.data(16, 16);

/** A pipe has nothing to be read, or no room, at the moment. */
const AGAIN = 6;
const READABLE: u8 = 1, WRITABLE: u8 = 2;
/** What is waited for (48 bytes), what happened (32), and how often (4). */
const waiting = memory.data(96, 8);

/** Waits for a pipe that does not block by itself. */
function wait(file: i32, event: u8): void {
  memory.fill(waiting, 0, 96);
  store<u8>(waiting, event, 8);
  store<i32>(waiting, file, 16);
  poll_oneoff(waiting, waiting + 48, 1, waiting + 80);
}

/** Reads `bytes` to an address; gives how many came, fewer only where the file ends or cannot be read. */
export function readAll(file: i32, to: usize, bytes: usize): usize {
  let done: usize = 0;
  while (done < bytes) {
    store<u32>(vector, <u32>(to + done));
    store<u32>(vector, <u32>(bytes - done), 4);
    const error = fd_read(file, vector, 1, vector + 8);
    if (error == AGAIN) {
      wait(file, READABLE);
      continue;
    }
    if (error != 0) break;
    const count = <usize>load<u32>(vector, 8);
    if (count == 0) break;
    done += count;
  }
  return done;
}

/** Writes `bytes` from an address; gives the error, 0 where there is none. */
export function writeAll(file: i32, from: usize, bytes: usize): i32 {
  let done: usize = 0;
  while (done < bytes) {
    store<u32>(vector, <u32>(from + done));
    store<u32>(vector, <u32>(bytes - done), 4);
    const error = fd_write(file, vector, 1, vector + 8);
    if (error == AGAIN) {
      wait(file, WRITABLE);
      continue;
    }
    if (error != 0) return error;
    done += <usize>load<u32>(vector, 8);
  }
  return 0;
}

/** The byte at which a file would be read next; -1 where it has no such place, as pipes have none. */
export function positionOf(file: i32): i64 {
  return fd_seek(file, 0, 1, vector) == 0 ? load<i64>(vector) : -1;
}

/** Reads on from a byte; whether that is possible. */
export function moveTo(file: i32, position: i64): bool {
  return fd_seek(file, position, 0, vector) == 0;
}
