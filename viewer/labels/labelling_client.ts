/** The labelling worker as the page knows it: every call is a promise, and of waiting views only the newest is made. */

import { restoreError } from "../../library/scan/errors.ts";
import type { LabellingAnswer, LabellingCalls, LabellingRequest } from "./labelling_service.ts";

/** Where the page finds the worker. */
export const workerAddress = "/workers/labelling.js";

interface WithEarlyWorker {
  earlyLabelling?: Worker;
}

/**
 * Starts the worker where the address of the page names a file: it is ready by the time that the page has its map. It runs
 * from its own text in the head of the document, so that it can use nothing from elsewhere.
 *
 * @param address of the worker's script
 */
export function startEarly(address: string): void {
  if (!new URLSearchParams(location.search).get("open")) return;
  (globalThis as WithEarlyWorker).earlyLabelling = new Worker(address, { type: "module" });
}

/** The worker that was started early, once. */
export function takeEarlyWorker(): Worker | undefined {
  const early = globalThis as WithEarlyWorker, worker = early.earlyLabelling;
  delete early.earlyLabelling;
  return worker;
}

type Name = keyof LabellingCalls;
type Result<N extends Name> = ReturnType<LabellingCalls[N]>;

/** Calls of which only the newest matters. */
const replaced = ["view", "growingView", "preview"] as const;
type Replaced = typeof replaced[number];

interface Waiting {
  readonly request: LabellingRequest;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** One worker with one clustering. */
export class LabellingClient {
  readonly #worker: Worker;
  readonly #sent = new Map<number, Waiting>();
  /** Views that wait for the one on its way. */
  readonly #newest = new Map<Name, Waiting>();
  #next = 0;
  #failure: Error | undefined;

  constructor(worker: Worker = new Worker(workerAddress, { type: "module" })) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<LabellingAnswer>) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(new Error(`the labelling worker stopped: ${event.message || "it could not be loaded"}`));
    };
  }

  /** Makes a call that every time is worth an answer. Arrays are copied to the worker, unless they are given away. */
  call<N extends Exclude<Name, Replaced>>(
    name: N,
    ...values: Parameters<LabellingCalls[N]>
  ): Promise<Result<N>> {
    return this.#ask(name, values, (waiting) => this.#send(waiting));
  }

  /**
   * Asks for a view. While one is on its way the next waits, and a newer one takes its place.
   *
   * @returns `null` when a newer view was asked for before the worker came to this one
   */
  latest<N extends Replaced>(name: N, ...values: Parameters<LabellingCalls[N]>): Promise<Result<N> | null> {
    return this.#ask<Result<N> | null>(name, values, (waiting) => {
      this.#newest.get(name)?.resolve(null);
      if (this.#isSent(name)) this.#newest.set(name, waiting);
      else this.#send(waiting);
    });
  }

  /** Ends the worker; calls without an answer fail. */
  close(): void {
    this.#worker.terminate();
    this.#fail(new Error("the labelling worker was ended"));
  }

  #ask<Answer>(name: Name, values: unknown[], go: (waiting: Waiting) => void): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      const request = { id: this.#next++, name, values } as LabellingRequest;
      go({ request, resolve: (result) => resolve(result as Answer), reject });
    });
  }

  #isSent(name: Name): boolean {
    return Array.from(this.#sent.values()).some(({ request }) => request.name === name);
  }

  #send(waiting: Waiting): void {
    this.#sent.set(waiting.request.id, waiting);
    this.#worker.postMessage(waiting.request);
  }

  #receive(answer: LabellingAnswer): void {
    const waiting = this.#sent.get(answer.id);
    if (waiting === undefined) return;
    this.#sent.delete(answer.id);
    const { name } = waiting.request, next = this.#newest.get(name);
    if (next) {
      this.#newest.delete(name);
      this.#send(next);
    }
    if ("result" in answer) waiting.resolve(answer.result);
    else if ("kind" in answer.error) waiting.reject(restoreError(answer.error));
    else waiting.reject(new Error(answer.error.message));
  }

  #fail(error: Error): void {
    this.#failure = error;
    for (const { reject } of [...this.#sent.values(), ...this.#newest.values()]) reject(error);
    this.#sent.clear();
    this.#newest.clear();
  }
}
