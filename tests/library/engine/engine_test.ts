/** The engine: memory limits, failures of threads, and calls dealt out to them. */

import assert from "node:assert/strict";
import { type Address, at, nowhere } from "../../../library/engine/address.ts";
import { Engine } from "../../../library/engine/engine.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import type { MaximaCall } from "../../../library/engine/kernel_calls.ts";
import type { KernelCall } from "../../../library/engine/kernels.ts";
import { rowCalls } from "../../../library/engine/row_calls.ts";
import { BadParameter, OutOfResources } from "../../../library/scan/errors.ts";

Deno.test("memory beyond the limit is refused with what would be needed, and released memory is used again", () =>
  withEngine({ workers: 1, memory: 300 * 2 ** 20 }, (engine) => {
    const mark = engine.mark();
    const first = engine.allocate(40 * 2 ** 20);
    assert.throws(() => engine.allocate(20 * 2 ** 20), (error: OutOfResources) => {
      assert.ok(error instanceof OutOfResources);
      assert.match(error.details.remedy!, /`memory` to 3\d\dM/);
      return true;
    });
    engine.release(mark);
    assert.equal(engine.allocate(40 * 2 ** 20), first);
    return Promise.resolve();
  }));

for (const workers of [1, 2]) {
  Deno.test(`a kernel that traps fails the run with its reason, with ${workers} workers, and the next run works`, () =>
    withEngine({ workers }, async (engine) => {
      const counts = engine.allocate(64), maxima = engine.allocate(64);
      const outside: KernelCall = ["maximaU16", 2 ** 31 as Address, 0, 1, 8, maxima];
      await assert.rejects(engine.run([outside]), /out of bounds/);
      engine.view(Uint16Array, counts, 8).set([3, 9, 4]);
      await engine.run([["maximaU16", counts, 0, 1, 8, maxima]]);
      assert.equal(engine.view(Int32Array, maxima, 1)[0], 9);
    }));
}

Deno.test("memory taken while the threads run is there for all of them at once", async () => {
  for (let round = 0; round < 10; round++) {
    await withEngine({ workers: 3 }, async (engine) => {
      for (let step = 0; step < 40; step++) {
        const count = 2 ** 19, counts = engine.allocate(2 * count), maxima = engine.allocate(64);
        engine.view(Uint16Array, counts, count)[count - 1] = 1 + step;
        const call: KernelCall = ["maximaU16", counts, 0, 1, count, maxima];
        await engine.run([call, call, call]);
        assert.equal(engine.view(Int32Array, maxima, 1)[0], 1 + step);
      }
    });
  }
});

Deno.test("every call is made exactly once, however many threads share them", async () => {
  for (const workers of [1, 2, 5]) {
    await withEngine({ workers }, async (engine) => {
      const calls = 200, pixels = 8;
      const ones = engine.place(new Float32Array(pixels).fill(1));
      const sums = engine.allocate(8 * pixels * calls);
      engine.view(Float64Array, sums, pixels * calls).fill(0);
      const terms = engine.allocate(16);
      engine.view(Uint32Array, terms, 2).set([ones, 0]);
      engine.view(Float64Array, terms, 2)[1] = 1;
      await engine.run(Array.from({ length: calls }, (_, i): KernelCall => [
        "accumulateF32",
        terms,
        1,
        pixels,
        0,
        pixels,
        at(sums, 8 * pixels * i),
      ]));
      assert.ok(
        engine.view(Float64Array, sums, pixels * calls).every((sum) => sum === 1),
        `${workers} workers`,
      );
    });
  }
});

Deno.test("calls cover each row and column once, in even steps, for any number of threads", () => {
  for (const [rows, columns, threads] of [[1, 1, 1], [1, 512, 2], [7, 5, 3], [40, 33, 8], [0, 9, 2]]) {
    const covered = new Uint8Array(rows * columns);
    const calls = rowCalls(3, rows, columns, threads, (row, from, to) => [
      "maximaU16",
      nowhere,
      from,
      to,
      row,
      nowhere,
    ]) as MaximaCall[];
    for (const [, , from, to, row] of calls) {
      assert.ok(from % 2 === 0 && from < to && to <= columns);
      for (let column = from; column < to; column++) covered[(row - 3) * columns + column]++;
    }
    assert.ok(covered.every((times) => times === 1), `${rows} x ${columns}, ${threads} threads`);
  }
});

Deno.test("limits that cannot be are refused", async () => {
  for (const options of [{ workers: 0 }, { workers: 257 }, { memory: NaN }, { memory: 2 ** 20 }]) {
    await assert.rejects(Engine.create(options), BadParameter);
  }
});
