/** Compiles the kernels of assembly/ to WebAssembly. */

import asc from "assemblyscript/asc";
import { writeKernelCalls } from "./kernel_calls.ts";
import { replaceFile, step } from "./up_to_date.ts";

const root = new URL("../", import.meta.url);
const common = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd"];

/** Flags of modules that import a shared memory. */
const shared = [
  ...["--enable", "threads", "--importMemory", "--sharedMemory"],
  ...["--initialMemory", "1", "--maximumMemory", "65536"],
];

/**
 * The modules to build: kernels for shared memory, the same kernels as a WASI command, and what bench/ measures the
 * machine with. The first is not called `.wasm`, because `deno compile --include` would take it for a module and look
 * for its imports.
 */
const targets = [
  { entry: "assembly/index.ts", output: "build/kernels.wasm.bin", flags: shared },
  { entry: "assembly/wasi/command.ts", output: "build/crystallite.wasm", flags: ["--use", "abort="] },
  { entry: "assembly/roofline.ts", output: "build/roofline.wasm.bin", flags: shared },
];

/** Compiles one target; throws with the compiler's messages if it fails. */
async function compile({ entry, output, flags }: typeof targets[number]): Promise<string> {
  const messages: string[] = [];
  let binary: Uint8Array | undefined;
  const { error } = await asc.main([entry, ...common, ...flags, "--outFile", output], {
    readFile: (name: string) => {
      try {
        return Deno.readTextFileSync(new URL(name, root));
      } catch {
        return null;
      }
    },
    writeFile: (_name: string, contents: string | Uint8Array) => {
      if (contents instanceof Uint8Array) binary = contents;
    },
    listFiles: () => [],
    stdout: { write: () => {} },
    stderr: { write: (text: string | Uint8Array) => void messages.push(text.toString()) },
  });
  if (error || !binary) {
    throw new Error(`${entry} does not compile:\n${messages.join("")}${error?.message ?? ""}`);
  }
  await replaceFile(new URL(output, root), binary);
  return `${output}: ${binary.length} bytes`;
}

/** Compiles what is older than its sources, and writes down what the kernels take. */
export async function buildKernels(): Promise<void> {
  await writeKernelCalls();
  const sources = [new URL("assembly/", root), new URL(import.meta.url)];
  for (const target of targets) await step(new URL(target.output, root), sources, () => compile(target));
}
