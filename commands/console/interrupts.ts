/** Ctrl-C and its relatives. */

/** What a run knows about being interrupted. */
export interface Interrupts {
  /** Fires at the first signal; the run then cleans up and ends with `Aborted`. */
  readonly signal: AbortSignal;
  /** Settles at the second signal: the user does not want to wait for the clean-up. */
  readonly again: Promise<void>;
  /** Stops listening. */
  dispose(): void;
}

const names: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Listens for the signals that ask a process to end. */
export function listenForInterrupts(): Interrupts {
  const controller = new AbortController();
  const again = Promise.withResolvers<void>();
  const listener = () => {
    if (controller.signal.aborted) again.resolve();
    else controller.abort();
  };
  for (const name of names) Deno.addSignalListener(name, listener);
  return {
    signal: controller.signal,
    again: again.promise,
    dispose() {
      for (const name of names) Deno.removeSignalListener(name, listener);
    },
  };
}
