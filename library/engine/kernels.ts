/** The compiled kernels: loading the module, its names, and calls as plain data that can cross to a worker. */

import { FileUnavailable, UnsupportedFormat } from "../scan/errors.ts";

/** Names of the kernels that can be called in parallel; see assembly/ for what each does. */
export type KernelName =
  | `accumulate${Working}`
  | "accumulateStagedU8"
  | "accumulateStagedU16"
  | `virtual${Working}`
  | `whole${Working}`
  | "blur"
  | `fill${Working}`
  | "maximaU16"
  | "unfiniteF32"
  | "zeroUnfiniteF32"
  | `features${Working}`
  | "maskPatterns"
  | "correlate"
  | `filter${Working}`
  | `weighted${Working}`
  | `sampled${Working}`
  | `similarity${Working}`
  | "similarityWideU16"
  | "similarityKnownU16"
  | `binned${Working}`
  | `sketch${Working}`
  | "sketchAdjoint"
  | "unpackBitshuffleLz4";

/** Types that patterns have in the memory of the kernels, as the kernels' names end. */
export type Working = "U8" | "U16" | "F32";

/** Stands for the scratch memory of whichever thread makes the call; no address or number is ever NaN. */
export const threadScratch = NaN;

/**
 * Stands for the staging memory of whichever thread makes the call: patterns on their way to the next call. With an offset
 * added, which may be negative, it stands for addresses there: no other address or number comes near it.
 */
export const threadStaging = 2 ** 40;

/** The working types in the order of their codes in `load` calls. */
export const workings: readonly Working[] = ["U8", "U16", "F32"];

/**
 * A kernel and its arguments: addresses and numbers, with {@link threadScratch} where scratch memory is wanted. `load`
 * is no kernel but what thread.ts makes of several: read patterns, fill their bad pixels, look at their values.
 */
export type KernelCall = readonly [kernel: KernelName | "load", ...numbers: number[]];

/** What a thread does in one go: a call, or calls that build on each other, in their order. */
export type Work = KernelCall | readonly KernelCall[];

/** Whether work is a single call. */
export function isCall(work: Work): work is KernelCall {
  return typeof work[0] === "string";
}

/** The functions of an instance of the module. */
export type Kernels = Readonly<Record<KernelName, (...numbers: number[]) => number | void>>;

const location = new URL("../../build/kernels.wasm.bin", import.meta.url);
let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * The compiled module, read once.
 *
 * @throws {FileUnavailable} when the kernels were never built
 * @throws {UnsupportedFormat} when this runtime has no WebAssembly SIMD
 */
export function kernelModule(): Promise<WebAssembly.Module> {
  compiled ??= compile().catch((cause) => {
    compiled = undefined;
    throw cause;
  });
  return compiled;
}

async function compile(): Promise<WebAssembly.Module> {
  let binary: Uint8Array<ArrayBuffer>;
  try {
    binary = await Deno.readFile(location);
  } catch (cause) {
    throw new FileUnavailable("the compiled kernels are missing", {
      file: "build/kernels.wasm.bin",
      remedy: "run `deno task build` once",
    }, { cause });
  }
  try {
    return await WebAssembly.compile(binary);
  } catch (cause) {
    throw new UnsupportedFormat("this runtime cannot run WebAssembly with SIMD and threads", {
      remedy: "use Deno 2.4 or newer on a processor of the last ten years",
    }, { cause });
  }
}

/** An instance of the module on `memory`. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
