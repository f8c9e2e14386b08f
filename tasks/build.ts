/** Compiles the kernels of assembly/ to WebAssembly; skips what is newer than its sources. */

import asc from "assemblyscript/asc";

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
  { entry: "assembly/wasi.ts", output: "build/kernels.wasi.wasm", flags: ["--use", "abort="] },
  { entry: "assembly/roofline.ts", output: "build/roofline.wasm.bin", flags: shared },
];

async function newest(folder: URL): Promise<number> {
  let time = (await Deno.stat(new URL(import.meta.url))).mtime?.getTime() ?? Infinity;
  for await (const entry of Deno.readDir(folder)) {
    if (!entry.name.endsWith(".ts")) continue;
    time = Math.max(time, (await Deno.stat(new URL(entry.name, folder))).mtime?.getTime() ?? Infinity);
  }
  return time;
}

async function modified(file: URL): Promise<number> {
  try {
    return (await Deno.stat(file)).mtime?.getTime() ?? 0;
  } catch {
    return 0;
  }
}

/** Compiles one target; throws with the compiler's messages if it fails. */
async function compile({ entry, output, flags }: typeof targets[number]): Promise<number> {
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
  const file = new URL(output, root);
  const partial = new URL(`${output}.${Deno.pid}`, root);
  await Deno.mkdir(new URL("./", file), { recursive: true });
  await Deno.writeFile(partial, binary);
  await Deno.rename(partial, file);
  return binary.length;
}

const sources = await newest(new URL("assembly/", root));
for (const target of targets) {
  if (await modified(new URL(target.output, root)) >= sources) continue;
  const started = performance.now();
  const bytes = await compile(target);
  console.error(`${target.output}: ${bytes} bytes in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
