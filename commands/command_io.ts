/** Where commands write: results to standard output, everything else to standard error. */

import process from "node:process";

/** The outside world of a command. */
export interface CommandIO {
  /** Writes results. */
  writeOut(text: string): void;
  /** Writes progress, warnings and errors. */
  writeError(text: string): void;
  /** The terminal that shows standard error, where there is one. */
  readonly terminal: typeof process.stderr | null;
}

/** The standard streams of this process. */
export function processIO(): CommandIO {
  return {
    writeOut: writer(Deno.stdout),
    writeError: writer(Deno.stderr),
    terminal: Deno.stderr.isTerminal() ? process.stderr : null,
  };
}

/**
 * Writes whole texts to a stream. When the reader of a pipe has gone (`crystallite info scan.npy | head -1`), the
 * rest is dropped: nobody wants it, and the command's work is done all the same.
 */
function writer(stream: { writeSync(bytes: Uint8Array): number }): (text: string) => void {
  const encoder = new TextEncoder();
  let open = true;
  return (text) => {
    let rest = encoder.encode(text);
    while (open && rest.length > 0) {
      try {
        rest = rest.subarray(stream.writeSync(rest));
      } catch (cause) {
        if (cause instanceof Deno.errors.BrokenPipe) open = false;
        // a pipe shared with a Node process (npx) does not block: wait until its reader has caught up
        else if (cause instanceof Deno.errors.WouldBlock) pause();
        else throw cause;
      }
    }
  };
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
