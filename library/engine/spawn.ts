/** Where the threads that compute come from. */

/** A thread of worker.ts. */
export interface ComputeThread {
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

/** Tells a thread to talk to whoever holds the other end. */
interface PortMessage {
  readonly port: MessagePort;
}

/** Asks for a thread that runs a module and talks by a port; gives a function that ends it, however busy it is. */
export type SpawnRequest = (module: string, port: MessagePort) => () => void;

const computing = new URL("./worker.ts", import.meta.url).href;

let requestThread: SpawnRequest | undefined;

/**
 * A new thread.
 *
 * @param module address of what it runs, which calls {@link offerThread}; default: what makes kernel calls
 */
export function spawnThread(module: string = computing): ComputeThread {
  if (!requestThread) return new Worker(module, { type: "module" });
  const { port1, port2 } = new MessageChannel();
  return new RemoteThread(port1, requestThread(module, port2));
}

/** Starts a thread from this one that talks by a port. */
export function startThread(module: string, port: MessagePort): Worker {
  const thread = new Worker(module, { type: "module" });
  thread.postMessage({ port } satisfies PortMessage, [port]);
  return thread;
}

/**
 * Has all threads started elsewhere: threads that were started by one that is not the first themselves take a second to
 * listen (Deno 2.9).
 */
export function spawnByRequest(request: SpawnRequest): void {
  requestThread = request;
}

/** A thread that somebody else started; failures of the thread itself are for them to tell. */
class RemoteThread implements ComputeThread {
  onerror = null;
  readonly #port: MessagePort;
  readonly #end: () => void;

  constructor(port: MessagePort, end: () => void) {
    this.#port = port;
    this.#end = end;
  }

  set onmessage(listener: ((event: MessageEvent) => void) | null) {
    this.#port.onmessage = listener;
  }

  postMessage(message: unknown): void {
    this.#port.postMessage(message);
  }

  terminate(): void {
    this.#end();
    this.#port.close();
  }
}

/** Answers whoever the thread talks to. */
export type Answer = (message: unknown, transfer?: Transferable[]) => void;

/** What a thread knows of itself. A reference to deno.worker would say it too, but packages may not bring libraries. */
interface OwnThread {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** Makes this thread one of {@link spawnThread}: the last thing that its module does. */
export function offerThread<Message extends object>(
  listen: (message: Message, answer: Answer) => void,
): void {
  const own = self as unknown as OwnThread;
  own.onmessage = ({ data }: MessageEvent<Message | PortMessage>) => {
    if (!("port" in data)) {
      return listen(data, (message, transfer = []) => own.postMessage(message, transfer));
    }
    const { port } = data;
    port.onmessage = ({ data }: MessageEvent<Message>) =>
      listen(data, (message, transfer = []) => port.postMessage(message, transfer));
  };
}
