/** What a measurement was taken on. */

import { cpus } from "node:os";

/** Facts that belong beside every figure. */
export interface Machine {
  readonly processor: string;
  /** Cores that the process may use. */
  readonly cores: number;
  /** Bytes of main memory. */
  readonly memory: number;
  readonly system: string;
  readonly runtime: string;
  /** When, as ISO 8601. */
  readonly date: string;
}

/** The machine at hand. */
export function machine(): Machine {
  return {
    processor: cpus()[0]?.model ?? Deno.build.arch,
    cores: navigator.hardwareConcurrency,
    memory: Deno.systemMemoryInfo().total,
    system: `${Deno.build.os} ${Deno.osRelease()}`,
    runtime: `Deno ${Deno.version.deno} (V8 ${Deno.version.v8})`,
    date: new Date().toISOString(),
  };
}
