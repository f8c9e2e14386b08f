/** Where commands write: results to standard output, everything else to standard error. */

import process from "node:process";
import type { Progress } from "../../library/engine/options.ts";
import { printable } from "./printable.ts";
import { fromSystemError } from "../../library/scan/errors.ts";

/** The outside world of a command. */
export interface CommandIO {
  /** Writes results. */
  writeOut(text: string): void;
  /** Writes progress, warnings and errors. */
  writeError(text: string): void;
  /** The terminal that shows standard error, where there is one. */
  readonly terminal: typeof process.stderr | null;
  /** Takes progress in place of standard error, as the viewer does. */
  readonly takeProgress?: (progress: Progress) => void;
}

/** The standard streams of this process. */
export function processIO(): CommandIO {
  return {
    writeOut: writer(Deno.stdout, (cause) => {
      throw fromSystemError(cause, "standard output", "write");
    }),
    // There is nobody left to tell when standard error fails, as it does when its terminal window is closed.
    writeError: writer(Deno.stderr, () => {}),
    terminal: Deno.stderr.isTerminal() ? process.stderr : null,
  };
}

/**
 * Writes whole texts to a stream, without control characters. When the reader of a pipe has gone (`crystallite info scan.npy | head -1`), the
 * rest is dropped: nobody wants it, and the command's work is done all the same.
 *
 * @param fail called once, with any other failure; later texts are dropped
 */
function writer(
  stream: { writeSync(bytes: Uint8Array): number },
  fail: (cause: unknown) => void,
): (text: string) => void {
  const encoder = new TextEncoder();
  let open = true;
  return (text) => {
    let rest = encoder.encode(printable(text));
    while (open && rest.length > 0) {
      try {
        rest = rest.subarray(stream.writeSync(rest));
      } catch (cause) {
        // A pipe shared with a Node process (npx) does not block: wait until its reader has caught up.
        if (cause instanceof Deno.errors.WouldBlock) {
          pause();
          continue;
        }
        open = false;
        if (!(cause instanceof Deno.errors.BrokenPipe)) fail(cause);
      }
    }
  };
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
