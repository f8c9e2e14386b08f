/** The compiled kernels still hold the SIMD instructions they were written for, and nothing they must not. */

import assert from "node:assert/strict";
import { decodeInstructions } from "../support/wasm_instructions.ts";

const binary = Deno.readFileSync(new URL("../../build/kernels.wasm.bin", import.meta.url));
const kernels = decodeInstructions(binary), module = new WebAssembly.Module(binary);

/** For each exported kernel, instructions it must hold and how many times at least (itself and what it calls). */
const wanted: Record<string, Record<string, number>> = {
  similarityU8: { "i32x4.dot_i16x8_s": 10, "v128.load8x8_u": 7 },
  similarityU16: { "i32x4.dot_i16x8_s": 10, "v128.load": 7 },
  similarityWideU16: { "i32x4.extmul_low_i16x8_u": 10, "i64x2.add": 30 },
  similarityF32: { "f32x4.mul": 10, "f32x4.add": 10, "f64x2.promote_low_f32x4": 10 },
  blur: { "f32x4.mul": 8, "f32x4.add": 8, "v128.load32_splat": 2 },
  featuresU16: { "f32x4.convert_i32x4_s": 1, "v128.and": 1, "i32x4.dot_i16x8_s": 5 },
  fillU16: { "i16x8.min_u": 3, "i16x8.max_u": 3, "i16x8.avgr_u": 1 },
  fillF32: { "f32x4.pmin": 3, "f32x4.pmax": 3 },
  correlate: { "f32x4.mul": 10, "f32x4.add": 10 },
  filterU16: { "f32x4.mul": 8, "f32x4.convert_i32x4_s": 8, "v128.load32_splat": 1 },
  filterRuns: { "f32x4.mul": 8, "f32x4.add": 11, "v128.load32_splat": 1 },
  accumulateU8: { "i16x8.add": 7, "f64x2.convert_low_i32x4_s": 4 },
  accumulateU16: { "i32x4.add": 14, "f64x2.convert_low_i32x4_s": 4, "f64x2.mul": 8 },
  accumulateF32: { "f64x2.promote_low_f32x4": 8, "f64x2.mul": 8, "f64x2.add": 8 },
  wholeU16: { "f64x2.add": 4, "f64x2.mul": 2, "f32x4.pmax": 1 },
  binPatternsU8: { "i32x4.extadd_pairwise_i16x8_u": 2, "v128.load8x8_u": 2, "i16x8.narrow_i32x4_u": 1 },
  binPatternsU16: { "i32x4.extadd_pairwise_i16x8_u": 2, "f32x4.convert_i32x4_s": 2, "i8x16.shuffle": 4 },
  virtualU16: { "f64x2.mul": 2, "f64x2.add": 2 },
  sampledU16: { "i32x4.dot_i16x8_s": 16, "f32x4.mul": 10, "f32x4.add": 15, "v128.load32_splat": 8 },
  sampledF32: { "f32x4.mul": 20, "f32x4.add": 18 },
  sketchU16: {
    ...{ "f32x4.mul": 8, "f32x4.add": 8, "v128.load32_splat": 4 },
    ...{ "i16x8.add_sat_u": 3, "i32x4.dot_i16x8_s": 8 },
  },
  sketchAdjoint: { "f32x4.mul": 8, "f32x4.add": 8, "v128.load32_splat": 4 },
  matchPatterns: {
    ...{ "i32x4.dot_i16x8_s": 9, "i32x4.add": 9, "f64x2.mul": 5 },
    ...{
      "i8x16.add": 9,
      "i16x8.extend_low_i8x16_u": 3,
      "i16x8.add_sat_u": 6,
      "i8x16.avgr_u": 3,
      "f32x4.mul": 4,
    },
  },
  peaksU16: {
    "f32x4.mul": 40,
    "f32x4.add": 50,
    "f32x4.convert_i32x4_s": 2,
    "i8x16.shuffle": 8,
  },
  placeDisksU16: { "f32x4.mul": 25, "f32x4.add": 17, "f32x4.convert_i32x4_s": 1 },
  beamsU16: { "f32x4.mul": 9, "f32x4.add": 8, "f32x4.convert_i32x4_s": 1, "v128.load32_splat": 2 },
  latticesU16: { "f32x4.mul": 12, "f32x4.add": 10 },
  maximaU16: { "i16x8.max_u": 1 },
  maximaU8: { "i8x16.max_u": 1 },
  maximaF32: { "f32x4.sub": 1, "f32x4.ne": 1, "f32x4.pmax": 4 },
  arrangeFrames: {
    "i8x16.shuffle": 8,
    "i8x16.min_u": 1,
    "f32x4.convert_i32x4_s": 7,
    "f32x4.demote_f64x2_zero": 1,
  },
  unpackWords: { "i8x16.shuffle": 12, "i8x16.min_u": 8, "i32x4.extend_high_i16x8_u": 2 },
  packHdf5: { "i8x16.shuffle": 24, "i16x8.shr_u": 12, "v128.any_true": 1 },
  packBlosc: { "i8x16.shuffle": 24, "i16x8.shr_u": 12, "v128.any_true": 1 },
  unpackBitshuffleLz4: { "i8x16.shuffle": 24, "i16x8.shr_u": 12, "i8x16.swizzle": 1, "v128.any_true": 1 },
  unpackZstandard: { "i8x16.swizzle": 1, "v128.load": 5 },
};

for (const [kernel, instructions] of Object.entries(wanted)) {
  Deno.test(`${kernel} holds its SIMD instructions`, () => {
    const found = kernels.reachable(kernel);
    for (const [instruction, count] of Object.entries(instructions)) {
      assert.ok(
        (found.get(instruction) ?? 0) >= count,
        `${instruction}: ${found.get(instruction) ?? 0} of ${count}`,
      );
    }
  });
}

Deno.test("no kernel holds a relaxed SIMD instruction, whose result may differ between machines", () => {
  assert.deepEqual(kernels.relaxed, []);
});

Deno.test("no kernel converts unsigned integers to floats, which takes eight instructions of the processor", () => {
  for (const { name, kind } of WebAssembly.Module.exports(module)) {
    if (kind === "function") assert.equal(kernels.reachable(name).get("f32x4.convert_i32x4_u") ?? 0, 0, name);
  }
});

Deno.test("the module keeps no state: it imports its memory and has no mutable global that a kernel writes", () => {
  assert.deepEqual(WebAssembly.Module.imports(module).map(({ name, kind }) => `${kind} ${name}`), [
    "memory memory",
  ]);
  for (const { name } of WebAssembly.Module.exports(module)) {
    if (name === "memory") continue;
    assert.equal(kernels.reachable(name).get("global.set") ?? 0, 0, name);
  }
});
