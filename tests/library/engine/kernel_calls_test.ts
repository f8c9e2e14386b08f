/** Calls say what their kernels take: the types are checked by `deno task check`, the numbers when a call is made. */

import assert from "node:assert/strict";
import { type Address, at, nowhere } from "../../../library/engine/address.ts";
import type { Engine } from "../../../library/engine/engine.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import {
  instantiate,
  type KernelCall,
  kernelModule,
  threadScratch,
} from "../../../library/engine/kernels.ts";
import { kernelCallsFile, kernelCallsText } from "../../../tasks/kernel_calls.ts";

const counts = 64 as Address, image = at(counts, 64);

/** Not a call: what each line leaves out or mixes up must not compile. */
export const wrongCalls: readonly KernelCall[] = [
  // @ts-expect-error: no address for the image
  ["virtualU16", counts, 0, 4, 16, image],
  // @ts-expect-error: a number of patterns where the address of the detector is wanted
  ["virtualU16", counts, 0, 4, 16, 4, image],
  // @ts-expect-error: an address and a number that have changed places
  ["filterF32", counts, 0, image, 4, 16, counts],
  // @ts-expect-error: a plain 0 where nothing is
  ["featuresU8", counts, image, image, 0, 1, 4, 4, 0, 0, 0, nowhere, 16, threadScratch],
  // @ts-expect-error: one number too many
  ["maximaU16", counts, 0, 1, 16, image, 3],
  // @ts-expect-error: an address that was added to and is a number now
  ["maximaU16", counts + 2, 0, 1, 16, image],
  // @ts-expect-error: no kernel
  ["maximaI8", counts, 0, 1, 16, image],
  // @ts-expect-error: a load without an address for its checks
  ["load", 0, 0, 1, counts, 0, 16, nowhere, 0, threadScratch, 64],
];

/** Makes a call that the compiler was kept from seeing. */
const make = (engine: Engine, call: readonly unknown[]) => engine.run([call as unknown as KernelCall]);

for (const workers of [1, 2]) {
  Deno.test(`a call with too few or too many numbers is refused by name, with ${workers} workers`, () =>
    withEngine({ workers }, async (engine) => {
      const row = engine.place(new Uint8Array(32).fill(7)), maxima = engine.allocate(64);
      for (const call of [["maximaU16", row, 0, 1, 16], ["maximaU16", row, 0, 1, 16, maxima, 0]]) {
        await assert.rejects(
          make(engine, call),
          new RegExp(`the kernel maximaU16 takes 5 numbers, the call gives ${call.length - 1}`),
        );
      }
      await assert.rejects(
        make(engine, ["load", -1, 0, 1, row, 1, 16, 0, 0, 0, 64]),
        /the kernel load takes 13 numbers, the call gives 10/,
      );
      await make(engine, ["maximaU16", row, 0, 1, 16, maxima]);
      assert.equal(engine.view(Int32Array, maxima, 1)[0], 0x0707);
    }));
}

Deno.test("the calls that are written down are those of the kernels as they are, in their sources and compiled", async () => {
  const text = await kernelCallsText();
  assert.equal(await Deno.readTextFile(kernelCallsFile), text, "run `deno task build`");
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  const kernels = instantiate(await kernelModule(), memory);
  const written = new Map(
    Array.from(text.matchAll(/readonly \[\n\s+kernel: (.*),\n((?:\s+\w+: \w+,\n)*)\];/g)).flatMap(
      ([, names, numbers]) =>
        names.split(" | ").map((name) => [JSON.parse(name), numbers.trim().split("\n").length]),
    ),
  );
  const compiled = Object.entries(kernels).filter(([, kernel]) => typeof kernel === "function")
    .map(([name, { length }]) => [name, length]);
  assert.ok(compiled.length > 40);
  assert.deepEqual(Object.fromEntries(written), Object.fromEntries(compiled));
});
