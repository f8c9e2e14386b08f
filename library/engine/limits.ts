/** How many threads and how much memory an engine may have. */

import { BadParameter } from "../scan/errors.ts";
import { pageBytes } from "./shared_memory.ts";

/** What a process needs beside the arena: runtime, libraries, result maps. */
export const processBytes = 250 * 2 ** 20;
const defaultMemory = 2 ** 30;
const leastArena = 16 * 2 ** 20;
const largestArena = 65536 * pageBytes - pageBytes;

/** Threads and memory of an engine. */
export interface EngineOptions {
  /** Threads that compute; default: the machine's cores, at most 8. */
  readonly workers?: number;
  /** Memory to stay within, in bytes; default 1 GiB. */
  readonly memory?: number;
}

/** Number of threads that compute, from the options or the machine. */
export function workerCount({ workers }: EngineOptions): number {
  if (workers === undefined) return Math.max(1, Math.min(8, navigator.hardwareConcurrency));
  if (!Number.isInteger(workers) || workers < 1 || workers > 256) {
    throw new BadParameter("the number of workers is out of range", {
      expected: "a whole number from 1 to 256",
      found: String(workers),
      parameter: "workers",
      remedy: "give `workers` as a whole number from 1 to 256",
    });
  }
  return workers;
}

/** Bytes the arena may have under the options' memory limit. */
export function arenaLimit({ memory = defaultMemory }: EngineOptions): number {
  const limit = memory - processBytes, least = Math.ceil((processBytes + leastArena) / 2 ** 20);
  if (!(limit >= leastArena)) {
    throw new BadParameter("the memory limit is too small", {
      expected: `at least ${least} MiB`,
      found: `${Math.floor(memory / 2 ** 20)} MiB`,
      parameter: "memory",
      remedy: `raise \`memory\` to ${least}M or more`,
    });
  }
  return Math.min(limit, largestArena);
}
