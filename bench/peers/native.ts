/** The kernels in C: compiled to a library in a folder for temporary files and called on the arena of an engine. */

import { nowhere } from "../../library/engine/address.ts";
import type { Engine } from "../../library/engine/engine.ts";
import type { NativeCall } from "../step.ts";

/** Flags of the comparison: optimised as far as it goes, but with 128-bit vectors and no fused multiplication. */
export const compilerFlags = ["-std=gnu11", "-O3", "-msse4.1", "-ffp-contract=off"] as const;

/** What the functions take: p an address, i int32, d float64. None gives a result. */
const signatures = {
  unpack_bitshuffle_lz4_u16: "pipip",
  similarity_u8: "ppiiiiipp",
  similarity_u16: "ppiiiiipp",
  similarity_wide_u16: "ppiiiiipp",
  similarity_f32: "ppiiiiipp",
  maxima_u16: "piiip",
  blur_u16: "ppiiiipip",
  centered_u16: "pppiii",
  pearson_u16: "pppiiipi",
  mask_u16: "ppiiip",
  sampled_u16: "ppiiiipp",
  weighted_u16: "ppiiiipipdp",
  correlate_f32: "ppiiiiiipi",
  filter_u16: "pppiiip",
  accumulate_u16: "ppiiiip",
  virtual_u16: "piiipp",
  fill_u16: "piiipi",
  maxima_f32: "piiip",
} as const;

const foreignTypes = { p: "pointer", i: "i32", d: "f64" } as const;
type Letter = keyof typeof foreignTypes;
type ForeignFunction = (...values: (Deno.PointerValue | number)[]) => void;

interface Library {
  readonly symbols: Readonly<Record<string, ForeignFunction>>;
  close(): void;
}

/** The compiled functions. Close it when done. */
export class NativeKernels {
  readonly #library: Library;

  private constructor(path: string) {
    const interfaces = Object.fromEntries(
      Object.entries(signatures).map(([name, letters]) => [
        name,
        {
          parameters: Array.from(letters, (letter) => foreignTypes[letter as Letter]),
          result: "void" as const,
        },
      ]),
    );
    this.#library = Deno.dlopen(path, interfaces) as unknown as Library;
  }

  /**
   * Compiles bench/peers/kernels/.
   *
   * @throws {Error} with the compiler's messages when it fails or is not there
   */
  static async compile(compiler: string): Promise<NativeKernels> {
    const source = new URL("./kernels/", import.meta.url);
    const files = Array.from(Deno.readDirSync(source), ({ name }) => name).filter((name) =>
      name.endsWith(".c")
    );
    const folder = await Deno.makeTempDir({ prefix: "crystallite-kernels-" });
    try {
      const library = `${folder}/kernels.so`;
      const { success, stderr } = await new Deno.Command(compiler, {
        args: [...compilerFlags, "-shared", "-fPIC", "-o", library, ...files.sort(), "-lm"],
        cwd: source,
      }).output();
      if (!success) throw new Error(`${compiler} failed:\n${new TextDecoder().decode(stderr)}`);
      return new NativeKernels(library);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }

  /** Calls on the arena of an engine, ready to be made again and again. */
  bind(engine: Engine, calls: readonly NativeCall[]): () => void {
    const start = Deno.UnsafePointer.value(
      Deno.UnsafePointer.of(engine.view(Uint8Array, nowhere, 1) as Uint8Array<ArrayBuffer>),
    );
    const bound = calls.map(([name, ...numbers]) => {
      const letters = signatures[name as keyof typeof signatures];
      if (letters?.length !== numbers.length) throw new Error(`${name} is not called as its signature says`);
      const values = numbers.map((value, index) =>
        letters[index] === "p" ? Deno.UnsafePointer.create(BigInt(start) + BigInt(value)) : value
      );
      return { call: this.#library.symbols[name], values };
    });
    return () => {
      for (const { call, values } of bound) call(...values);
    };
  }

  close(): void {
    this.#library.close();
  }
}
