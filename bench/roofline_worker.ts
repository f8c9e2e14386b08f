/// <reference lib="deno.worker" />
/** A thread that keeps one part of the machine busy; see roofline.ts. */

/** First message: the compiled module and the memory of all threads. */
export interface RooflineStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** Every later message: a function of the module with its arguments, or a part of a file to read to an address. */
export type RooflineTask =
  | { readonly call: string; readonly numbers: readonly number[] }
  | { readonly file: string; readonly offset: number; readonly bytes: number; readonly address: number };

let memory: WebAssembly.Memory;
let exports: Record<string, (...numbers: number[]) => number>;

self.onmessage = ({ data }: MessageEvent<RooflineStart | RooflineTask>) => {
  if ("module" in data) {
    memory = data.memory;
    exports = new WebAssembly.Instance(data.module, { env: { memory } }).exports as unknown as typeof exports;
    return;
  }
  self.postMessage("call" in data ? exports[data.call](...data.numbers) : readPart(data));
};

function readPart({ file, offset, bytes, address }: Extract<RooflineTask, { file: string }>): number {
  using source = Deno.openSync(file);
  source.seekSync(offset, Deno.SeekMode.Start);
  const into = new Uint8Array(memory.buffer, address, bytes);
  let done = 0;
  while (done < bytes) {
    const count = source.readSync(into.subarray(done));
    if (count === null) throw new Error(`${file} ends early`);
    done += count;
  }
  return done;
}
