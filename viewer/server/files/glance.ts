/** What can be told of a file by its first bytes, for lists: nothing here is trusted when it is opened. */

import { basename, dirname, join, resolve } from "node:path";

/** Bytes that are looked at. */
const headBytes = 16384;

async function headOf(path: string, bytes: number): Promise<string> {
  using file = await Deno.open(path, { read: true });
  const head = new Uint8Array(bytes), read = await file.read(head) ?? 0;
  // One character for each byte, which no decoder of texts gives.
  return Array.from(head.subarray(0, read), (byte) => String.fromCharCode(byte)).join("");
}

/** Sizes that the header of a `.npy` file names; absent where it is none. */
export async function npyShape(path: string): Promise<readonly number[] | undefined> {
  const found = /^\x93NUMPY[^]{0,200}'shape': \(([\d, ]+)\)/.exec(await headOf(path, 256));
  return found ? found[1].split(",").map(Number).filter((size) => size > 0) : undefined;
}

/** What the record of a result says: whether it is one of ours, its sizes, and its scan where that lies beside it. */
export interface ResultGlance {
  readonly ours: boolean;
  readonly shape?: readonly number[];
  readonly scan?: string;
}

/** Looks at the record of a result or a series in a folder. */
export async function recordGlance(folder: string, record: string): Promise<ResultGlance> {
  try {
    const head = await headOf(join(folder, record), headBytes);
    if (!/^\{\s*"program":\s*"crystallite"/.test(head)) return { ours: false };
    const sizes =
      /"shape":\s*\{\s*"rows":\s*(\d+),\s*"columns":\s*(\d+),\s*"patternRows":\s*(\d+),\s*"patternColumns":\s*(\d+)/
        .exec(head);
    const input = stringAfter(head, /"input":\s*\{\s*"path":\s*/);
    const working = stringAfter(head, /"workingDirectory":\s*/);
    const scan = input && resolve(working ?? folder, input);
    return {
      ours: true,
      ...sizes && { shape: sizes.slice(1).map(Number) },
      ...scan && dirname(scan) === dirname(folder) && { scan: basename(scan) },
    };
  } catch {
    return { ours: false };
  }
}

/** The JSON string that follows a pattern. */
function stringAfter(text: string, before: RegExp): string | undefined {
  const found = new RegExp(`${before.source}("(?:[^"\\\\]|\\\\.)*")`).exec(text);
  try {
    // Bytes of UTF-8 were taken one by one.
    const bytes = found && Uint8Array.from(found[1], (character) => character.charCodeAt(0));
    return bytes ? JSON.parse(new TextDecoder().decode(bytes)) : undefined;
  } catch {
    return undefined;
  }
}
