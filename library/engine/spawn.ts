/** Where the threads that compute come from. */

/** A thread of worker.ts. */
export interface ComputeThread {
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

/** Tells a thread to talk to whoever holds the other end. */
export interface PortMessage {
  readonly port: MessagePort;
}

/** Tells a thread that talks by a port to end. */
export const endWord = "end";

let spawn: () => ComputeThread = startThread;

/** A new thread. */
export function spawnThread(): ComputeThread {
  return spawn();
}

/** Starts a thread from this one. */
export function startThread(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}

/**
 * Has all threads started elsewhere: threads that were started by one that is not the first themselves take a second to
 * listen (Deno 2.9).
 *
 * @param request asks for a thread that will talk by a port
 */
export function spawnByRequest(request: (port: MessagePort) => void): void {
  spawn = () => {
    const { port1, port2 } = new MessageChannel();
    request(port2);
    return new RemoteThread(port1);
  };
}

/** A thread that somebody else started; failures of the thread itself are for them to tell. */
class RemoteThread implements ComputeThread {
  onerror = null;
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  set onmessage(listener: ((event: MessageEvent) => void) | null) {
    this.#port.onmessage = listener;
  }

  postMessage(message: unknown): void {
    this.#port.postMessage(message);
  }

  terminate(): void {
    this.#port.postMessage(endWord);
    this.#port.close();
  }
}
