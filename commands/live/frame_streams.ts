/** Where frames of other programs come from: standard input, or a socket of this machine. */

import type { FrameStream } from "../../library/live/stream_spool.ts";
import { Aborted, BadParameter, fromSystemError } from "../../library/scan/errors.ts";

/** Streams that come one after the other: a sender that broke off may come again. */
export interface FrameSource {
  /** The next one; `undefined` where none comes any more. */
  next(signal: AbortSignal): Promise<(FrameStream & { close(): void }) | undefined>;
  close(): void;
}

/** Words that name a socket, with its kind and place. */
const socketPattern = /^(unix|tcp):(.+)$/;

/** Whether a word stands for frames that are sent. */
export function isStreamName(word: string): boolean {
  return word === "-" || socketPattern.test(word);
}

/**
 * Opens standard input for `-`, or a socket for `unix:PATH` and `tcp:PORT`, the latter on this machine only.
 *
 * @throws {BadParameter} when the port is none, or another program listens at the socket
 * @throws {FileUnavailable} when the socket cannot be opened
 */
export async function openFrameSource(word: string): Promise<FrameSource> {
  const [, kind, place] = socketPattern.exec(word) ?? [];
  if (kind === undefined) return standardInput();
  return kind === "unix"
    ? sockets(word, await listenAt(place), () => removeSocket(place))
    : sockets(word, listenOn(word, place));
}

function standardInput(): FrameSource {
  let given = false;
  return {
    next: (signal) => {
      if (given) return Promise.resolve(undefined);
      given = true;
      return Promise.resolve({
        name: "standard input",
        read: (into) => abortable(Deno.stdin.read(into), signal),
        close() {},
      });
    },
    close() {},
  };
}

function sockets(name: string, listener: Deno.Listener, closed = () => {}): FrameSource {
  return {
    async next(signal) {
      const connection = await abortable(listener.accept(), signal);
      return {
        name,
        // A sender that is killed resets its connection: that is an end like others.
        read: (into) => abortable(connection.read(into).catch(() => null), signal),
        answer: async (line) => {
          await connection.write(new TextEncoder().encode(`${line}\n`)).catch(() => {});
        },
        close: () => connection.close(),
      };
    },
    close() {
      listener.close();
      closed();
    },
  };
}

/** Removes a socket at which nobody listens any more; a file that is none stays. */
function removeSocket(path: string): void {
  try {
    if (Deno.statSync(path).isSocket) Deno.removeSync(path);
  } catch {
    // Nothing is there, or listening will say what is.
  }
}

async function listenAt(path: string): Promise<Deno.Listener> {
  const listen = () => Deno.listen({ transport: "unix", path }) as unknown as Deno.Listener;
  try {
    return listen();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw fromSystemError(cause, path, "write");
  }
  // Nobody listens at a socket that a run which was ended has left.
  const other = await Deno.connect({ transport: "unix", path }).catch(() => null);
  other?.close();
  if (other) {
    throw new BadParameter(`another program listens at ${path}`, {
      file: path,
      expected: "a new socket",
      remedy: "name another one",
    });
  }
  removeSocket(path);
  try {
    return listen();
  } catch (cause) {
    throw fromSystemError(cause, path, "write");
  }
}

function listenOn(word: string, port: string): Deno.Listener {
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number < 1 || number > 65535) {
    throw new BadParameter(`${word} names no port`, {
      expected: "tcp:PORT with a port of 1 to 65535",
      found: port,
      remedy: "give a port, such as tcp:5005, or unix:PATH",
    });
  }
  try {
    return Deno.listen({ hostname: "127.0.0.1", port: number });
  } catch (cause) {
    throw fromSystemError(cause, word, "write");
  }
}

/** What is waited for, unless the signal fires first. */
function abortable<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Aborted("interrupted"));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
