/** The compiled kernels: loading the module, its names, and calls as plain data that can cross to a worker. */

import type { Address } from "./address.ts";
import type { AnyKernelCall } from "./kernel_calls.ts";
import { FileUnavailable, UnsupportedFormat } from "../scan/errors.ts";

/** What is left of a call without its name: the numbers that the kernel takes. */
export type NumbersOf<Call> = Call extends readonly [unknown, ...infer Numbers] ? Numbers : never;

/** Names of the kernels; see assembly/ for what each does. */
export type KernelName = AnyKernelCall[0];

/** Types that patterns have in the memory of the kernels, as the kernels' names end. */
export type Working = "U8" | "U16" | "F32";

/** Stands for the scratch memory of whichever thread makes the call; no address or number is ever NaN. */
export const threadScratch = NaN as Address;

/**
 * Stands for the staging memory of whichever thread makes the call: patterns on their way to the next call. With an offset
 * added, which may be negative, it stands for addresses there: no other address or number comes near it.
 */
export const threadStaging = 2 ** 40 as Address;

/** The working types in the order of their codes in `load` calls. */
export const workings: readonly Working[] = ["U8", "U16", "F32"];

/**
 * No kernel but what thread.ts makes of several: read patterns, fill their bad pixels and what is not below
 * `largestBelieved` (0 = all is believed), look at their values. `working` is an index of {@link workings}; without checks,
 * their address is {@link nowhere}.
 */
export type LoadCall = readonly [
  kernel: "load",
  source: number,
  first: number,
  count: number,
  patterns: Address,
  working: number,
  pixels: number,
  fillTable: Address,
  badPixels: number,
  patternColumns: number,
  largestBelieved: number,
  scratch: Address,
  scratchStride: number,
  checks: Address,
];

/** A kernel and what it takes: plain data, with {@link threadScratch} where scratch memory is wanted. */
export type KernelCall = AnyKernelCall | LoadCall;

/** What a thread does in one go: a call, or calls that build on each other, in their order. */
export type Work = KernelCall | readonly KernelCall[];

/** Whether work is a single call. */
export function isCall(work: Work): work is KernelCall {
  return typeof work[0] === "string";
}

/** The functions of an instance of the module. */
export type Kernels = {
  readonly [Call in AnyKernelCall as Call[0]]: (...numbers: NumbersOf<Call>) => number | void;
};

const location = new URL("../../build/kernels.wasm.bin", import.meta.url);
let compiled: Promise<WebAssembly.Module> | undefined;
/** The module once it is compiled. */
let known: WebAssembly.Module | undefined;

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

/**
 * The same without waiting: where {@link kernelModule} has not given it yet, it must lie in a file.
 *
 * @throws {FileUnavailable} when the kernels were never built, or are elsewhere and not loaded yet
 * @throws {UnsupportedFormat} when this runtime has no WebAssembly SIMD
 */
export function kernelModuleNow(): WebAssembly.Module {
  if (known) return known;
  let binary: Uint8Array<ArrayBuffer>;
  try {
    binary = Deno.readFileSync(location);
  } catch (cause) {
    throw missing(cause);
  }
  try {
    return known = new WebAssembly.Module(binary);
  } catch (cause) {
    throw unsupported(cause);
  }
}

async function compile(): Promise<WebAssembly.Module> {
  let binary: Uint8Array<ArrayBuffer>;
  try {
    binary = await readBinary();
  } catch (cause) {
    throw missing(cause);
  }
  try {
    return known = await WebAssembly.compile(binary);
  } catch (cause) {
    throw unsupported(cause);
  }
}

function missing(cause: unknown): FileUnavailable {
  return new FileUnavailable("the compiled kernels are missing", {
    file: "build/kernels.wasm.bin",
    remedy: "run `deno task build` once",
  }, { cause });
}

function unsupported(cause: unknown): UnsupportedFormat {
  return new UnsupportedFormat("this runtime cannot run WebAssembly with SIMD and threads", {
    remedy: "use Deno 2.4 or newer on a processor of the last ten years",
  }, { cause });
}

/** The module lies with the sources: in a folder, or at an address where a registry keeps packages. */
async function readBinary(): Promise<Uint8Array<ArrayBuffer>> {
  if (location.protocol === "file:") return await Deno.readFile(location);
  const answer = await fetch(location);
  if (!answer.ok) throw new Error(`${location} is answered with status ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** An instance of the module on `memory`. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
