/**
 * What the machine allows, measured in the same run as the steps: bench/table.ts gives shares of it. The work is the
 * same for any number of threads.
 */

import { rowBytes } from "./patterns.ts";
import type { Roof } from "./step.ts";
import { benchName, threadCounts, threadsName } from "./suite.ts";
import { RooflineThreads } from "./roofline.ts";
import type { RooflineTask } from "./roofline_worker.ts";

/** More than the caches hold. */
const memoryBytes = 2 ** 28;
/** As much as most steps are measured with, which caches may hold. */
const stepBytes = 4 * rowBytes;
/** Bytes of each of the six vectors of the inner products, which the first-level cache holds. */
const vectorBytes = 2048;
const passes = 4000, rounds = 5e5;
/** Nine products of two vectors of floats: a multiplication and an addition for each float. */
const floatOperations = passes * 9 * 2 * vectorBytes / 4;
/** Twelve registers of eight integers, a multiplication and an addition for each, in every round. */
const integerOperations = rounds * 12 * 2 * 8;

const file = await Deno.makeTempFile({ prefix: "crystallite-roofline-" });
globalThis.addEventListener("unload", () => Deno.removeSync(file));
Deno.writeFileSync(file, new Uint8Array(memoryBytes).fill(1));

interface Measured {
  /** None for what no step is compared with. */
  readonly roof?: Roof;
  readonly name: string;
  readonly amount: number;
  /** Bytes that are moved. */
  readonly bytes: number;
  task(thread: number, threads: number): RooflineTask;
}

/** Reading memory, each thread its share, several times over. */
function memoryRead(name: string, bytes: number, passes: number, roof?: Roof): Measured {
  return {
    roof,
    name,
    amount: passes * bytes,
    bytes: passes * bytes,
    task: (thread, threads) => ({
      call: "read",
      numbers: [thread * bytes / threads, bytes / threads, passes],
    }),
  };
}

const measured: readonly Measured[] = [
  memoryRead("memory read beyond the caches", memoryBytes, 1),
  memoryRead("memory read", stepBytes, 8, "read"),
  {
    roof: "f32",
    name: "float32 multiplications and additions",
    amount: floatOperations,
    bytes: 0,
    task: (_, threads) => ({ call: "multiplyFloats", numbers: [0, vectorBytes, passes / threads] }),
  },
  {
    roof: "i16",
    name: "16-bit multiplications and additions",
    amount: integerOperations,
    bytes: 0,
    task: (_, threads) => ({ call: "multiplyIntegers", numbers: [rounds / threads, 3] }),
  },
  {
    roof: "file",
    name: "file read from the page cache",
    amount: memoryBytes,
    bytes: memoryBytes,
    task(thread, threads) {
      const bytes = memoryBytes / threads;
      return { file, offset: thread * bytes, bytes, address: thread * bytes };
    },
  },
];

for (const threads of threadCounts) {
  const crew = await RooflineThreads.start(threads, memoryBytes);
  for (const { roof, name, amount, bytes, task } of measured) {
    Deno.bench({
      name: benchName(`roofline: ${name}`, threadsName(threads), bytes, roof && { roof, amount }),
      group: name,
      n: bytes > 0 ? 20 : 100,
      warmup: 2,
      async fn() {
        await crew.run((thread) => task(thread, threads));
      },
    });
  }
}
